import { z } from 'zod';
import { block, blocks, tags } from '../../arguments';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Resource, ResourceType } from '../../service';
import { compilePattern } from '../event-pattern';
import type { EventSource, Mapping } from './event-source';
import type { Functions } from './functions';
import { SqsSource } from './sqs-source';

/** What reads from which service, by the third field of the source's ARN. */
const sources: Readonly<Record<string, new (runtime: Runtime, mapping: Mapping) => EventSource>> = { sqs: SqsSource };

/** Filters only see the body of a message. Source: AWS Lambda Developer Guide, "Using event filtering with an Amazon SQS event source". */
const pattern = z.string().transform((text, context) => {
  try {
    const other = Object.keys(JSON.parse(text)).find((key) => key !== 'body');
    if (other === undefined) return compilePattern(text, { dialect: 'lambda' });
    context.addIssue({ code: 'custom', message: `${other} cannot be filtered: a pattern for a queue names body only` });
  } catch (error) {
    context.addIssue({ code: 'custom', message: `Invalid filter pattern definition: ${(error as Error).message}` });
  }
  return z.NEVER;
});

/** Arguments of `aws_lambda_event_source_mapping` for a queue. Source of the ranges: Lambda API reference, CreateEventSourceMapping. */
const mappingArguments = z
  .strictObject({
    event_source_arn: z.string().refine((arn) => (arn.split(':')[2] ?? '') in sources, {
      message: `the local runtime polls ${Object.keys(sources).join(', ')} only`,
    }),
    function_name: z.string(),
    batch_size: z.number().int().min(1).max(10_000).default(10),
    maximum_batching_window_in_seconds: z.number().int().min(0).max(300).default(0),
    function_response_types: z.array(z.literal('ReportBatchItemFailures')).optional(),
    scaling_config: block(
      z.strictObject({ maximum_concurrency: z.number().int().min(2).max(1000).optional() }).optional(),
    ),
    filter_criteria: block(z.strictObject({ filter: blocks(z.strictObject({ pattern })) }).optional()),
    metrics_config: block(z.strictObject({ metrics: z.array(z.literal('EventCount')) }).optional()),
    enabled: z.boolean().default(true),
    tags,
  })
  .refine((given) => given.batch_size <= 10 || given.maximum_batching_window_in_seconds >= 1, {
    message: 'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    path: ['maximum_batching_window_in_seconds'],
  });

type MappingArguments = z.infer<typeof mappingArguments>;

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
    ...(mapping.maximumConcurrency && { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: mapping.modified / 1000,
  };
}

function mappingOf(runtime: Runtime, functions: Functions, resource: Resource<MappingArguments>): Mapping {
  const { arguments: given, address } = resource;
  const uuid = runtime.random.uuid();
  const limit = given.scaling_config?.maximum_concurrency;
  return {
    uuid,
    arn: runtime.arn('lambda', `event-source-mapping:${uuid}`),
    address,
    target: functions.find(given.function_name),
    sourceArn: given.event_source_arn,
    batchSize: given.batch_size,
    window: given.maximum_batching_window_in_seconds * 1000,
    ...(limit && { maximumConcurrency: limit }),
    reportsFailures: Boolean(given.function_response_types?.length),
    filters: given.filter_criteria?.filter.map((filter) => filter.pattern) ?? [],
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
    const { configuration, arn } = mapping.target;
    const { role, function_name: name } = configuration;
    const principal = this.runtime.assumeRole(role, 'lambda.amazonaws.com', arn, name);
    await source.check(principal);
    if (mapping.enabled) source.start(principal);
  }
}
