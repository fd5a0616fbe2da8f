const step = /\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/**
 * Reads a value by the part of JSONPath that names one place: `$.order.items[0]['unit price']`.
 *
 * @returns undefined where there is nothing
 * @throws Error for wildcards, slices, filters and recursive descent
 */
export function jsonPath(document: unknown, path: string): unknown {
  if (!path.startsWith('$')) throw new Error(`JSONPath '${path}' does not begin with $`);
  let value = document;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const at = step.lastIndex;
    const match = step.exec(path);
    if (!match) {
      throw new Error(
        `JSONPath '${path}' is not modelled from '${path.slice(at)}' on: use .name, ['name'] and [0], and #foreach for lists`,
      );
    }
    value = member(value, match[1] ?? match[3] ?? match[4] ?? Number(match[2]));
  }
  return value;
}

function member(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
