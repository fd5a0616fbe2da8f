/** Values of the condition keys of one request, by key in lower case; undefined for a key that the request lacks. */
export type Keys = (key: string) => readonly string[] | undefined;

/** Whether a value of a request fits a value of a policy; the keys fill in policy variables. */
export type Matcher = (value: string, keys: Keys) => boolean;

/**
 * How a string of a policy is read.
 *
 * - `exact`: `*` and `?` stand for themselves
 * - `wildcard`: `*` is any text, `:` and `/` included; `?` any one character
 * - `arn`: as `wildcard`, yet within one of the six parts of an ARN
 */
export type PatternStyle = 'exact' | 'wildcard' | 'arn';

const tokens = /\$\{[^}]*\}|[*?:]|[^*?:$]+|\$/g;

/** Names of the policy variables in a string, in lower case. */
export function variables(text: string): string[] {
  return (text.match(/\$\{[^}]*\}/g) ?? [])
    .filter((token) => !/^\$\{[*?$]\}$/.test(token))
    .map((token) => variable(token).key);
}

/**
 * Compiles a string of a policy, once per document.
 *
 * Policy variables (`${aws:PrincipalArn}`, `${aws:SourceAccount, 'none'}`, and `${*}`, `${?}`, `${$}` for the characters) are
 * filled in per request; where one has not exactly one value and no default, nothing matches.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compilePattern(text: string, style: PatternStyle, ignoreCase = false): Matcher {
  const fold = ignoreCase ? (value: string) => value.toLowerCase() : (value: string) => value;
  if (variables(text).length > 0) {
    return (value, keys) => {
      const source = regexSource(text, style, keys);
      return source !== undefined && new RegExp(source, ignoreCase ? 'is' : 's').test(value);
    };
  }
  if (style !== 'exact' && text === '*') return () => true;
  if (!text.includes('$') && (style === 'exact' || !/[*?]/.test(text))) {
    const wanted = fold(text);
    return (value) => fold(value) === wanted;
  }
  const pattern = new RegExp(
    regexSource(text, style, () => undefined)!,
    ignoreCase ? 'is' : 's',
  );
  return (value) => pattern.test(value);
}

function regexSource(text: string, style: PatternStyle, keys: Keys): string | undefined {
  let colons = 0;
  let source = '';
  for (const token of text.match(tokens) ?? []) {
    const any = style === 'arn' && colons < 5 ? '[^:]' : '.';
    if (token === ':') colons++;
    if (style !== 'exact' && token === '*') source += `${any}*`;
    else if (style !== 'exact' && token === '?') source += any;
    else if (token.startsWith('${')) {
      const value = valueOf(token, keys);
      if (value === undefined) return undefined;
      source += escape(value);
    } else source += escape(token);
  }
  return `^${source}$`;
}

function valueOf(token: string, keys: Keys): string | undefined {
  if (/^\$\{[*?$]\}$/.test(token)) return token[2];
  const { key, fallback } = variable(token);
  const values = keys(key) ?? [];
  return values.length === 1 ? values[0] : fallback;
}

function variable(token: string): { key: string; fallback: string | undefined } {
  const [, key, fallback] = /^\$\{\s*([^,}]*?)\s*(?:,\s*'([^']*)'\s*)?\}$/.exec(token) ?? [];
  return { key: (key ?? token).toLowerCase(), fallback };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
