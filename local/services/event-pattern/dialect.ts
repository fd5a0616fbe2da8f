import { InvalidEventPatternException } from './invalid';

/**
 * Who evaluates the pattern: a rule or archive of a bus, the filter of a pipe, or that of a Lambda event source
 * mapping. They share the language, but not all of its operators.
 */
export type Dialect = 'bus' | 'pipes' | 'lambda';

const services: Record<Dialect, string> = {
  bus: 'EventBridge',
  pipes: 'EventBridge Pipes',
  lambda: 'Lambda event filtering',
};

const withoutNestedAnythingBut = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].map(
  (operator) => `anything-but with ${operator}`,
);

/**
 * Operators that a dialect lacks.
 *
 * Sources: EventBridge user guide, eb-create-pattern-operators (column "Pipe support") and its note that wildcards work in
 * event bus rules only; Lambda developer guide, invocation-eventfiltering (table of filter rules).
 */
const unsupported: Record<Dialect, ReadonlySet<string>> = {
  bus: new Set(),
  pipes: new Set(['wildcard', ...withoutNestedAnythingBut]),
  lambda: new Set([
    'wildcard',
    'cidr',
    'prefix with equals-ignore-case',
    'suffix with equals-ignore-case',
    ...withoutNestedAnythingBut,
  ]),
};

/** @throws InvalidEventPatternException if the dialect lacks the operator */
export function requireOperator(dialect: Dialect, operator: string): void {
  if (unsupported[dialect].has(operator)) {
    throw new InvalidEventPatternException(
      `${services[dialect]} does not support ${operator}; it works in rules of an event bus only`,
    );
  }
}
