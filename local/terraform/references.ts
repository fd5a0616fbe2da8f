import { type Expression, ExpressionError } from './expression';

/** A reference split into what it refers to and the way to the value in it. */
export interface Reference {
  /** Address in the stack: `aws_sqs_queue.orders`, `data.archive_file.zip`, `local.x`, `var.x`, `path.module`. */
  readonly target: string;
  /** Attribute names and indexes after the target. */
  readonly steps: readonly Expression[];
}

/** Roots that only mean something in blocks that the loader refuses. */
const refusedRoots: Readonly<Record<string, string>> = {
  count: 'count',
  each: 'for_each',
  self: 'provisioners',
  module: 'modules',
  ephemeral: 'ephemeral resources',
};

/**
 * Splits a reference.
 *
 * @throws ExpressionError for one that names no resource, data source, local value or variable
 */
export function splitReference({ root, steps }: Extract<Expression, { kind: 'reference' }>): Reference {
  const refused = Object.hasOwn(refusedRoots, root) ? refusedRoots[root] : undefined;
  if (refused) throw new ExpressionError(`${root} refers to ${refused}, which are not supported`);
  const length = root === 'data' ? 2 : 1;
  const names = steps.slice(0, length).map((step) => (step.kind === 'literal' ? step.value : undefined));
  if (names.length < length || names.some((name) => typeof name !== 'string')) {
    throw new ExpressionError(
      steps.length === 0 && length === 1
        ? `${root} is not a reference: write type.name.attribute`
        : `the reference ${root}... must name a ${root === 'data' ? 'type and a name' : 'name'}`,
    );
  }
  return { target: [root, ...names].join('.'), steps: steps.slice(length) };
}

/** An expression and every expression in it, in the order of the text. */
export function expressionsIn(expression: Expression): Expression[] {
  return [expression, ...childrenOf(expression).flatMap(expressionsIn)];
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'template':
      return expression.parts;
    case 'list':
      return expression.items;
    case 'object':
      return expression.entries.flat();
    case 'call':
      return expression.arguments;
    case 'access':
      return [expression.of, ...expression.steps];
    default:
      return expression.steps;
  }
}
