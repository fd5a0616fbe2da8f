/** An expression of the Terraform language, or a JSON value with templates in it, parsed. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'reference'; readonly root: string; readonly steps: readonly Expression[] }
  | { readonly kind: 'access'; readonly of: Expression; readonly steps: readonly Expression[] };

/** An expression that cannot be parsed or evaluated; the message is one line, without an address. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const operator = /==|!=|<=|>=|&&|\|\||<<|\.\.\.|::|[-+*/%<>!?]/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Position in the text that is parsed. */
interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * Parses a string of Terraform JSON, in which `${}` interpolates and `$${` and `%%{` stand for `${` and `%{`.
 * A string that is one interpolation and nothing else keeps the type of the value.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 * @throws ExpressionError for what Terraform refuses and for what is not supported here
 */
export function parseTemplate(text: string): Expression {
  return template({ text, at: 0 }, false);
}

/** Literals and interpolations up to the end or, if quoted, the closing quote. */
function template(cursor: Cursor, quoted: boolean): Expression {
  const { text } = cursor;
  const parts: Expression[] = [];
  let literal = '';
  for (;;) {
    const rest = text.slice(cursor.at, cursor.at + 3);
    if (rest === '') {
      if (quoted) fail(cursor, 'a quoted string has no closing quote');
      break;
    }
    if (quoted && rest.startsWith('"')) {
      cursor.at++;
      break;
    }
    if (rest === '$${' || rest === '%%{') {
      literal += rest.slice(1);
      cursor.at += 3;
    } else if (rest.startsWith('${')) {
      if (literal) parts.push({ kind: 'literal', value: literal });
      literal = '';
      parts.push(interpolation(cursor));
    } else if (rest.startsWith('%{')) {
      fail(
        cursor,
        'template directives (%{ if }, %{ for }) are not supported; write %%{ for the characters themselves',
      );
    } else if (quoted && /^[\r\n]/.test(rest)) {
      fail(cursor, 'a quoted string runs over the end of a line; write \\n');
    } else {
      literal += quoted && rest.startsWith('\\') ? escape(cursor) : text[cursor.at++];
    }
  }
  if (parts.length === 0) return { kind: 'literal', value: literal };
  if (literal) parts.push({ kind: 'literal', value: literal });
  return parts.length === 1 ? parts[0]! : { kind: 'template', parts };
}

function interpolation(cursor: Cursor): Expression {
  cursor.at += 2;
  if (cursor.text[cursor.at] === '~') fail(cursor, 'whitespace stripping (${~ ~}) is not supported');
  const value = expression(cursor);
  expect(cursor, '}');
  return value;
}

/** A backslash sequence of a quoted string. */
function escape(cursor: Cursor): string {
  const code = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y;
  code.lastIndex = cursor.at;
  const found = code.exec(cursor.text);
  if (found) {
    cursor.at += found[0].length;
    return String.fromCodePoint(Number.parseInt((found[1] ?? found[2])!, 16));
  }
  const character = escapes[cursor.text[cursor.at + 1] ?? ''];
  if (character === undefined) fail(cursor, `unknown escape sequence ${cursor.text.slice(cursor.at, cursor.at + 2)}`);
  cursor.at += 2;
  return character;
}

function expression(cursor: Cursor): Expression {
  const value = withSteps(cursor, term(cursor));
  skipSpace(cursor);
  const found = match(cursor, operator);
  if (found === '...') fail(cursor, 'argument expansion (...) is not supported');
  if (found === '?') fail(cursor, 'conditional expressions (? :) are not supported');
  if (found) fail(cursor, `the operator ${found} is not supported`);
  return value;
}

function term(cursor: Cursor): Expression {
  skipSpace(cursor);
  const character = cursor.text[cursor.at];
  if (character === '"') {
    cursor.at++;
    return template(cursor, true);
  }
  if (character === '(') {
    cursor.at++;
    const value = expression(cursor);
    expect(cursor, ')');
    return value;
  }
  if (character === '[') return list(cursor);
  if (character === '{') return object(cursor);
  const digits = match(cursor, number);
  if (digits) {
    cursor.at += digits.length;
    return { kind: 'literal', value: Number(digits) };
  }
  const name = match(cursor, identifier);
  if (!name) {
    const found = match(cursor, operator);
    if (found === '<<') fail(cursor, 'heredoc strings (<<) are not supported');
    fail(cursor, found ? `the operator ${found} is not supported` : `expected a value but found ${at(cursor)}`);
  }
  cursor.at += name.length;
  return named(cursor, name);
}

/** What an identifier begins: a constant, a function call or a reference. */
function named(cursor: Cursor, name: string): Expression {
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
  if (name === 'null') return { kind: 'literal', value: null };
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== '(') return { kind: 'reference', root: name, steps: [] };
  return { kind: 'call', name, arguments: sequence(cursor, ')', expression) };
}

function list(cursor: Cursor): Expression {
  refuseFor(cursor);
  return { kind: 'list', items: sequence(cursor, ']', expression) };
}

function object(cursor: Cursor): Expression {
  refuseFor(cursor);
  return { kind: 'object', entries: sequence(cursor, '}', entry) };
}

function refuseFor(cursor: Cursor): void {
  const comprehension = /[[{]\s*for\s/y;
  comprehension.lastIndex = cursor.at;
  if (comprehension.test(cursor.text)) fail(cursor, 'for expressions are not supported');
}

function entry(cursor: Cursor): readonly [Expression, Expression] {
  skipSpace(cursor);
  const name = match(cursor, identifier);
  let key: Expression;
  if (name) {
    cursor.at += name.length;
    key = { kind: 'literal', value: name };
  } else {
    key = term(cursor);
  }
  skipSpace(cursor);
  if (cursor.text[cursor.at] === ':') cursor.at++;
  else expect(cursor, '=');
  return [key, expression(cursor)];
}

/** Comma-separated items after an opening bracket, a trailing comma allowed. */
function sequence<T>(cursor: Cursor, close: string, item: (cursor: Cursor) => T): T[] {
  const items: T[] = [];
  cursor.at++;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] === close) break;
    items.push(item(cursor));
    skipSpace(cursor);
    if (cursor.text[cursor.at] === close) break;
    expect(cursor, ',', `, or ${close}`);
  }
  cursor.at++;
  return items;
}

/** Adds `.name`, `.0` and `[key]` to what stands before them. */
function withSteps(cursor: Cursor, of: Expression): Expression {
  const steps: Expression[] = [];
  const { text } = cursor;
  for (;;) {
    skipSpace(cursor);
    if (text[cursor.at] === '[') {
      cursor.at++;
      skipSpace(cursor);
      if (text[cursor.at] === '*') fail(cursor, 'splat expressions ([*]) are not supported');
      steps.push(expression(cursor));
      expect(cursor, ']');
    } else if (text[cursor.at] === '.' && text[cursor.at + 1] !== '.') {
      cursor.at++;
      if (text[cursor.at] === '*') fail(cursor, 'splat expressions (.*) are not supported');
      const name = match(cursor, identifier);
      const index = name ?? match(cursor, /\d+/y);
      if (index === undefined) fail(cursor, `expected an attribute's name but found ${at(cursor)}`);
      cursor.at += index.length;
      steps.push({ kind: 'literal', value: name ?? Number(index) });
    } else {
      break;
    }
  }
  if (of.kind === 'reference') return { ...of, steps: [...of.steps, ...steps] };
  return steps.length > 0 ? { kind: 'access', of, steps } : of;
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at++;
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text)?.[0];
}

function expect(cursor: Cursor, token: string, wanted = token): void {
  skipSpace(cursor);
  if (!cursor.text.startsWith(token, cursor.at)) fail(cursor, `expected ${wanted} but found ${at(cursor)}`);
  cursor.at += token.length;
}

function at(cursor: Cursor): string {
  return cursor.text[cursor.at] ?? 'the end';
}

function fail(cursor: Cursor, message: string): never {
  const begin = Math.max(0, cursor.at - 40);
  const excerpt = cursor.text.slice(begin, cursor.at + 20);
  const more = [begin > 0 ? '...' : '', cursor.at + 20 < cursor.text.length ? '...' : ''];
  throw new ExpressionError(
    `${message}, at character ${cursor.at + 1}: ${more[0]}${JSON.stringify(excerpt).slice(1, -1)}${more[1]}`,
  );
}
