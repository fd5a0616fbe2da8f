import type * as z from 'zod/mini';

/**
 * What is wrong with a value, in one line: each member that does not fit and what it should be, never what it is.
 *
 * @param whole name for the value itself
 */
export function faultsOf({ issues }: Pick<z.core.$ZodError, 'issues'>, whole: string): string {
  const faults = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${[...issue.path, key].join('.')}: no such field`)
      : [`${issue.path.join('.') || whole}: ${issue.message}`],
  );
  return faults.join('; ');
}
