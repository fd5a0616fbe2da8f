import { cidr, sameAddress } from './address';
import { type Dialect, requireOperator } from './dialect';
import { InvalidEventPatternException } from './invalid';
import { numeric, requireComparable } from './number';
import { wildcard } from './wildcard';

/** Decides on one leaf of an event: a string, a number, true, false or null. */
export type Test = (leaf: unknown) => boolean;

/** What a field of a pattern accepts. */
export interface Condition {
  /** Any of these makes a leaf fit. */
  readonly tests: readonly Test[];
  /** Whether it also fits that there is no leaf: `{"exists": false}`. */
  readonly absent: boolean;
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requireString(value: unknown, message: string): string {
  if (typeof value !== 'string') throw new InvalidEventPatternException(message);
  return value;
}

function equalsIgnoreCase(operand: unknown): Test {
  const folded = requireString(operand, 'equals-ignore-case match pattern must be a string').toLowerCase();
  return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === folded;
}

const has = {
  prefix: (text: string, part: string) => text.startsWith(part),
  suffix: (text: string, part: string) => text.endsWith(part),
};

function affix(name: 'prefix' | 'suffix', operand: unknown, dialect: Dialect): Test {
  const matches = has[name];
  if (!isMembers(operand)) {
    const part = requireString(operand, `${name} match pattern must be a string`);
    return (leaf) => typeof leaf === 'string' && matches(leaf, part);
  }
  const [inner, ...more] = Object.keys(operand);
  if (inner === undefined) {
    throw new InvalidEventPatternException(`${name === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`);
  }
  if (inner !== 'equals-ignore-case') throw new InvalidEventPatternException(`Unsupported ${name} pattern: ${inner}`);
  const folded = requireString(operand[inner], 'equals-ignore-case match pattern must be a string').toLowerCase();
  if (more.length > 0) throw new InvalidEventPatternException('Only one key allowed in match expression');
  requireOperator(dialect, `${name} with equals-ignore-case`);
  return (leaf) => typeof leaf === 'string' && matches(leaf.toLowerCase(), folded);
}

const nestedInAnythingBut: Record<string, (operand: unknown) => Test> = {
  prefix: (operand) => affixOfAnythingBut('prefix', operand),
  suffix: (operand) => affixOfAnythingBut('suffix', operand),
  wildcard,
  'equals-ignore-case': (operand) =>
    equalsIgnoreCase(
      requireString(
        operand,
        'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
      ),
    ),
};

function affixOfAnythingBut(name: 'prefix' | 'suffix', operand: unknown): Test {
  const part = requireString(operand, 'prefix/suffix match pattern must be a string');
  if (part === '') throw new InvalidEventPatternException('Null prefix/suffix not allowed');
  return affix(name, part, 'bus');
}

function anythingButValues(operand: unknown): Test {
  if (!Array.isArray(operand) && typeof operand !== 'string' && typeof operand !== 'number') {
    throw new InvalidEventPatternException('Value of anything-but must be an array or single string/number value.');
  }
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  for (const value of values) {
    if (typeof value === 'number') requireComparable(value);
    else requireString(value, 'Inside anything but list, start|null|boolean is not supported.');
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    throw new InvalidEventPatternException(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return (leaf) => values.includes(leaf);
}

function anythingBut(operand: unknown, dialect: Dialect): Test {
  if (!isMembers(operand)) {
    const excluded = anythingButValues(operand);
    return (leaf) => !excluded(leaf);
  }
  const [name, ...more] = Object.keys(operand);
  if (name === undefined) throw new InvalidEventPatternException('Anything-But expression name not found');
  if (!Object.hasOwn(nestedInAnythingBut, name)) {
    throw new InvalidEventPatternException(`Unsupported anything-but pattern: ${name}`);
  }
  const values: unknown[] = Array.isArray(operand[name]) ? operand[name] : [operand[name]];
  if (values.length === 0) throw new InvalidEventPatternException('Empty arrays are not allowed');
  const excluded = values.map((value) => nestedInAnythingBut[name]!(value));
  if (more.length > 0) throw new InvalidEventPatternException('Too many elements in numeric expression');
  requireOperator(dialect, `anything-but with ${name}`);
  return (leaf) => !excluded.some((test) => test(leaf));
}

function exists(operand: unknown): boolean {
  if (typeof operand !== 'boolean') {
    throw new InvalidEventPatternException('exists match pattern must be either true or false.');
  }
  return operand;
}

const operators: Record<string, (operand: unknown, dialect: Dialect) => Test> = {
  exactly: (operand) => exactly(requireString(operand, 'exact match pattern must be a string')),
  prefix: (operand, dialect) => affix('prefix', operand, dialect),
  suffix: (operand, dialect) => affix('suffix', operand, dialect),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists: (operand) => (exists(operand) ? () => true : () => false),
};

function expression(members: Members, dialect: Dialect): Test {
  const [name, ...more] = Object.keys(members);
  if (name === undefined) throw new InvalidEventPatternException('Match expression name not found');
  if (!Object.hasOwn(operators, name)) throw new InvalidEventPatternException(`Unrecognized match type ${name}`);
  const test = operators[name]!(members[name], dialect);
  if (more.length > 0) {
    const counted = name === 'numeric' || name === 'anything-but';
    throw new InvalidEventPatternException(
      counted ? 'Too many elements in numeric expression' : 'Only one key allowed in match expression',
    );
  }
  requireOperator(dialect, name);
  return test;
}

function exactly(expected: unknown): Test {
  if (Array.isArray(expected)) {
    throw new InvalidEventPatternException('Match value must be String, number, true, false, or null');
  }
  return (typeof expected === 'string' && sameAddress(expected)) || ((leaf) => leaf === expected);
}

/**
 * Compiles the list of a field: exact values and match expressions, any of which may fit.
 *
 * @throws InvalidEventPatternException
 */
export function condition(list: readonly unknown[], dialect: Dialect): Condition {
  if (list.length === 0) throw new InvalidEventPatternException('Empty arrays are not allowed');
  return {
    tests: list.map((item) => (isMembers(item) ? expression(item, dialect) : exactly(item))),
    absent: list.some((item) => isMembers(item) && item['exists'] === false),
  };
}
