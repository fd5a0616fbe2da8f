import { type Expression, ExpressionError, parseTemplate } from './expression';
import { callFunction } from './functions';
import { type Reference, splitReference } from './references';
import { asString, isObject, typeName } from './values';

/** What an expression is evaluated in. */
export interface Scope {
  /** The stack's directory, which relative paths start from. */
  readonly directory: string;
  /**
   * The value a reference's target stands for.
   *
   * @throws ExpressionError if there is none
   */
  resolve(target: string): unknown;
}

/** An expression that cannot be parsed and where in a JSON value it stands. */
export interface Misparse {
  readonly path: string;
  readonly message: string;
}

/**
 * Parses every string of a JSON value, keys of objects too, as a template.
 *
 * @param path of the value in its block, such as `redrive_policy`
 * @param misparses takes what cannot be parsed; it counts as null in the result
 */
export function parseValue(value: unknown, path: string, misparses: Misparse[]): Expression {
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item, index) => parseValue(item, `${path}[${index}]`, misparses)) };
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, inside]) => {
      const inner = path ? `${path}.${key}` : key;
      return [parseValue(key, inner, misparses), parseValue(inside, inner, misparses)] as const;
    });
    return { kind: 'object', entries };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'literal', value };
  if (typeof value !== 'string') return { kind: 'literal', value: null };
  try {
    return parseTemplate(value);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    misparses.push({ path, message: error.message });
    return { kind: 'literal', value: null };
  }
}

/**
 * Computes an expression's value.
 *
 * @throws ExpressionError with what was wrong
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return expression.parts.map((part) => interpolate(part, scope)).join('');
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [asString(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'call':
      return callFunction(
        expression.name,
        expression.arguments.map((argument) => evaluate(argument, scope)),
        scope.directory,
      );
    case 'access':
      return follow(evaluate(expression.of, scope), 'the value', expression.steps, scope, false);
    default:
      return dereference(splitReference(expression), scope);
  }
}

function interpolate(part: Expression, scope: Scope): string {
  const value = evaluate(part, scope);
  if (typeof value === 'object') {
    const name = part.kind === 'reference' ? `${splitReference(part).target}... is` : 'got';
    throw new ExpressionError(`only strings, numbers and bools can stand inside a string; ${name} ${typeName(value)}`);
  }
  return asString(value);
}

function dereference({ target, steps }: Reference, scope: Scope): unknown {
  return follow(scope.resolve(target), target, steps, scope, !/^(local|var)\./.test(target));
}

/**
 * Goes from a value along attribute names and indexes.
 *
 * @param blocks whether the value holds nested blocks: one that JSON writes as an object is a list of one to whoever
 *   refers to it
 */
function follow(value: unknown, name: string, steps: readonly Expression[], scope: Scope, blocks: boolean): unknown {
  let reached = value;
  let way = name;
  for (const step of steps) {
    const key = evaluate(step, scope);
    if (blocks && key === 0 && isObject(reached)) continue;
    reached = member(reached, key, way);
    way += typeof key === 'number' ? `[${key}]` : `.${asString(key)}`;
  }
  return reached;
}

function member(value: unknown, key: unknown, way: string): unknown {
  if (isObject(value)) {
    const name = asString(key);
    if (Object.hasOwn(value, name) && value[name] !== undefined) return value[name];
    const present = Object.keys(value)
      .filter((other) => value[other] !== undefined)
      .sort();
    throw new ExpressionError(`${way} has no attribute ${name}; it has ${present.join(', ') || 'none'}`);
  }
  if (Array.isArray(value)) {
    if (typeof key !== 'number')
      throw new ExpressionError(`${way} is a list and has no attribute ${asString(key)}; write an index`);
    if (key in value) return value[key];
    throw new ExpressionError(`${way} has no index ${key}; its length is ${value.length}`);
  }
  throw new ExpressionError(`${way} is ${typeName(value)} and has no attribute ${asString(key)}`);
}
