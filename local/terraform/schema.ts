import type { z } from 'zod';
import type { ResourceType } from '../service';
import { isObject } from './values';

type Issue = z.core.$ZodIssue;

const unknownArgument = ': the local runtime does not model this argument';

/** Arguments as their type's schema gives them, or one line for each thing wrong with them. */
export type Checked = { readonly arguments: unknown } | { readonly problems: readonly string[] };

/** Checks resolved arguments against the schema of their type. */
export function checkArguments(type: ResourceType, values: unknown): Checked {
  try {
    const result = type.arguments.safeParse(values);
    if (result.success) return { arguments: result.data };
    return { problems: result.error.issues.flatMap((issue) => describe(issue, [], values)) };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

/**
 * The arguments that no value could make acceptable, for values that are not resolved yet.
 *
 * @returns one line for each argument that the type does not have
 */
export function unknownArguments(type: ResourceType, values: unknown): string[] {
  const checked = checkArguments(type, values);
  const lines = 'problems' in checked ? checked.problems : [];
  return lines.filter((line) => line.endsWith(unknownArgument) && !line.includes('${'));
}

/** The members of a value that are not null: in Terraform, null stands for an argument that is not given. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(given.map(([key, member]) => [key, withoutNulls(member)]));
}

function describe(issue: Issue, prefix: readonly PropertyKey[], values: unknown): string[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${pathText([...path, key])}${unknownArgument}`);
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((least, branch) => (branch.length < least.length ? branch : least));
    return closest.flatMap((inner) => describe(inner, path, values));
  }
  const name = pathText(path);
  const value = valueAt(values, path);
  const message = issue.message.replace(/^Invalid (input|option): /, '');
  const missing = value === undefined && issue.code !== 'custom' && isObject(valueAt(values, path.slice(0, -1)));
  if (missing) return [`${name}: missing: ${message.replace(', received undefined', '')}`];
  const got = value === undefined || typeof value === 'object' ? '' : ` (got ${shortened(JSON.stringify(value))})`;
  return [name ? `${name}: ${message}${got}` : message];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text ? `${text}.${String(step)}` : String(step);
  }, '');
}

/** A block that stands in a list of one is at the path of the block. */
function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value: unknown, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? value[step] : valueAt(value[0], [step]);
    return isObject(value) ? value[String(step)] : undefined;
  }, values);
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
