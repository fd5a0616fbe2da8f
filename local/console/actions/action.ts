import { z } from 'zod';
import { toAwsError } from '../../aws-error';
import type { GraphNode } from '../graph';
import type { Model } from '../model';
import type { Place } from '../places';

/** An action that cannot be done: the message is for the person at the page. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** What came of an action. */
export interface Answer {
  readonly text: string;
  /** Hop that it began with, if it left one. */
  readonly hop?: number;
}

/** An action of the page: it checks its input itself. */
export type Action = (model: Model, input: unknown) => Promise<Answer>;

/** Input of an action that needs only a node. */
export const nodeInput = z.strictObject({ node: z.string() });

/** @throws ActionError that names what is wrong */
export function check<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new ActionError(problems.join('; '));
}

/** A node of the map, and what runs there. @throws ActionError if there is none with the id */
export function nodeAt({ graph, places }: Model, id: string): { readonly node: GraphNode; readonly place: Place } {
  const node = graph.nodes.find((one) => one.id === id);
  if (!node) throw new ActionError(`There is no ${id}`);
  return { node, place: places.get(id)! };
}

/** A node in a message: `orders (table)`. */
export const described = ({ label, word }: GraphNode) => `${label} (${word})`;

/** @throws ActionError with the code and message of the error that the work ends with */
export async function awsErrors(work: Promise<any>): Promise<any> {
  try {
    return await work;
  } catch (error) {
    const { code, message } = toAwsError(error);
    throw new ActionError(`${code}: ${message}`, { cause: error });
  }
}
