import { statSync } from 'node:fs';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import { type FunctionArguments, logGroupOf } from './configuration';
import type { EventInvokeConfig } from './event-invoke-config';
import { startEnvironment } from './execution-environment';
import { EnvironmentPool } from './pool';
import { entryFile } from './sandbox';

/** A function and what runs it. */
export interface LambdaFunction {
  readonly arn: string;
  configuration: FunctionArguments;
  /** Folder with the unzipped code. */
  readonly directory: string;
  /** File of the handler's module. */
  readonly entry: string;
  readonly pool: EnvironmentPool;
  /** How asynchronous events are treated, if configured. */
  eventInvokeConfig?: EventInvokeConfig;
  /** Resource policy, in the order the permissions were added. */
  readonly policy: Readonly<Record<string, unknown>>[];
  /** Epoch milliseconds. */
  modified: number;
}

/** Where the unzipped code of a function lies. */
export interface CodeSource {
  /** @param filename output path of a `data.archive_file` */
  codeDirectory(filename: string): string | undefined;
}

/** @returns the name in a name, an ARN or a partial ARN, and the qualifier behind it */
function parseFunctionName(given: string): { name: string; qualifier?: string } {
  const [, name = given, qualifier] =
    /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:)?([\w-]+)(?::(.+))?$/.exec(given) ?? [];
  return { name, ...(qualifier && { qualifier }) };
}

/** The functions that run here. */
export class Functions {
  private readonly byName = new Map<string, LambdaFunction>();

  constructor(
    private readonly runtime: Runtime,
    private readonly code: CodeSource,
  ) {}

  /** All functions, by name. */
  list(): LambdaFunction[] {
    return [...this.byName.values()].sort((a, b) =>
      a.configuration.function_name < b.configuration.function_name ? -1 : 1,
    );
  }

  /** The ARN of a function given by name or ARN, whether it exists or not; with the qualifier, if one is given. */
  arnOf(given: string, qualifier?: string): string {
    const parsed = parseFunctionName(given);
    const version = qualifier ?? parsed.qualifier;
    return this.runtime.arn('lambda', `function:${parsed.name}${version ? `:${version}` : ''}`);
  }

  /** Whether there is such a function, whatever the version. */
  has(given: string): boolean {
    return this.byName.has(parseFunctionName(given).name);
  }

  /** @throws AwsError `ResourceNotFoundException` (404) */
  find(given: string, qualifier?: string): LambdaFunction {
    const parsed = parseFunctionName(given);
    const found = this.byName.get(parsed.name);
    const version = qualifier ?? parsed.qualifier ?? '$LATEST';
    if (!found || version !== '$LATEST') {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arnOf(given, qualifier)}`, 404, {
        Type: 'User',
      });
    }
    return found;
  }

  /** @throws Error that says what to do, if the code is missing or Lambda may not assume the role */
  add(configuration: FunctionArguments): LambdaFunction {
    const { function_name: name, filename, handler, role } = configuration;
    if (this.byName.has(name))
      throw new Error(`function ${name} exists already: function names are unique in an account and region`);
    const arn = this.arnOf(name);
    const directory = this.code.codeDirectory(filename);
    if (!directory)
      throw new Error(
        `filename ${filename} is no output_path of a data.archive_file: the local runtime takes a function's code from one`,
      );
    const entry = entryFile(directory, handler);
    if (!entry) throw new Error(`handler ${handler}: ${directory} has no such .js, .mjs or .cjs file`);
    const principal = { kind: 'service', service: 'lambda.amazonaws.com', sourceArn: arn } as const;
    if (!this.runtime.iam.authorize({ principal, action: 'sts:AssumeRole', resource: role }).allowed) {
      throw new Error(
        `The role defined for the function cannot be assumed by Lambda: let lambda.amazonaws.com assume ${role}`,
      );
    }
    const added: LambdaFunction = {
      arn,
      configuration,
      directory,
      entry,
      policy: [],
      modified: this.runtime.clock.now(),
      pool: new EnvironmentPool(configuration.reserved_concurrent_executions, (ended) =>
        startEnvironment(this.runtime, added, ended),
      ),
    };
    this.byName.set(name, added);
    return added;
  }
}

/** A function's configuration as the Lambda API shows it. */
export function describeFunction(target: LambdaFunction) {
  const { configuration, arn } = target;
  const log = configuration.logging_config;
  return {
    FunctionName: configuration.function_name,
    FunctionArn: arn,
    Runtime: configuration.runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: codeSize(target),
    Description: configuration.description ?? '',
    Timeout: configuration.timeout,
    MemorySize: configuration.memory_size,
    LastModified: new Date(target.modified).toISOString().replace('Z', '+0000'),
    ...(configuration.source_code_hash && { CodeSha256: configuration.source_code_hash }),
    Version: '$LATEST',
    ...(configuration.environment?.variables && { Environment: { Variables: configuration.environment.variables } }),
    ...(configuration.kms_key_arn && { KMSKeyArn: configuration.kms_key_arn }),
    ...(configuration.dead_letter_config && {
      DeadLetterConfig: { TargetArn: configuration.dead_letter_config.target_arn },
    }),
    TracingConfig: { Mode: configuration.tracing_config?.mode ?? 'PassThrough' },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: configuration.architectures ?? ['x86_64'],
    EphemeralStorage: { Size: configuration.ephemeral_storage?.size ?? 512 },
    LoggingConfig: {
      LogFormat: log?.log_format ?? 'Text',
      ...(log?.application_log_level && { ApplicationLogLevel: log.application_log_level }),
      ...(log?.system_log_level && { SystemLogLevel: log.system_log_level }),
      LogGroup: logGroupOf(configuration),
    },
  };
}

/** Bytes of the handler's module: there is no zip file here to take the size of. */
export function codeSize(target: LambdaFunction): number {
  return statSync(target.entry).size;
}
