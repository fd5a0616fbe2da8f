import type { Configuration } from './configuration';
import { type Misparse, parseValue } from './evaluate';
import { type Expression, ExpressionError } from './expression';
import { isFunction } from './functions';
import { orderByDependency } from './graph';
import { type Reference, expressionsIn, splitReference } from './references';
import { remoteStack } from './remote-state';
import type { Node, Stack } from './stack';

/** An argument, or the value of a local or output, parsed. */
export interface Part {
  /** Name of the argument; empty for a local's or output's value. */
  readonly name: string;
  readonly expression: Expression;
}

/** Something that has a value: a resource, a data source, a local value or an output. */
export interface Vertex {
  /** `stack/aws_sqs_queue.name`, `stack/local.name`, `stack/output.name` */
  readonly address: string;
  readonly stack: Stack;
  /** The resource or data source; locals and outputs have none. */
  readonly node?: Node;
  readonly parts: readonly Part[];
  /** Addresses referred to by expressions. */
  readonly references: readonly string[];
  /** The stack whose outputs a `terraform_remote_state` reads. */
  readonly remote?: Stack;
}

/** Everything to evaluate, each after what it depends on. */
export interface Plan {
  readonly vertices: readonly Vertex[];
  readonly problems: readonly string[];
}

/** Targets of references that every stack has. */
export const builtIn = ['path.module', 'path.root', 'path.cwd', 'terraform.workspace'];

/**
 * Parses all expressions and orders what they are in, over all stacks.
 *
 * @returns with `problems`: unparsable expressions, references to nothing and cycles
 */
export function plan(configuration: Configuration): Plan {
  const problems: string[] = [];
  const vertices = new Map<string, Vertex>();
  const dependencies = new Map<string, readonly string[]>();
  for (const { declared, stack } of declaredIn(configuration)) {
    const problem = (message: string) => problems.push(`${declared.address}: ${message}`);
    const remote =
      declared.node?.type === 'terraform_remote_state'
        ? remoteStack(configuration, declared.node, stack.directory)
        : undefined;
    if (typeof remote === 'string') problem(remote);
    const vertex = link(declared, stack, typeof remote === 'object' ? remote : undefined, configuration, problem);
    vertices.set(vertex.address, vertex);
    const ordered = declared.dependsOn.map((target) => {
      if (!stack.nodes.some((node) => node.address === `${stack.name}/${target}`))
        problem(`depends_on: ${missing(stack, target)}`);
      return `${stack.name}/${target}`;
    });
    dependencies.set(vertex.address, [
      ...vertex.references,
      ...ordered,
      ...(vertex.remote ? addressesOf(vertex.remote) : []),
    ]);
  }
  const { order, cycles } = orderByDependency(dependencies);
  for (const cycle of cycles) problems.push(`Cycle of references: ${cycle.join(' -> ')}`);
  return { vertices: order.map((address) => vertices.get(address)!), problems };
}

/** Something that a stack declares, not yet parsed. */
interface Declaration {
  readonly address: string;
  readonly node?: Node;
  readonly values: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
}

/** All declarations; those first that others name without a reference: roles their permissions boundary, by an ARN made of its name. */
function declaredIn({ stacks }: Configuration): { declared: Declaration; stack: Stack }[] {
  const all = stacks.flatMap((stack) => declarations(stack).map((declared) => ({ declared, stack })));
  const isFirst = ({ declared: { node } }: { declared: Declaration }) => node?.type === 'aws_iam_policy';
  return [...all.filter(isFirst), ...all.filter((one) => !isFirst(one))];
}

function declarations(stack: Stack): Declaration[] {
  return [
    ...Object.entries(stack.locals).map(([name, value]) => ({
      address: `${stack.name}/local.${name}`,
      values: { '': value },
      dependsOn: [],
    })),
    ...stack.nodes.map((node) => ({ address: node.address, node, values: node.config, dependsOn: node.dependsOn })),
    ...Object.entries(stack.outputs).map(([name, { value, dependsOn }]) => ({
      address: `${stack.name}/output.${name}`,
      values: { '': value },
      dependsOn,
    })),
  ];
}

/** What must be there before a stack's state can be read: all of the stack, as when stacks are deployed one by one. */
function addressesOf(stack: Stack): string[] {
  return declarations(stack).map(({ address }) => address);
}

/** Parses a declaration and finds out what it refers to. */
function link(
  { address, node, values }: Declaration,
  stack: Stack,
  remote: Stack | undefined,
  configuration: Configuration,
  problem: (message: string) => void,
): Vertex {
  const references = new Set<string>();
  const parts = Object.entries(values).map(([name, value]): Part => {
    const misparses: Misparse[] = [];
    const expression = parseValue(value, name, misparses);
    for (const { path, message } of misparses) problem(path ? `${path}: ${message}` : message);
    const complaints = new Set<string>();
    for (const inner of expressionsIn(expression)) {
      if (inner.kind === 'call' && !isFunction(inner.name))
        complaints.add(`the function ${inner.name} is not supported`);
      if (inner.kind !== 'reference') continue;
      try {
        const reference = splitReference(inner);
        const complaint = check(reference, stack, configuration);
        if (complaint) complaints.add(complaint);
        else if (!builtIn.includes(reference.target)) references.add(`${stack.name}/${reference.target}`);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        complaints.add(error.message);
      }
    }
    for (const complaint of complaints) problem(name ? `${name}: ${complaint}` : complaint);
    return { name, expression };
  });
  return { address, stack, parts, references: [...references], ...(node && { node }), ...(remote && { remote }) };
}

/** What is wrong with a reference, as far as it can be told before anything is made. */
function check({ target, steps }: Reference, stack: Stack, configuration: Configuration): string | undefined {
  if (builtIn.includes(target)) return undefined;
  const [root, ...names] = target.split('.');
  const declared = { local: stack.locals, var: stack.variables }[root!];
  if (declared) return Object.hasOwn(declared, names[0]!) ? undefined : missing(stack, target);
  const node = stack.nodes.find(({ address }) => address === `${stack.name}/${target}`);
  if (!node) return missing(stack, target);
  const [outputs, output] = steps;
  if (node.type !== 'terraform_remote_state' || outputs?.kind !== 'literal' || outputs.value !== 'outputs')
    return undefined;
  const remote = remoteStack(configuration, node, stack.directory);
  if (typeof remote === 'string' || output?.kind !== 'literal' || Object.hasOwn(remote.outputs, String(output.value)))
    return undefined;
  const present = Object.keys(remote.outputs).join(', ') || 'none';
  return `${target} has no output ${String(output.value)}; the outputs of ${remote.name} are ${present}`;
}

function missing(stack: Stack, target: string): string {
  const kind = target.slice(0, target.lastIndexOf('.') + 1);
  const targets = [
    ...stack.nodes.map((node) => node.address.slice(stack.name.length + 1)),
    ...Object.keys(stack.locals).map((name) => `local.${name}`),
    ...Object.keys(stack.variables).map((name) => `var.${name}`),
    ...builtIn,
  ];
  const alike = targets.filter((other) => other.slice(0, other.lastIndexOf('.') + 1) === kind);
  return `there is no ${target} in ${stack.name}${alike.length > 0 ? `; there is ${alike.join(', ')}` : ''}`;
}
