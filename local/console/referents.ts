import type { Configuration } from '../terraform/configuration';
import { parseValue } from '../terraform/evaluate';
import { expressionsIn, splitReference } from '../terraform/references';
import { remoteStack } from '../terraform/remote-state';
import type { Stack } from '../terraform/stack';
import { isObject } from '../terraform/values';

/**
 * Addresses of the resources that a value refers to, in the order of the text: through local values, and through the
 * outputs of other stacks.
 *
 * @param value of an argument, its expressions not evaluated
 * @param stack that the value stands in
 */
export function referents(value: unknown, stack: Stack, configuration: Configuration): string[] {
  const found = expressionsIn(parseValue(value, '', [])).flatMap((expression) => {
    if (expression.kind !== 'reference') return [];
    const { target, steps } = splitReference(expression);
    if (target.startsWith('local.')) {
      return referents(stack.locals[target.slice('local.'.length)], stack, configuration);
    }
    const address = `${stack.name}/${target}`;
    const node = stack.nodes.find((other) => other.address === address);
    if (node?.type !== 'terraform_remote_state') return node ? [address] : [];
    const remote = remoteStack(configuration, node, stack.directory);
    const output = steps[1]?.kind === 'literal' ? String(steps[1].value) : '';
    return typeof remote === 'string' ? [] : referents(remote.outputs[output]?.value, remote, configuration);
  });
  return [...new Set(found)];
}

/**
 * The values at a path of arguments, through lists of blocks.
 *
 * @param path such as `target.dead_letter_config.arn`; `*` stands for any name
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  let values = [value];
  for (const step of path.split('.')) {
    values = values
      .flatMap((inner) => (Array.isArray(inner) ? inner : [inner]))
      .flatMap((inner) => (isObject(inner) ? (step === '*' ? Object.values(inner) : [inner[step]]) : []));
  }
  return values.filter((found) => found !== undefined);
}
