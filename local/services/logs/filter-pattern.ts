import { AwsError } from '../../aws-error';

/** Whether a message fits. */
export type Filter = (message: string) => boolean;

function refused(pattern: string, why: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid filter pattern ${pattern}: ${why}`);
}

/** Terms: all must occur, one of those with `?` if there are any, none of those with `-`. Quotes join words. */
function terms(pattern: string): Filter {
  const parts = pattern.match(/[-?]?(?:"(?:[^"\\]|\\.)*"|[^\s"]+)/g) ?? [];
  if (parts.join('').length !== pattern.replaceAll(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, '').length)
    throw refused(pattern, 'a quote is not closed');
  const required: string[] = [];
  const optional: string[] = [];
  const excluded: string[] = [];
  for (const part of parts) {
    const mark = /^[-?]/.exec(part)?.[0];
    const bare = mark ? part.slice(1) : part;
    const isQuoted = bare.startsWith('"');
    if (!isQuoted && /\W/.test(bare))
      throw refused(pattern, `${bare} has other characters than letters, digits and _: put it in quotes`);
    const list = mark === '-' ? excluded : mark === '?' ? optional : required;
    list.push(isQuoted ? bare.slice(1, -1).replaceAll(/\\(.)/g, '$1') : bare);
  }
  return (message) =>
    required.every((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term))) &&
    !excluded.some((term) => message.includes(term));
}

type Test = (document: unknown) => boolean;

const comparison =
  /^\s*\$((?:\.[\w-]+|\[\d+\])+)\s*(?:(=|!=|>=|<=|>|<)\s*("(?:[^"\\]|\\.)*"|[^\s"()&|]+)|(IS\s+(?:NULL|TRUE|FALSE)|(?:NOT\s+)?EXISTS))\s*$/;

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const [, member, index] of path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[member ?? index!];
  }
  return value;
}

const orders: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

/** Equality: numbers by value, texts with `*` for any characters. */
function equals(expected: string): (value: unknown) => boolean {
  const text = expected.startsWith('"') ? expected.slice(1, -1).replaceAll(/\\(.)/g, '$1') : expected;
  const number = expected.startsWith('"') ? Number.NaN : Number(expected);
  const parts = text.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const like = new RegExp(`^${parts.join('.*')}$`, 's');
  return (value) => (typeof value === 'number' ? value === number : typeof value === 'string' && like.test(value));
}

function compileComparison(pattern: string, text: string): Test {
  const [, path, operator, expected, state] = comparison.exec(text) ?? [];
  if (!path)
    throw refused(
      pattern,
      `the local runtime takes comparisons such as $.level = "ERROR", joined by && and ||, and not ${text.trim()}`,
    );
  const at = (document: unknown) => valueAt(document, path);
  if (state) {
    const words = state.replaceAll(/\s+/g, ' ');
    if (words === 'EXISTS') return (document) => at(document) !== undefined;
    if (words === 'NOT EXISTS') return (document) => at(document) === undefined;
    const wanted = { 'IS NULL': null, 'IS TRUE': true, 'IS FALSE': false }[words];
    return (document) => at(document) === wanted;
  }
  const order = orders[operator!];
  if (order) {
    const limit = Number(expected);
    if (Number.isNaN(limit)) throw refused(pattern, `${operator} compares numbers, ${expected} is none`);
    return (document) => typeof at(document) === 'number' && order(at(document) as number, limit);
  }
  const same = equals(expected!);
  if (operator === '=') return (document) => same(at(document));
  return (document) => at(document) !== undefined && !same(at(document));
}

/** Splits at an operator that stands outside of quotes. */
function splitAt(text: string, operator: '&&' | '||'): string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|&&|\|\||[^"&|]+|./gs)) {
    if (token === operator) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function jsonFilter(pattern: string): Filter {
  const alternatives = splitAt(pattern.slice(1, -1), '||').map((alternative) =>
    splitAt(alternative, '&&').map((text) => compileComparison(pattern, text)),
  );
  return (message) => {
    if (!message.trimStart().startsWith('{')) return false;
    try {
      const document: unknown = JSON.parse(message);
      return alternatives.some((tests) => tests.every((test) => test(document)));
    } catch {
      return false;
    }
  };
}

/**
 * Compiles a filter pattern: terms (`ERROR "timed out" -retry ?a ?b`) or comparisons of a JSON event
 * (`{ $.level = "ERROR" && $.duration > 100 }`).
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws AwsError `InvalidParameterException`, for what is not modelled too
 */
export function compileFilter(pattern: string): Filter {
  const trimmed = pattern.trim();
  if (trimmed === '') return () => true;
  if (trimmed.startsWith('[')) throw refused(trimmed, 'patterns of space-delimited fields are not modelled');
  if (trimmed.startsWith('%')) throw refused(trimmed, 'regular expressions are not modelled');
  if (!trimmed.startsWith('{')) return terms(trimmed);
  if (!trimmed.endsWith('}')) throw refused(trimmed, 'it has no closing }');
  return jsonFilter(trimmed);
}
