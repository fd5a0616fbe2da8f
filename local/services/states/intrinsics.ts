import { createHash } from 'node:crypto';
import type { Random } from '../../random';
import { type Documents, type Path, demand, parsePath } from './path';
import { StateError } from './state-error';

/** An argument or a whole expression: a path, a literal, or a call. */
export type Expression =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'call'; readonly name: keyof typeof functions; readonly given: readonly Expression[] };

const token =
  /\s*(?:([A-Z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+)\s*\(|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)(?=[\s,)]|$)|(true|false|null)(?=[\s,)]|$)|(\$(?:[^,()\s'"]|\[\s*(?:'[^']*'|"[^"]*")\s*\])*))\s*/y;

/**
 * Reads a path or an intrinsic function, as stands in members whose name ends in `.$`.
 *
 * @throws Error for what is neither, or a function that there is not
 */
export function parseExpression(text: string): Expression {
  if (text.startsWith('$')) return { kind: 'path', path: parsePath(text) };
  const { expression, end } = parseAt(text, 0);
  if (end !== text.length || expression.kind !== 'call') {
    throw new Error(`${JSON.stringify(text)} is neither a path nor an intrinsic function`);
  }
  return expression;
}

function parseAt(text: string, start: number): { expression: Expression; end: number } {
  token.lastIndex = start;
  const match = token.exec(text);
  if (!match) throw new Error(`${JSON.stringify(text)} cannot be read from ${JSON.stringify(text.slice(start))}`);
  const [, name, quoted, number, word, path] = match;
  let end = token.lastIndex;
  if (path !== undefined) return { expression: { kind: 'path', path: parsePath(path) }, end };
  if (name === undefined) {
    const value =
      quoted === undefined
        ? (JSON.parse(number ?? word!) as number | boolean | null)
        : quoted.replaceAll(/\\([^{}])/g, '$1');
    return { expression: { kind: 'literal', value }, end };
  }
  if (!(name in functions))
    throw new Error(`${name} is no intrinsic function that is modelled here: ${Object.keys(functions).join(', ')} are`);
  const given: Expression[] = [];
  while (text[end] !== ')') {
    const argument = parseAt(text, end);
    given.push(argument.expression);
    end = argument.end;
    if (text[end] === ',') end++;
    else if (text[end] !== ')')
      throw new Error(`${JSON.stringify(text)}: expected , or ) at ${JSON.stringify(text.slice(end))}`);
  }
  const after = /\s*/y;
  after.lastIndex = end + 1;
  after.exec(text);
  return { expression: { kind: 'call', name: name as keyof typeof functions, given }, end: after.lastIndex };
}

/** @throws StateError `States.ParameterPathFailure`, `States.IntrinsicFailure` */
export function evaluate(expression: Expression, documents: Documents, random: Random): unknown {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'path') return demand(expression.path, documents);
  const given = expression.given.map((argument) => evaluate(argument, documents, random));
  try {
    return functions[expression.name](given, random);
  } catch (error) {
    throw new StateError('States.IntrinsicFailure', `${expression.name}: ${(error as Error).message}`);
  }
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function integer(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`expected a number, got ${JSON.stringify(value)}`);
  return Math.round(value);
}

function array(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error(`expected an array, got ${JSON.stringify(value)}`);
  return value;
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`expected a string, got ${JSON.stringify(value)}`);
  return value;
}

function range(first: number, last: number, by: number): number[] {
  if (by === 0) throw new Error('the step must not be 0');
  const length = Math.max(0, Math.floor((last - first) / by) + 1);
  if (length > 1000) throw new Error('more than 1000 elements');
  return Array.from({ length }, (_, index) => first + index * by);
}

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Source: Step Functions Developer Guide, "Intrinsic functions for JSONPath states". */
const functions = {
  'States.Array': (given: unknown[]) => given,
  'States.ArrayContains': ([list, wanted]: unknown[]) =>
    array(list).some((value) => JSON.stringify(value) === JSON.stringify(wanted)),
  'States.ArrayGetItem': ([list, index]: unknown[]) => {
    const found = array(list)[integer(index)];
    if (found === undefined) throw new Error(`there is no element ${String(index)}`);
    return found;
  },
  'States.ArrayLength': ([list]: unknown[]) => array(list).length,
  'States.ArrayPartition': ([list, size]: unknown[]) => {
    const every = integer(size);
    if (every < 1) throw new Error('the size must be positive');
    return range(0, Math.ceil(array(list).length / every) - 1, 1).map((part) =>
      array(list).slice(part * every, (part + 1) * every),
    );
  },
  'States.ArrayRange': ([first, last, by]: unknown[]) => range(integer(first), integer(last), integer(by)),
  'States.ArrayUnique': ([list]: unknown[]) => [
    ...new Map(array(list).map((value) => [JSON.stringify(value), value])).values(),
  ],
  'States.Base64Decode': ([text]: unknown[]) => Buffer.from(string(text), 'base64').toString('utf8'),
  'States.Base64Encode': ([text]: unknown[]) => Buffer.from(string(text), 'utf8').toString('base64'),
  'States.Format': ([template, ...values]: unknown[]) => {
    const rest = [...values];
    const text = string(template).replaceAll(/\\([{}])|\{\}/g, (_, escaped?: string) => {
      if (escaped) return escaped;
      if (rest.length === 0) throw new Error('more {} than arguments');
      return shown(rest.shift());
    });
    if (rest.length > 0) throw new Error('more arguments than {}');
    return text;
  },
  'States.Hash': ([data, algorithm]: unknown[]) => {
    const name = hashes[string(algorithm)];
    if (!name) throw new Error(`no algorithm ${String(algorithm)}: ${Object.keys(hashes).join(', ')}`);
    return createHash(name).update(shown(data)).digest('hex');
  },
  'States.JsonMerge': ([one, two, deep]: unknown[]) => {
    if (deep !== false) throw new Error('only a shallow merge (false) is supported');
    return { ...(one as object), ...(two as object) };
  },
  'States.JsonToString': ([value]: unknown[]) => JSON.stringify(value),
  'States.MathAdd': ([one, two]: unknown[]) => integer(one) + integer(two),
  'States.MathRandom': ([from, to]: unknown[], random: Random) =>
    integer(from) + random.integer(integer(to) - integer(from)),
  'States.StringSplit': ([text, separators]: unknown[]) =>
    string(text)
      .split(new RegExp(`[${string(separators).replaceAll(/[\]\\^-]/g, String.raw`\$&`)}]`))
      .filter(Boolean),
  'States.StringToJson': ([text]: unknown[]) => JSON.parse(string(text)) as unknown,
  'States.UUID': (_: unknown[], random: Random) => random.uuid(),
};
