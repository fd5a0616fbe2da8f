import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { ExpressionError } from './expression';
import { asList, asNumber, asObject, asString, byBytes, encodeJson, isObject, typeName } from './values';

/** A function of the Terraform language. */
interface TerraformFunction {
  /** Least and largest number of arguments. */
  readonly arity: readonly [number, number];
  /** Gets the directory that relative paths start from, too. */
  readonly run: (values: readonly unknown[], directory: string) => unknown;
}

const hash = (algorithm: string, data: string | Buffer, encoding: 'hex' | 'base64') =>
  createHash(algorithm).update(data).digest(encoding);

/** A function of texts alone. */
function ofTexts(count: number, run: (...texts: string[]) => unknown): TerraformFunction {
  return { arity: [count, count], run: (values) => run(...values.map(asString)) };
}

/** A function of one value of any type. */
function ofOne(run: (value: unknown) => unknown): TerraformFunction {
  return { arity: [1, 1], run: ([value]) => run(value) };
}

/** A function of any number of values. */
function ofMany(run: (values: readonly unknown[]) => unknown): TerraformFunction {
  return { arity: [0, Number.POSITIVE_INFINITY], run: (values) => run(values) };
}

/** A function of what a file holds. */
function ofFile(run: (content: Buffer) => unknown): TerraformFunction {
  return {
    arity: [1, 1],
    run: ([path], directory) => {
      const file = resolve(directory, asString(path));
      let content: Buffer;
      try {
        content = readFileSync(file);
      } catch (error) {
        throw new ExpressionError(`cannot read ${file}`, { cause: error });
      }
      return run(content);
    },
  };
}

/** The functions that synthesized configurations plausibly call; results are Terraform's. */
const functions: Readonly<Record<string, TerraformFunction>> = {
  abspath: { arity: [1, 1], run: ([path], directory) => resolve(directory, asString(path)) },
  base64decode: ofTexts(1, (text) => Buffer.from(text, 'base64').toString()),
  base64encode: ofTexts(1, (text) => Buffer.from(text).toString('base64')),
  base64sha256: ofTexts(1, (text) => hash('sha256', text, 'base64')),
  basename: ofTexts(1, (path) => basename(path)),
  coalesce: ofMany(coalesce),
  concat: ofMany((lists) => lists.flatMap(asList)),
  dirname: ofTexts(1, (path) => dirname(path)),
  element: { arity: [2, 2], run: ([list, index]) => element(asList(list), asNumber(index)) },
  file: ofFile((content) => content.toString()),
  filebase64sha256: ofFile((content) => hash('sha256', content, 'base64')),
  filemd5: ofFile((content) => hash('md5', content, 'hex')),
  filesha1: ofFile((content) => hash('sha1', content, 'hex')),
  filesha256: ofFile((content) => hash('sha256', content, 'hex')),
  format: { arity: [1, Number.POSITIVE_INFINITY], run: ([text, ...values]) => format(asString(text), values) },
  join: { arity: [2, 2], run: ([separator, list]) => asList(list).map(asString).join(asString(separator)) },
  jsondecode: ofTexts(1, decodeJson),
  jsonencode: ofOne(encodeJson),
  keys: ofOne((value) => Object.keys(asObject(value)).sort(byBytes)),
  length: ofOne(length),
  lookup: { arity: [2, 3], run: ([map, key, ...fallback]) => lookup(asObject(map), asString(key), fallback) },
  lower: ofTexts(1, (text) => byCharacter(text, (character) => character.toLowerCase())),
  md5: ofTexts(1, (text) => hash('md5', text, 'hex')),
  merge: ofMany((maps) => Object.fromEntries(maps.flatMap((map) => Object.entries(asObject(map))))),
  replace: ofTexts(3, (text, search, replacement) => replace(text, search, replacement)),
  sha1: ofTexts(1, (text) => hash('sha1', text, 'hex')),
  sha256: ofTexts(1, (text) => hash('sha256', text, 'hex')),
  sha512: ofTexts(1, (text) => hash('sha512', text, 'hex')),
  split: ofTexts(2, (separator, text) => text.split(separator)),
  tolist: ofOne((value) => [...asList(value)]),
  tomap: ofOne((value) => asObject(value)),
  tonumber: ofOne(asNumber),
  toset: ofOne((value) => [...new Set(asList(value).map(asString))].sort(byBytes)),
  tostring: ofOne((value) => (value === null ? null : asString(value))),
  trimspace: ofTexts(1, (text) => text.trim()),
  upper: ofTexts(1, (text) => byCharacter(text, (character) => character.toUpperCase())),
  values: ofOne((value) =>
    Object.keys(asObject(value))
      .sort(byBytes)
      .map((key) => asObject(value)[key]),
  ),
};

/** Whether a function of that name can be called. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(functions, name);
}

/**
 * Calls a function of the Terraform language.
 *
 * @param directory that relative paths start from
 * @see https://developer.hashicorp.com/terraform/language/functions
 * @throws ExpressionError for an unknown function and for arguments that do not fit, naming the function
 */
export function callFunction(name: string, values: readonly unknown[], directory: string): unknown {
  if (!isFunction(name)) throw new ExpressionError(`the function ${name} is not supported`);
  const { arity, run } = functions[name]!;
  if (values.length < arity[0] || values.length > arity[1]) {
    throw new ExpressionError(`${name}: got ${values.length} arguments, takes ${[...new Set(arity)].join(' to ')}`);
  }
  try {
    return run(values, directory);
  } catch (error) {
    if (error instanceof ExpressionError) throw new ExpressionError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Changes case as Go does: one character becomes one character, so `ß` has no upper case. */
function byCharacter(text: string, change: (character: string) => string): string {
  return Array.from(text, (character) => {
    const changed = change(character);
    return Array.from(changed).length === 1 ? changed : character;
  }).join('');
}

function coalesce(values: readonly unknown[]): unknown {
  const found = values.find((value) => value !== null && value !== '');
  if (found === undefined) throw new ExpressionError('every argument is null or empty');
  return found;
}

function element(list: readonly unknown[], index: number): unknown {
  if (list.length === 0) throw new ExpressionError('the list is empty');
  if (index < 0) throw new ExpressionError('the index is negative');
  return list[index % list.length];
}

function length(value: unknown): number {
  if (typeof value === 'string') return [...new Intl.Segmenter().segment(value)].length;
  if (Array.isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw new ExpressionError(`expected a string, a list or a map, got ${typeName(value)}`);
}

function lookup(map: Readonly<Record<string, unknown>>, key: string, fallback: readonly unknown[]): unknown {
  if (Object.hasOwn(map, key)) return map[key];
  if (fallback.length > 0) return fallback[0];
  throw new ExpressionError(`no key ${JSON.stringify(key)}; there are ${Object.keys(map).join(', ') || 'none'}`);
}

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExpressionError(`not JSON: ${String(error)}`, { cause: error });
  }
}

function replace(text: string, search: string, replacement: string): string {
  if (/^\/.*\/$/s.test(search) && search.length > 1)
    throw new ExpressionError('regular expressions (/.../) are not supported');
  return text.replaceAll(search, () => replacement);
}

function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  const formatted = text.replaceAll(/%(.?)/gs, (directive, verb: string) => {
    if (verb === '%') return '%';
    if (!['s', 'd', 'v'].includes(verb))
      throw new ExpressionError(`the verb ${directive} is not supported; %s, %d, %v are`);
    if (next >= values.length) throw new ExpressionError(`no argument for the ${directive} number ${next + 1}`);
    const value = values[next++];
    if (verb === 's') return asString(value);
    if (verb === 'd') return asString(Math.trunc(asNumber(value)));
    return typeof value === 'string' ? value : encodeJson(value);
  });
  if (next < values.length) throw new ExpressionError(`${values.length} arguments for ${next} verbs`);
  return formatted;
}
