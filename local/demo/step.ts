import type { Local } from '../index';
import type { Hop } from '../timeline';

/** Hops that must come. */
export interface Sign {
  /** Whether a hop is one of them. */
  matches(hop: Hop): boolean;
  /** @default 1 */
  readonly count?: number;
}

/** Something done to the local system, and what must come of it. */
export interface Step {
  /** One line that says what is shown. */
  readonly title: string;
  /** What is sent, as a person would write it. */
  readonly input: string;
  /**
   * Does it.
   *
   * @returns the answer, for a person
   * @throws Error if the answer is another than it must be
   */
  act(local: Local): Promise<string>;
  /** How its way ends, for a person, and the hops that show it. */
  readonly end: { readonly what: string; readonly hops: readonly Sign[] };
  /** Items written on the way. @default not counted */
  readonly writes?: number;
}

/** A write of an item to the table of this name, without project and environment. */
export const writtenTo = (hop: Hop, table: string) =>
  hop.service === 'dynamodb' && hop.outcome === 'ok' && hop.resource.endsWith(`-${table}`);

/** An event that no rule wants. */
export const unmatched = (hop: Hop) => hop.service === 'events' && hop.outcome === 'filtered';

/** The text on one line. */
export const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
