/** What Velocity sees of a value: its Java type decides which methods there are. */
type Methods<T> = Readonly<Record<string, (value: T, ...parameters: never[]) => unknown>>;

const strings: Methods<string> = {
  charAt: (value, index: number) => value.charAt(index),
  concat: (value, other: string) => value + other,
  contains: (value, part: string) => value.includes(part),
  endsWith: (value, end: string) => value.endsWith(end),
  equals: (value, other: unknown) => value === other,
  equalsIgnoreCase: (value, other: string) => value.toLowerCase() === other.toLowerCase(),
  indexOf: (value, part: string) => value.indexOf(part),
  isEmpty: (value) => value === '',
  lastIndexOf: (value, part: string) => value.lastIndexOf(part),
  length: (value) => value.length,
  matches: (value, regex: string) => new RegExp(`^(?:${regex})$`, 'u').test(value),
  replace: (value, part: string, by: string) => value.split(part).join(by),
  replaceAll: (value, regex: string, by: string) => replaceRegex(value, new RegExp(regex, 'gu'), by),
  replaceFirst: (value, regex: string, by: string) => replaceRegex(value, new RegExp(regex, 'u'), by),
  split: (value, regex: string) => dropTrailingEmpty(value.split(new RegExp(regex, 'u'))),
  startsWith: (value, start: string) => value.startsWith(start),
  substring: (value, from: number, to = value.length) => substring(value, from, to),
  toLowerCase: (value) => value.toLowerCase(),
  toString: (value: string) => value,
  toUpperCase: (value) => value.toUpperCase(),
  trim: (value) => value.trim(),
};

const lists: Methods<unknown[]> = {
  add: (list, item: unknown) => list.push(item) > 0,
  contains: (list, item: unknown) => list.includes(item),
  get: (list, index: number) => list[index],
  isEmpty: (list) => list.length === 0,
  size: (list) => list.length,
  toString: (list: unknown[]) => text(list),
};

const maps: Methods<Record<string, unknown>> = {
  containsKey: (map, key: string) => Object.hasOwn(map, key),
  entrySet: (map) => Object.entries(map).map(([key, value]) => ({ key, value })),
  // API Gateway answers an empty text for a key that is not there, as the CORS templates of the AWS CDK rely on.
  get: (map, key: string) => (Object.hasOwn(map, key) ? map[key] : ''),
  isEmpty: (map) => Object.keys(map).length === 0,
  keySet: (map) => Object.keys(map),
  put: (map, key: string, value: unknown) => put(map, key, value),
  size: (map) => Object.keys(map).length,
  toString: (map: Record<string, unknown>) => text(map),
  values: (map) => Object.values(map),
};

const scalars: Methods<number | boolean> = {
  equals: (value, other: unknown) => value === other,
  toString: (value: number | boolean) => String(value),
};

/**
 * Calls a method on a value as Velocity does on the Java object.
 *
 * @throws Error for a method that is not modelled, or a value that has none
 */
export function callJava(value: unknown, method: string, parameters: readonly unknown[]): unknown {
  const methods = methodsOf(value);
  if (!Object.hasOwn(methods, method)) throw new Error(`.${method}() is not modelled on ${typeName(value)}`);
  return methods[method]!(value as never, ...(parameters as never[]));
}

function methodsOf(value: unknown): Methods<never> {
  if (typeof value === 'string') return strings;
  if (typeof value === 'number' || typeof value === 'boolean') return scalars;
  if (Array.isArray(value)) return lists;
  return maps;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

/** `$1` and `\$` in a replacement as in `java.util.regex.Matcher`. */
function replaceRegex(value: string, regex: RegExp, by: string): string {
  return value.replace(regex, (...groups: unknown[]) =>
    by.replace(
      /\\(.)|\$(\d)/gsu,
      (_, literal?: string, group?: string) => literal ?? text(groups[Number(group)] ?? ''),
    ),
  );
}

function substring(value: string, from: number, to: number): string {
  if (from < 0 || to > value.length || from > to)
    throw new Error(`substring(${from}, ${to}) of a text of ${value.length}`);
  return value.slice(from, to);
}

function dropTrailingEmpty(parts: string[]): string[] {
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

function put(map: Record<string, unknown>, key: string, value: unknown): unknown {
  const old = Object.hasOwn(map, key) ? map[key] : '';
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  return old;
}

/** A value as Java's `toString()` writes it: `{a=1, b=[2, 3]}`. */
export function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${text(item)}`)
    .join(', ')}}`;
}

/** Whether Velocity takes a value for true: anything but false and null, so also an empty text and 0. */
export function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** `==` of Velocity: numbers by value, values of two types by their text. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  return text(left) === text(right);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
};

/** Escapes as `StringEscapeUtils.escapeJavaScript` of Commons Lang 2 does: also `'`, which JSON does not know. */
export function escapeJavaScript(value: string): string {
  let escaped = '';
  for (let i = 0; i < value.length; i++) {
    const character = value[i]!;
    const code = value.charCodeAt(i);
    if (shortEscapes[character]) escaped += shortEscapes[character];
    else if (code < 0x20 || code > 0x7e) escaped += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    else escaped += character;
  }
  return escaped;
}
