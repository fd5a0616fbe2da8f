import { type TerraformObject, isObject } from './values';

/** A resource or data source as the configuration declares it, its expressions not yet parsed. */
export interface Node {
  /** `stack/aws_sqs_queue.name` or `stack/data.archive_file.name` */
  readonly address: string;
  readonly mode: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
  /** The arguments: without `//`, `depends_on`, `lifecycle` and `provider`. */
  readonly config: TerraformObject;
  /** Addresses in the same stack, as written. */
  readonly dependsOn: readonly string[];
}

/** An output value as the configuration declares it. */
export interface Output {
  readonly value: unknown;
  readonly dependsOn: readonly string[];
}

/** Where Terraform keeps a stack's state. */
export interface Backend {
  /** `s3`, `local`, `remote`, `cloud`, ... */
  readonly type: string;
  readonly config: TerraformObject;
}

/** One stack of a synthesized application. */
export interface Stack {
  readonly name: string;
  /** Absolute directory of its `cdk.tf.json`; relative paths in it start there. */
  readonly directory: string;
  /** Region of its AWS provider. */
  readonly region: string | undefined;
  /** What its AWS provider tags all resources with. */
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly backend: Backend | undefined;
  readonly nodes: readonly Node[];
  readonly outputs: Readonly<Record<string, Output>>;
  readonly locals: TerraformObject;
  /** Default values. */
  readonly variables: TerraformObject;
}

/** Top-level blocks that are read or, as `//`, without meaning. */
const blocks = new Set(['//', 'terraform', 'provider', 'resource', 'data', 'output', 'locals', 'variable']);
/** Meta-arguments that would make other resources of the block than the block itself. */
const refusedArguments = ['count', 'for_each', 'provisioner', 'connection', 'dynamic'];
/** Lifecycle settings that mean nothing when each resource is created once and never changed. */
const lifecycleSettings = new Set([
  'create_before_destroy',
  'prevent_destroy',
  'ignore_changes',
  'replace_triggered_by',
]);

/** Arguments of the AWS provider that are modelled, and those that are reported elsewhere. */
const providerArguments = new Set(['//', 'region', 'default_tags', 'alias']);
/** Source: Terraform's language documentation, "Version Constraints". */
const versionConstraint = /^\s*(?:=|!=|>=?|<=?|~>)?\s*\d+(?:\.\d+){0,2}(?:-[\w.]+)?\s*$/;

/** Puts down what is wrong with the block at an address. */
type Report = (address: string, message: string) => void;

/**
 * Reads a stack's `cdk.tf.json`.
 *
 * @param problems takes a line for each thing that is malformed or not run locally
 */
export function readStack(name: string, directory: string, document: TerraformObject, problems: string[]): Stack {
  const report: Report = (address, message) => problems.push(`${name}/${address}: ${message}`);
  for (const key of Object.keys(document)) {
    if (!blocks.has(key)) report(key, `the local runtime does not run ${key} blocks`);
  }
  const providers = readProviders(members(document.provider, 'provider', report), report);
  return {
    name,
    directory,
    region: providers.region,
    defaultTags: providers.defaultTags,
    backend: readBackend(single(document.terraform), report),
    nodes: [
      ...readNodes(name, 'data', members(document.data, 'data', report), providers.names, report),
      ...readNodes(name, 'resource', members(document.resource, 'resource', report), providers.names, report),
    ],
    outputs: readOutputs(members(document.output, 'output', report), report),
    locals: members(document.locals, 'locals', report),
    variables: readVariables(members(document.variable, 'variable', report), report),
  };
}

/** A block's members; a JSON configuration may also write a block as a list of one. */
function members(value: unknown, address: string, report: Report): TerraformObject {
  const block = single(value);
  if (isObject(block)) return block;
  if (block !== undefined) report(address, 'is not a JSON object');
  return {};
}

/** A block's body, which a JSON configuration may also write as a list of one. */
export function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function readProviders(
  providers: TerraformObject,
  report: Report,
): { names: string[]; region: string | undefined; defaultTags: Record<string, string> } {
  let region: string | undefined;
  let defaultTags: Record<string, string> = {};
  for (const [name, value] of Object.entries(providers)) {
    const configurations = Array.isArray(value) ? value : [value];
    if (configurations.length > 1 || configurations.some((one) => isObject(one) && one.alias !== undefined)) {
      report(`provider.${name}`, 'the local runtime runs one configuration of a provider, without an alias');
    }
    const configuration = isObject(configurations[0]) ? configurations[0] : {};
    for (const argument of Object.keys(configuration)) {
      if (!providerArguments.has(argument) || name !== 'aws')
        report(`provider.${name}`, `${argument}: the local runtime does not model it`);
    }
    if (name !== 'aws') continue;
    defaultTags = readTags(configuration.default_tags, report);
    const configured: unknown = configuration.region;
    if (typeof configured === 'string' && !configured.includes('${')) region = configured;
    else report('provider.aws', 'region must be given, as a literal string');
  }
  return { names: Object.keys(providers), region, defaultTags };
}

function readTags(block: unknown, report: Report): Record<string, string> {
  const tags = members(
    members(block, 'provider.aws.default_tags', report).tags,
    'provider.aws.default_tags.tags',
    report,
  );
  const literal = Object.entries(tags).filter((tag): tag is [string, string] => {
    const isLiteral = typeof tag[1] === 'string' && !tag[1].includes('${');
    if (!isLiteral) report('provider.aws', `default_tags.${tag[0]} must be a literal string`);
    return isLiteral;
  });
  return Object.fromEntries(literal);
}

function readBackend(terraform: unknown, report: Report): Backend | undefined {
  if (!isObject(terraform)) return undefined;
  const { backend, cloud, required_providers: providers, required_version: version, ...others } = terraform;
  checkConstraint(version, 'terraform.required_version', report);
  for (const [name, wanted] of Object.entries(members(providers, 'terraform.required_providers', report))) {
    const address = `terraform.required_providers.${name}`;
    const { source: _source, version: wantedVersion, ...more } = members(wanted, address, report);
    checkConstraint(wantedVersion, `${address}.version`, report);
    for (const key of Object.keys(more)) report(`${address}.${key}`, 'the local runtime does not model it');
  }
  for (const key of Object.keys(others))
    if (key !== '//') report(`terraform.${key}`, 'the local runtime does not model it');
  if (cloud !== undefined) return { type: 'cloud', config: members(cloud, 'terraform.cloud', report) };
  const [type, config] = Object.entries(members(backend, 'terraform.backend', report))[0] ?? [];
  return type === undefined ? undefined : { type, config: members(config, `terraform.backend.${type}`, report) };
}

function checkConstraint(version: unknown, address: string, report: Report): void {
  if (
    version === undefined ||
    (typeof version === 'string' && version.split(',').every((part) => versionConstraint.test(part)))
  )
    return;
  report(address, `expected a version constraint such as ">= 1.10, < 2", got ${JSON.stringify(version)}`);
}

function readNodes(
  stack: string,
  mode: Node['mode'],
  types: TerraformObject,
  providers: readonly string[],
  report: Report,
): Node[] {
  return Object.entries(types).flatMap(([type, named]) =>
    Object.entries(members(named, type, report)).map(([name, body]) => {
      const address = `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
      const { '//': _, depends_on, lifecycle, provider, ...config } = members(body, address, report);
      for (const refused of refusedArguments) {
        if (refused in config) report(address, `${refused}: the local runtime does not support it`);
      }
      if (provider !== undefined && !providers.some((declared) => declared === provider)) {
        report(
          address,
          `provider: ${JSON.stringify(provider)} is not declared; declared are ${providers.join(', ') || 'none'}`,
        );
      }
      for (const setting of Object.keys(members(lifecycle, `${address}: lifecycle`, report))) {
        if (!lifecycleSettings.has(setting))
          report(address, `lifecycle.${setting}: the local runtime does not support it`);
      }
      return {
        address: `${stack}/${address}`,
        mode,
        type,
        name,
        config,
        dependsOn: readDependsOn(depends_on, address, report),
      };
    }),
  );
}

function readDependsOn(value: unknown, address: string, report: Report): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  report(address, 'depends_on: expected a list of addresses');
  return [];
}

function readOutputs(outputs: TerraformObject, report: Report): Record<string, Output> {
  const read = Object.entries(outputs).map(([name, body]): [string, Output] => {
    const address = `output.${name}`;
    const {
      '//': _,
      value,
      depends_on,
      description: _text,
      sensitive: _secret,
      ...others
    } = members(body, address, report);
    for (const key of Object.keys(others)) report(address, `${key}: the local runtime does not support it`);
    if (value === undefined) report(address, 'has no value');
    return [name, { value, dependsOn: readDependsOn(depends_on, address, report) }];
  });
  return Object.fromEntries(read);
}

function readVariables(variables: TerraformObject, report: Report): TerraformObject {
  const read = Object.entries(variables).map(([name, body]): [string, unknown] => {
    const address = `var.${name}`;
    const variable = members(body, address, report);
    if (!('default' in variable))
      report(address, 'has no default, and the local runtime gives variables no other value');
    if ('validation' in variable) report(address, 'validation: the local runtime does not support it');
    return [name, variable.default];
  });
  return Object.fromEntries(read);
}
