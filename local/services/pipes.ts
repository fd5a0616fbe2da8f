import { z } from 'zod';
import { AwsError, toAwsError } from '../aws-error';
import type { Runtime } from '../runtime';
import { type Operation, type Resource, type Service, jsonErrors } from '../service';
import { type PipeArguments, pipeArguments } from './pipes/arguments';
import { busTarget } from './pipes/bus';
import { executor } from './pipes/execution';
import { pipeLog } from './pipes/log';
import type { Pipe } from './pipes/pipe';
import { matcher, streamSource } from './pipes/stream';

type State = 'RUNNING' | 'STOPPED' | 'START_FAILED';

/** A pipe and what it is doing. */
interface RunningPipe extends Pipe {
  state: State;
  desired: 'RUNNING' | 'STOPPED';
  reason?: string;
  /** In epoch seconds. */
  readonly created: number;
  modified: number;
  start(): Promise<void>;
  stop(): void;
}

/** EventBridge Pipes: DynamoDB streams to event buses. */
export function pipes(runtime: Runtime): Service {
  const all = new Map<string, RunningPipe>();
  runtime.onStart(async () => {
    for (const pipe of all.values()) if (pipe.desired === 'RUNNING') await pipe.start();
  });
  runtime.onStop(() => {
    for (const pipe of all.values()) pipe.stop();
  });
  return {
    name: 'pipes',
    // As the service's REST API answers.
    errors: {
      ...jsonErrors,
      accessDenied: { code: 'AccessDeniedException', status: 403 },
      throttled: { code: 'ThrottlingException', status: 429 },
      internal: { code: 'InternalException', status: 500 },
    },
    resources: {
      aws_pipes_pipe: {
        arguments: pipeArguments,
        create({ arguments: settings }: Resource<PipeArguments>) {
          if (all.has(settings.name)) throw new Error(`There is already a pipe named ${settings.name}`);
          const pipe = runningPipe(runtime, settings);
          matcher(pipe);
          all.set(pipe.name, pipe);
          return { id: pipe.name, name: pipe.name, arn: pipe.arn };
        },
      },
    },
    operations: operations(runtime, all),
  };
}

function runningPipe(runtime: Runtime, settings: PipeArguments): RunningPipe {
  const created = runtime.clock.now() / 1000;
  const pipe: Pipe = { name: settings.name, arn: runtime.arn('pipes', `pipe/${settings.name}`), arguments: settings };
  const log = pipeLog(runtime, pipe);
  const source = streamSource(runtime, pipe, executor(runtime, pipe, busTarget(runtime, pipe), log));
  return {
    ...pipe,
    state: 'STOPPED',
    desired: settings.desired_state,
    created,
    modified: created,
    async start() {
      if (this.state === 'RUNNING') return;
      try {
        const role = runtime.assumeRole(settings.role_arn, 'pipes.amazonaws.com', pipe.arn, pipe.name);
        await log.open();
        await source.start(role);
        this.state = 'RUNNING';
        delete this.reason;
      } catch (error) {
        this.state = 'START_FAILED';
        this.reason = toAwsError(error).message;
        runtime.timeline.record({
          service: 'pipes',
          operation: 'StartPipe',
          resource: pipe.arn,
          outcome: 'failed',
          summary: `${pipe.name} does not start: ${this.reason}`,
        });
      }
    },
    stop() {
      source.stop();
      this.state = 'STOPPED';
    },
  };
}

const named = z.object({ Name: z.string().min(1).max(64) });

function operations(runtime: Runtime, all: ReadonlyMap<string, RunningPipe>): Service['operations'] {
  const find = (name: string) => {
    const pipe = all.get(name);
    if (!pipe) throw new AwsError('NotFoundException', `Pipe ${name} does not exist.`, 404);
    return pipe;
  };
  const permissions = (action: string) => (input: z.infer<typeof named>) => [
    { action: `pipes:${action}`, resource: runtime.arn('pipes', `pipe/${input.Name}`) },
  ];
  const switching = (
    action: 'StartPipe' | 'StopPipe',
    desired: RunningPipe['desired'],
  ): Operation<z.infer<typeof named>> => ({
    input: named,
    permissions: permissions(action),
    async run({ Name }, call) {
      const pipe = find(Name);
      pipe.desired = desired;
      pipe.modified = runtime.clock.now() / 1000;
      if (desired === 'RUNNING') await pipe.start();
      else pipe.stop();
      call.record({ resource: pipe.arn, summary: `${Name} is ${pipe.state}` });
      return summary(pipe);
    },
  });
  return {
    ListPipes: listPipes(all),
    DescribePipe: {
      input: named,
      permissions: permissions('DescribePipe'),
      run: ({ Name }) => describe(find(Name)),
    },
    StartPipe: switching('StartPipe', 'RUNNING'),
    StopPipe: switching('StopPipe', 'STOPPED'),
  };
}

function listPipes(all: ReadonlyMap<string, RunningPipe>): Operation {
  const input = z.object({
    NamePrefix: z.string().optional(),
    CurrentState: z.string().optional(),
    DesiredState: z.enum(['RUNNING', 'STOPPED']).optional(),
    SourcePrefix: z.string().optional(),
    TargetPrefix: z.string().optional(),
    Limit: z.coerce.number().int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
  });
  return {
    input,
    permissions: () => [{ action: 'pipes:ListPipes', resource: '*' }],
    run(filter: z.infer<typeof input>) {
      const found = [...all.values()]
        .filter((pipe) => pipe.name.startsWith(filter.NamePrefix ?? ''))
        .filter((pipe) => pipe.arguments.source.startsWith(filter.SourcePrefix ?? ''))
        .filter((pipe) => pipe.arguments.target.startsWith(filter.TargetPrefix ?? ''))
        .filter((pipe) => filter.CurrentState === undefined || pipe.state === filter.CurrentState)
        .filter((pipe) => filter.DesiredState === undefined || pipe.desired === filter.DesiredState);
      const from = Number(filter.NextToken ?? 0);
      const to = from + filter.Limit;
      return { Pipes: found.slice(from, to).map(summary), ...(to < found.length && { NextToken: String(to) }) };
    },
  };
}

function summary(pipe: RunningPipe) {
  return {
    Arn: pipe.arn,
    Name: pipe.name,
    CurrentState: pipe.state,
    DesiredState: pipe.desired,
    ...(pipe.reason !== undefined && { StateReason: pipe.reason }),
    CreationTime: pipe.created,
    LastModifiedTime: pipe.modified,
    Source: pipe.arguments.source,
    Target: pipe.arguments.target,
  };
}

function describe(pipe: RunningPipe) {
  const { arguments: settings } = pipe;
  const stream = settings.source_parameters.dynamodb_stream_parameters;
  const bus = settings.target_parameters?.eventbridge_event_bus_parameters;
  const log = settings.log_configuration;
  return {
    ...summary(pipe),
    Description: settings.description ?? '',
    RoleArn: settings.role_arn,
    SourceParameters: {
      FilterCriteria: {
        Filters: (settings.source_parameters.filter_criteria?.filter ?? []).map(({ pattern }) => ({
          Pattern: pattern,
        })),
      },
      DynamoDBStreamParameters: {
        BatchSize: stream.batch_size,
        ...(stream.dead_letter_config && { DeadLetterConfig: { Arn: stream.dead_letter_config.arn } }),
        MaximumBatchingWindowInSeconds: stream.maximum_batching_window_in_seconds,
        MaximumRecordAgeInSeconds: stream.maximum_record_age_in_seconds,
        MaximumRetryAttempts: stream.maximum_retry_attempts,
        ...(stream.on_partial_batch_item_failure && {
          OnPartialBatchItemFailure: stream.on_partial_batch_item_failure,
        }),
        ParallelizationFactor: stream.parallelization_factor,
        StartingPosition: stream.starting_position,
      },
    },
    TargetParameters: bus
      ? {
          EventBridgeEventBusParameters: {
            DetailType: bus.detail_type,
            Source: bus.source,
            Resources: bus.resources,
            Time: bus.time,
          },
        }
      : {},
    LogConfiguration: {
      Level: log?.level ?? 'OFF',
      ...(log?.include_execution_data && { IncludeExecutionData: log.include_execution_data }),
      ...(log?.cloudwatch_logs_log_destination && {
        CloudwatchLogsLogDestination: { LogGroupArn: log.cloudwatch_logs_log_destination.log_group_arn },
      }),
    },
    Tags: settings.tags ?? {},
  };
}
