import { devNull } from 'node:os';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { logGroupOf } from './configuration';
import type { LambdaFunction } from './functions';
import { LogWriter } from './log-writer';
import { Sandbox, exportPath } from './sandbox';

/** A sandbox with what belongs to it alone: credentials, log stream, the invocation under way. */
export interface ExecutionEnvironment {
  readonly sandbox: Sandbox;
  readonly principal: RolePrincipal;
  readonly log: LogWriter;
  /** True until its first invocation has begun. */
  cold: boolean;
  /** Hop of the invocation under way. */
  hop: number | undefined;
  /** True when its function was changed since: it takes no further invocation. */
  outdated: boolean;
  /** Ends it at once: its thread and its credentials. */
  kill(): void;
}

function streamName(runtime: Runtime, target: LambdaFunction): string {
  const date = new Date(runtime.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  const id = runtime.random.uuid().replaceAll('-', '');
  const prefix = target.configuration.logging_config?.log_group ? target.configuration.function_name : '';
  return `${date}/${prefix}[$LATEST]${id}`;
}

/** The whole environment of a sandbox: nothing of this process is in it. */
function variablesOf(
  runtime: Runtime,
  target: LambdaFunction,
  stream: string,
  accessKeyId: string,
): Record<string, string> {
  const { configuration } = target;
  const json = configuration.logging_config?.log_format === 'JSON';
  return {
    TZ: ':UTC',
    ...configuration.environment?.variables,
    AWS_REGION: runtime.region,
    AWS_DEFAULT_REGION: runtime.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.function_name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memory_size),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(configuration),
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_LAMBDA_LOG_FORMAT: json ? 'JSON' : 'Text',
    ...(json && { AWS_LAMBDA_LOG_LEVEL: configuration.logging_config?.application_log_level ?? 'INFO' }),
    LAMBDA_TASK_ROOT: target.directory,
    _HANDLER: configuration.handler,
    AWS_ENDPOINT_URL: runtime.endpoint,
    // The Node.js on this machine is not the one that the function is deployed on.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * Starts an execution environment; its code loads in its own thread.
 *
 * @param ended called once, when its thread has ended
 * @throws AwsError `AccessDeniedException`, when Lambda may not assume the role
 */
export function startEnvironment(
  runtime: Runtime,
  target: LambdaFunction,
  ended: (gone: ExecutionEnvironment) => void,
): ExecutionEnvironment {
  const { configuration, arn } = target;
  const stream = streamName(runtime, target);
  const kill = () => {
    runtime.credentials.revoke(accessKeyId);
    environment.sandbox.kill();
  };
  const principal = runtime.assumeRole(
    configuration.role,
    'lambda.amazonaws.com',
    arn,
    configuration.function_name,
    kill,
  );
  const accessKeyId = runtime.credentials.issue(principal, () =>
    environment.hop === undefined ? [] : [environment.hop],
  );
  const log = new LogWriter(runtime, principal, logGroupOf(configuration), stream);
  const level = configuration.logging_config?.application_log_level;
  const environment: ExecutionEnvironment = {
    principal,
    log,
    cold: true,
    hop: undefined,
    outdated: false,
    kill,
    sandbox: new Sandbox({
      boot: {
        entry: target.entry,
        exportPath: exportPath(configuration.handler),
        handler: configuration.handler,
        time: runtime.clock.now(),
        jsonLogs: configuration.logging_config?.log_format === 'JSON',
        ...(level && { logLevel: level }),
        context: {
          functionName: configuration.function_name,
          functionVersion: '$LATEST',
          invokedFunctionArn: arn,
          memoryLimitInMB: String(configuration.memory_size),
          logGroupName: logGroupOf(configuration),
          logStreamName: stream,
        },
      },
      environment: variablesOf(runtime, target, stream, accessKeyId),
      memory: configuration.memory_size,
      log: (at, text) => log.add(at, text),
      ended: () => {
        runtime.credentials.revoke(accessKeyId);
        ended(environment);
      },
    }),
  };
  return environment;
}
