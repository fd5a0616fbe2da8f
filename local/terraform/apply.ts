import { AwsError } from '../aws-error';
import type { Attributes, ResourceType } from '../service';
import type { Configuration } from './configuration';
import { ConfigurationError } from './configuration-error';
import { type Scope, evaluate } from './evaluate';
import { ExpressionError } from './expression';
import { type Vertex, plan } from './plan';
import { checkArguments, unknownArguments, withoutNulls } from './schema';
import type { Stack } from './stack';
import { type TerraformObject, asObject } from './values';

/** What runs each type. */
export interface Types {
  readonly types: Readonly<Record<string, ResourceType>>;
  /** `terraform_remote_state` needs none. */
  readonly dataSources: Readonly<Record<string, ResourceType>>;
}

/** A resource or data source that was made. */
export interface AppliedResource {
  /** `stack/aws_sqs_queue.name` or `stack/data.archive_file.name` */
  readonly address: string;
  readonly stack: string;
  readonly mode: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
  /** Arguments, those that the schema defaults, and what was computed. */
  readonly attributes: Attributes;
}

/** What a configuration became. */
export interface AppliedState {
  /** Resources and data sources, in the order they were made. */
  readonly resources: readonly AppliedResource[];
  /** Output values by stack and name. */
  readonly outputs: Readonly<Record<string, TerraformObject>>;
  /** The resource or data source of an address. */
  get(address: string): AppliedResource | undefined;
}

/** Values by address; of a node, its attributes. */
type Values = Map<string, unknown>;

/**
 * Makes every resource and data source of all stacks, each after what it depends on.
 *
 * @throws ConfigurationError before anything is made, with all that is wrong with types, expressions, references, order
 *   and arguments that need no resource; later, with what is wrong with one resource
 */
export async function applyConfiguration(configuration: Configuration, types: Types): Promise<AppliedState> {
  const { vertices, problems } = plan(configuration);
  const found = [...problems, ...vertices.flatMap((vertex) => unknownType(vertex, types))];
  if (found.length === 0) found.push(...prematureProblems(vertices, types));
  if (found.length > 0) throw new ConfigurationError(found);

  const values: Values = new Map();
  const resources = new Map<string, AppliedResource>();
  for (const vertex of vertices) {
    const { node } = vertex;
    const value = node && !vertex.remote ? await make(vertex, values, types) : inert(vertex, values);
    values.set(vertex.address, value);
    if (node) {
      const { address, mode, type, name } = node;
      resources.set(address, { address, stack: vertex.stack.name, mode, type, name, attributes: asObject(value) });
    }
  }
  return {
    resources: [...resources.values()],
    outputs: Object.fromEntries(configuration.stacks.map((stack) => [stack.name, outputsOf(stack, values)])),
    get: (address) => resources.get(address),
  };
}

function typeOf({ node, remote }: Vertex, { types, dataSources }: Types): ResourceType | undefined {
  if (!node || remote) return undefined;
  const table = node.mode === 'data' ? dataSources : types;
  return Object.hasOwn(table, node.type) ? table[node.type] : undefined;
}

function unknownType(vertex: Vertex, types: Types): string[] {
  const { node } = vertex;
  if (!node || node.type === 'terraform_remote_state' || typeOf(vertex, types)) return [];
  return [
    `${node.address}: the local runtime does not run ${node.mode === 'data' ? 'the data source ' : ''}${node.type}`,
  ];
}

/** What can be told about arguments before any resource is made: all of those that refer to none, names of the others. */
function prematureProblems(vertices: readonly Vertex[], types: Types): string[] {
  const values: Values = new Map();
  return vertices.flatMap((vertex) => {
    const type = typeOf(vertex, types);
    const known = vertex.references.every((address) => values.has(address) || address.includes('/var.'));
    if (!known)
      return type ? unknownArguments(type, vertex.node!.config).map((line) => `${vertex.address}: ${line}`) : [];
    const { result, problems } = resolveParts(vertex, values);
    if (problems.length > 0) return problems;
    if (!vertex.node) values.set(vertex.address, result['']);
    const checked = type && checkArguments(type, withoutNulls(result));
    return checked && 'problems' in checked ? checked.problems.map((line) => `${vertex.address}: ${line}`) : [];
  });
}

/** The value of what makes nothing: a local, an output, a remote state. */
function inert(vertex: Vertex, values: Values): unknown {
  const { result, problems } = resolveParts(vertex, values);
  if (problems.length > 0) throw new ConfigurationError(problems);
  if (!vertex.remote) return result[''];
  return { ...result, outputs: outputsOf(vertex.remote, values) };
}

function outputsOf(stack: Stack, values: Values): TerraformObject {
  return Object.fromEntries(
    Object.keys(stack.outputs).map((name) => [name, values.get(`${stack.name}/output.${name}`)]),
  );
}

async function make(vertex: Vertex, values: Values, types: Types): Promise<Attributes> {
  const { address, node, stack } = vertex;
  const type = typeOf(vertex, types)!;
  const { result, problems } = resolveParts(vertex, values);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const given = asObject(withoutNulls(result));
  const checked = checkArguments(type, given);
  if ('problems' in checked) throw new ConfigurationError(checked.problems.map((line) => `${address}: ${line}`));
  try {
    const computed = await type.create({
      address,
      stack: stack.name,
      type: node!.type,
      name: node!.name,
      arguments: checked.arguments,
      defaultTags: stack.defaultTags,
    });
    return { ...asObject(checked.arguments), ...given, ...computed };
  } catch (error) {
    throw new ConfigurationError([`${address}: ${reason(error)}`], { cause: error });
  }
}

function reason(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Evaluates every argument and puts down what is wrong with each. */
function resolveParts(vertex: Vertex, values: Values): { result: Record<string, unknown>; problems: string[] } {
  const scope = scopeOf(vertex.stack, values);
  const problems: string[] = [];
  const entries = vertex.parts.map(({ name, expression }): [string, unknown] => {
    try {
      return [name, evaluate(expression, scope)];
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push(`${vertex.address}: ${name ? `${name}: ` : ''}${error.message}`);
      return [name, null];
    }
  });
  return { result: Object.fromEntries(entries), problems };
}

function scopeOf(stack: Stack, values: Values): Scope {
  return {
    directory: stack.directory,
    resolve: (target) => {
      if (target === 'terraform.workspace') return 'default';
      if (target.startsWith('path.')) return stack.directory;
      if (target.startsWith('var.')) return stack.variables[target.slice('var.'.length)];
      return values.get(`${stack.name}/${target}`);
    },
  };
}
