import { type Documents, isReference, parsePath, read } from './path';
import { StateError } from './state-error';

/** A rule of a Choice state, compiled. */
export type Rule = (documents: Documents) => boolean;

type Compare = (order: number) => boolean;

const comparisons: Readonly<Record<string, Compare>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEquals: (order) => order >= 0,
};

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const moment = (value: unknown) => (typeof value === 'string' && timestamp.test(value) ? Date.parse(value) : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const flag = (value: unknown) => (typeof value === 'boolean' ? Number(value) : undefined);

/** How values of a type compare; undefined for a value of another type, with which nothing holds. */
const types: Readonly<Record<string, (value: unknown) => number | string | undefined>> = {
  String: text,
  Numeric: number,
  Timestamp: moment,
  Boolean: flag,
};

const tests: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => number(value) !== undefined,
  IsString: (value) => text(value) !== undefined,
  IsBoolean: (value) => flag(value) !== undefined,
  IsTimestamp: (value) => moment(value) !== undefined,
};

const operator =
  /^(String|Numeric|Timestamp|Boolean)(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)(Path)?$/;

/**
 * Compiles a rule, without its `Next`. Source: Amazon States Language, "Choice Rule".
 *
 * @throws Error for an operator or a path that there is not
 */
export function parseRule(rule: Readonly<Record<string, any>>): Rule {
  if (Array.isArray(rule.And)) return all(rule.And.map(parseRule));
  if (Array.isArray(rule.Or)) {
    const rules = rule.Or.map(parseRule);
    return (documents) => rules.some((one) => one(documents));
  }
  if (rule.Not) {
    const inner = parseRule(rule.Not as Record<string, unknown>);
    return (documents) => !inner(documents);
  }
  const { Variable, Next: _next, Comment: _comment, ...operators } = rule;
  const names = Object.keys(operators);
  if (names.length !== 1) throw new Error(`a rule has one comparison, got ${names.join(', ') || 'none'}`);
  const path = reference(Variable);
  const [name] = names as [string];
  if (name === 'IsPresent') return (documents) => (read(path, documents) !== undefined) === operators[name];
  const compare = comparison(name, operators[name]);
  return (documents) => {
    const value = read(path, documents);
    if (value === undefined)
      throw new StateError(
        'States.Runtime',
        `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
      );
    return compare(value, documents);
  };
}

function all(rules: readonly Rule[]): Rule {
  return (documents) => rules.every((rule) => rule(documents));
}

function comparison(name: string, wanted: unknown): (value: unknown, documents: Documents) => boolean {
  const test = tests[name];
  if (test) return (value) => test(value) === wanted;
  if (name === 'StringMatches') {
    const pattern = wildcards(String(wanted));
    return (value) => typeof value === 'string' && pattern.test(value);
  }
  const [, type, comparing, fromPath] = operator.exec(name) ?? [];
  if (!type || (type === 'Boolean' && comparing !== 'Equals')) throw new Error(`${name} is no comparison`);
  const typed = types[type]!;
  const holds = comparisons[comparing!]!;
  const other = fromPath ? reference(wanted) : undefined;
  if (!other && typed(wanted) === undefined) throw new Error(`${name} cannot compare with ${JSON.stringify(wanted)}`);
  return (value, documents) => {
    const left = typed(value);
    const right = typed(other ? read(other, documents) : wanted);
    if (left === undefined || right === undefined) return false;
    return holds(left < right ? -1 : left > right ? 1 : 0);
  };
}

function reference(path: unknown) {
  const parsed = parsePath(String(path));
  if (!isReference(parsed)) throw new Error(`${parsed.text} must name one place`);
  return parsed;
}

/** `*` stands for any text, `\*` for itself. */
function wildcards(pattern: string): RegExp {
  const parts = pattern.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? [];
  const source = parts.map((part) =>
    part === '*'
      ? '.*'
      : (part.length === 2 && part[0] === '\\' ? part[1]! : part).replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`),
  );
  return new RegExp(`^${source.join('')}$`, 's');
}
