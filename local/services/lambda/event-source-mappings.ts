import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Resource, ResourceType } from '../../service';
import { compilePattern } from '../event-pattern';
import type { Reading } from '../stream-reader/consumer';
import { sessionOf } from './destination';
import type { EventSource, Mapping } from './event-source';
import type { Functions } from './functions';
import { type MappingArguments, mappingArguments } from './mapping-arguments';
import { SqsSource } from './sqs-source';
import { StreamSource } from './stream-source';

/** What reads from which service, by the third field of the source's ARN. */
const sources: Readonly<Record<string, new (runtime: Runtime, mapping: Mapping) => EventSource>> = {
  sqs: SqsSource,
  dynamodb: StreamSource,
};

/** Records of an invocation where the mapping does not say. Source: Lambda API reference, CreateEventSourceMapping. */
const defaultBatchSize: Readonly<Record<string, number>> = { sqs: 10, dynamodb: 100 };

/** A mapping, what polls for it, and how it was configured. */
export interface Entry {
  readonly mapping: Mapping;
  readonly source: EventSource;
  readonly given: MappingArguments;
}

/** A mapping as the Lambda API shows it. */
export function describeMapping({ mapping, given }: Entry) {
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mapping.arn,
    EventSourceArn: mapping.sourceArn,
    FunctionArn: mapping.target.arn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: given.maximum_batching_window_in_seconds,
    FunctionResponseTypes: given.function_response_types ?? [],
    ...(given.filter_criteria && {
      FilterCriteria: { Filters: given.filter_criteria.filter.map(({ pattern }) => ({ Pattern: pattern })) },
    }),
    ...(given.metrics_config && { MetricsConfig: { Metrics: given.metrics_config.metrics } }),
    ...(mapping.maximumConcurrency && { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
    ...(mapping.reading && describeReading(mapping.reading, mapping)),
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: mapping.modified / 1000,
  };
}

function describeReading(reading: Reading, { onFailure, lastResult }: Mapping) {
  return {
    StartingPosition: reading.startingPosition,
    ParallelizationFactor: reading.parallelizationFactor,
    MaximumRetryAttempts: reading.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: reading.maximumRecordAge,
    BisectBatchOnFunctionError: reading.bisects,
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: onFailure === undefined ? {} : { Destination: onFailure } },
    LastProcessingResult: lastResult ?? 'No records processed',
  };
}

/** The defaults are those of CreateEventSourceMapping. */
function readingOf(given: MappingArguments, batchSize: number): Reading {
  return {
    startingPosition: given.starting_position!,
    batchSize,
    window: given.maximum_batching_window_in_seconds * 1000,
    parallelizationFactor: given.parallelization_factor ?? 1,
    maximumRecordAge: given.maximum_record_age_in_seconds ?? -1,
    maximumRetryAttempts: given.maximum_retry_attempts ?? -1,
    bisects: given.bisect_batch_on_function_error ?? false,
  };
}

function mappingOf(runtime: Runtime, functions: Functions, resource: Resource<MappingArguments>): Mapping {
  const { arguments: given, address } = resource;
  const uuid = runtime.random.uuid();
  const limit = given.scaling_config?.maximum_concurrency;
  const kind = given.event_source_arn.split(':')[2]!;
  const batchSize = given.batch_size ?? defaultBatchSize[kind]!;
  const onFailure = given.destination_config?.on_failure?.destination_arn;
  return {
    uuid,
    arn: runtime.arn('lambda', `event-source-mapping:${uuid}`),
    address,
    target: functions.find(given.function_name),
    sourceArn: given.event_source_arn,
    batchSize,
    window: given.maximum_batching_window_in_seconds * 1000,
    ...(limit && { maximumConcurrency: limit }),
    ...(kind === 'dynamodb' && { reading: readingOf(given, batchSize) }),
    ...(onFailure && { onFailure }),
    reportsFailures: Boolean(given.function_response_types?.length),
    filters: (given.filter_criteria?.filter ?? []).map(({ pattern }) => compilePattern(pattern, { dialect: 'lambda' })),
    counts: Boolean(given.metrics_config?.metrics.length),
    enabled: given.enabled,
    modified: runtime.clock.now(),
  };
}

/** The event source mappings that run here. */
export class EventSourceMappings {
  private readonly entries = new Map<string, Entry>();

  constructor(
    readonly runtime: Runtime,
    readonly functions: Functions,
  ) {}

  /** All mappings, in the order they were made. */
  list(): Entry[] {
    return [...this.entries.values()];
  }

  /** @throws AwsError `ResourceNotFoundException` (404) */
  find(uuid: string): Entry {
    const entry = this.entries.get(uuid);
    if (entry) return entry;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, {
      Type: 'User',
    });
  }

  /** Switches polling on or off. */
  async enable({ mapping, source }: Entry, enabled: boolean): Promise<void> {
    mapping.enabled = enabled;
    mapping.modified = this.runtime.clock.now();
    if (enabled) await this.begin({ mapping, source });
    else source.stop();
  }

  /** `aws_lambda_event_source_mapping`; polls from the start of the runtime. */
  get type(): ResourceType<MappingArguments> {
    return {
      arguments: mappingArguments,
      create: (resource) => {
        const entry = this.add(resource);
        const { mapping } = entry;
        const { uuid, arn, target } = mapping;
        return { id: uuid, uuid, arn, function_arn: target.arn, state: describeMapping(entry).State };
      },
    };
  }

  private add(resource: Resource<MappingArguments>): Entry {
    const mapping = mappingOf(this.runtime, this.functions, resource);
    const same = this.list().find(
      (other) => other.mapping.sourceArn === mapping.sourceArn && other.mapping.target === mapping.target,
    );
    if (same) {
      const { address } = same.mapping;
      throw new Error(`An event source mapping with this event source and function already exists: ${address}`);
    }
    const Source = sources[mapping.sourceArn.split(':')[2]!]!;
    const entry = { mapping, source: new Source(this.runtime, mapping), given: resource.arguments };
    this.entries.set(mapping.uuid, entry);
    this.runtime.onStart(async () => {
      await this.begin(entry).catch((error: Error) => {
        throw new Error(`${mapping.address}: ${error.message}`, { cause: error });
      });
    });
    this.runtime.onStop(() => {
      mapping.enabled = false;
      entry.source.stop();
    });
    return entry;
  }

  /** Checks the source and polls it with a session of the function's role. */
  private async begin({ mapping, source }: Pick<Entry, 'mapping' | 'source'>): Promise<void> {
    const principal = sessionOf(this.runtime, mapping.target);
    await source.check(principal);
    if (mapping.enabled) await source.start(principal);
  }
}
