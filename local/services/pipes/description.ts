import type { RunningPipe } from './running-pipe';
import { queueReading } from './source-arguments';

/** A pipe as ListPipes shows it. */
export function summary(pipe: RunningPipe) {
  const { source, enrichment, target } = pipe.arguments;
  return {
    Arn: pipe.arn,
    Name: pipe.name,
    CurrentState: pipe.state,
    DesiredState: pipe.desired,
    ...(pipe.reason !== undefined && { StateReason: pipe.reason }),
    CreationTime: pipe.created,
    LastModifiedTime: pipe.modified,
    Source: source,
    ...(enrichment !== undefined && { Enrichment: enrichment }),
    Target: target,
  };
}

/** A pipe as DescribePipe shows it. */
export function described(pipe: RunningPipe) {
  const { arguments: settings } = pipe;
  const log = settings.log_configuration;
  return {
    ...summary(pipe),
    Description: settings.description ?? '',
    RoleArn: settings.role_arn,
    SourceParameters: sourceParameters(pipe),
    ...(settings.enrichment !== undefined && { EnrichmentParameters: {} }),
    TargetParameters: targetParameters(pipe),
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

function sourceParameters({ arguments: { source, source_parameters: given } }: RunningPipe) {
  const { dynamodb_stream_parameters: stream } = given;
  const queue = source.split(':')[2] === 'sqs' && queueReading(given);
  const Filters = (given.filter_criteria?.filter ?? []).map(({ pattern }) => ({ Pattern: pattern }));
  return {
    FilterCriteria: { Filters },
    ...(stream && {
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
    }),
    ...(queue && {
      SqsQueueParameters: {
        BatchSize: queue.batchSize,
        MaximumBatchingWindowInSeconds: queue.window,
      },
    }),
  };
}

function targetParameters({ arguments: { target_parameters: given } }: RunningPipe) {
  const bus = given?.eventbridge_event_bus_parameters;
  const machine = given?.step_function_state_machine_parameters;
  return {
    ...(bus && {
      EventBridgeEventBusParameters: {
        DetailType: bus.detail_type,
        Source: bus.source,
        Resources: bus.resources,
        Time: bus.time,
      },
    }),
    ...(machine && { StepFunctionStateMachineParameters: { InvocationType: machine.invocation_type } }),
  };
}
