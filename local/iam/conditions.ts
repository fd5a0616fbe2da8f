import { BlockList, isIP } from 'node:net';
import { type Keys, type Matcher, compilePattern, variables } from './pattern';

/** A compiled condition block: whether a request with these keys meets it. */
export type Condition = (keys: Keys) => boolean;

interface Operator {
  /** Compiles one value of the policy; throws for a value that the operator cannot take. */
  readonly compile: (value: string) => Matcher;
  /** True for the operators that hold if no value of the policy matches, a missing key included. */
  readonly negated: boolean;
}

type Compare = (left: number, right: number) => boolean;

const comparisons: Readonly<Record<string, Compare>> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThan: (left, right) => left > right,
  GreaterThanEquals: (left, right) => left >= right,
};

const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', (value) => compilePattern(value, 'exact')),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', (value) => compilePattern(value, 'exact', true)),
  ...pair('StringLike', 'StringNotLike', (value) => compilePattern(value, 'wildcard')),
  ...pair('ArnEquals', 'ArnNotEquals', arn),
  ...pair('ArnLike', 'ArnNotLike', arn),
  ...pair('IpAddress', 'NotIpAddress', address),
  ...ordered('Numeric', number),
  ...ordered('Date', time),
  ['Bool', { compile: boolean, negated: false }],
]);

function pair(positive: string, negative: string, compile: (value: string) => Matcher): [string, Operator][] {
  return [
    [positive, { compile, negated: false }],
    [negative, { compile, negated: true }],
  ];
}

function ordered(type: string, read: (value: string) => number): [string, Operator][] {
  const compile = (compare: Compare) => (value: string) => {
    const wanted = read(value);
    if (Number.isNaN(wanted)) throw new Error(`${value} is not a ${type === 'Date' ? 'date' : 'number'}`);
    return (actual: string) => compare(read(actual), wanted);
  };
  return [
    ...Object.entries(comparisons).map(([name, compare]): [string, Operator] => [
      type + name,
      { compile: compile(compare), negated: false },
    ]),
    [`${type}NotEquals`, { compile: compile(comparisons.Equals!), negated: true }],
  ];
}

function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** ISO 8601 or seconds since the epoch. */
function time(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  return /^\d{4}-\d{2}(-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2}))?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}

function boolean(text: string): Matcher {
  const wanted = text.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') throw new Error(`${text} is neither true nor false`);
  return (value) => value.toLowerCase() === wanted;
}

function arn(text: string): Matcher {
  if (variables(text).length === 0 && !/^(arn|\*)(:[^:]*){4}:/s.test(text)) {
    throw new Error(`${text} is not an ARN of six parts; the wildcard stands for one part`);
  }
  return compilePattern(text, 'arn');
}

function address(text: string): Matcher {
  const [network = '', prefix] = text.split('/');
  const version = isIP(network);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))) {
    throw new Error(`${text} is not an IP address or CIDR block`);
  }
  const list = new BlockList();
  list.addSubnet(network, prefix === undefined ? bits : Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
  return (value) => isIP(value) > 0 && list.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Compiles one operator of a Condition with its keys and values. Keys are combined by AND, the values of a key by OR (NOR for
 * negated operators). A key with several values in the request needs `ForAnyValue:` or `ForAllValues:` on AWS, which does not say
 * what a plain operator makes of it; here any of the values may match.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 *
 * @param name such as `StringLike`, `ArnEqualsIfExists`, `ForAllValues:StringEquals`
 * @throws Error for an unknown operator, or a value that it cannot take
 */
export function compileCondition(name: string, wanted: Readonly<Record<string, readonly string[]>>): Condition {
  const tests = Object.entries(wanted).map(([key, values]) => compileKey(name, key.toLowerCase(), values));
  return (keys) => tests.every((test) => test(keys));
}

function compileKey(name: string, key: string, wanted: readonly string[]): Condition {
  if (name === 'Null') {
    const matchers = wanted.map((value) => boolean(value));
    return (keys) => matchers.some((matches) => matches(String(present(keys(key)) === undefined), keys));
  }
  const [, set, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name) ?? [];
  const operator = operators.get(base ?? '');
  if (!operator) throw new Error(`the condition operator ${name} is not known`);
  const { negated } = operator;
  const matchers = wanted.map((value) => operator.compile(value));
  const absent = ifExists ? true : set ? set === 'ForAllValues' : negated;
  return (keys) => {
    const values = present(keys(key));
    if (!values) return absent;
    const matches = (value: string) => matchers.some((matcher) => matcher(value, keys));
    if (set === 'ForAllValues') return values.every((value) => matches(value) !== negated);
    if (set === 'ForAnyValue') return values.some((value) => matches(value) !== negated);
    return values.some(matches) !== negated;
  };
}

function present(values: readonly string[] | undefined): readonly string[] | undefined {
  return values && values.length > 0 ? values : undefined;
}
