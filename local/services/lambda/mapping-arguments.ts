import { z } from 'zod';
import { block, blocks, tags } from '../../arguments';
import { compilePattern } from '../event-pattern';
import { destinationFault } from './destination';

const refused = (what: string, instead: string) =>
  z.undefined({ error: `${what} is not modelled by the local runtime; ${instead}` }).optional();

const pattern = z.string().superRefine((text, context) => {
  try {
    compilePattern(text, { dialect: 'lambda' });
  } catch (error) {
    context.addIssue({ code: 'custom', message: `Invalid filter pattern definition: ${(error as Error).message}` });
  }
});

const onFailure = z.string().superRefine((arn, context) => {
  const message = destinationFault(arn, ['sqs', 'sns', 's3']);
  if (message) context.addIssue({ code: 'custom', message });
});

const shape = z.strictObject({
  event_source_arn: z.string(),
  function_name: z.string(),
  batch_size: z.number().int().min(1).max(10_000).optional(),
  maximum_batching_window_in_seconds: z.number().int().min(0).max(300).default(0),
  function_response_types: z.array(z.literal('ReportBatchItemFailures')).optional(),
  scaling_config: block(
    z.strictObject({ maximum_concurrency: z.number().int().min(2).max(1000).optional() }).optional(),
  ),
  filter_criteria: block(z.strictObject({ filter: blocks(z.strictObject({ pattern })) }).optional()),
  metrics_config: block(z.strictObject({ metrics: z.array(z.literal('EventCount')) }).optional()),
  enabled: z.boolean().default(true),
  starting_position: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  parallelization_factor: z.number().int().min(1).max(10).optional(),
  maximum_retry_attempts: z.number().int().min(-1).max(10_000).optional(),
  maximum_record_age_in_seconds: z
    .number()
    .int()
    .refine((age) => age === -1 || (age >= 60 && age <= 604_800), 'must be -1 or 60 to 604800')
    .optional(),
  bisect_batch_on_function_error: z.boolean().optional(),
  destination_config: block(
    z.strictObject({ on_failure: block(z.strictObject({ destination_arn: onFailure }).optional()) }).optional(),
  ),
  starting_position_timestamp: refused('starting_position_timestamp', 'it is for Kinesis'),
  tumbling_window_in_seconds: refused('a tumbling window', 'leave tumbling_window_in_seconds out'),
  provisioned_poller_config: refused('provisioned mode', 'leave provisioned_poller_config out'),
  // The key encrypts filters at rest, which changes nothing here.
  kms_key_arn: z.string().optional(),
  tags,
});

type Shape = z.infer<typeof shape>;

const streamOnly = [
  'starting_position',
  'parallelization_factor',
  'maximum_retry_attempts',
  'maximum_record_age_in_seconds',
  'bisect_batch_on_function_error',
  'destination_config',
] as const;

/** Rules of each source: the name of the argument and what is wrong with it. */
type Fault = readonly [keyof Shape, string];

function queueFaults(given: Shape): Fault[] {
  const faults: Fault[] = streamOnly
    .filter((name) => given[name] !== undefined)
    .map((name) => [name, `${name} is for streams, not for queues`]);
  if ((given.batch_size ?? 10) > 10 && given.maximum_batching_window_in_seconds < 1) {
    const message = 'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10';
    faults.push(['maximum_batching_window_in_seconds', message]);
  }
  for (const { pattern: text } of given.filter_criteria?.filter ?? []) {
    const other = Object.keys(JSON.parse(text) as object).find((key) => key !== 'body');
    const message = `${other} cannot be filtered: a pattern for a queue names body only`;
    if (other !== undefined) faults.push(['filter_criteria', message]);
  }
  return faults;
}

function streamFaults(given: Shape): Fault[] {
  const faults: Fault[] = [];
  if (!given.starting_position) {
    faults.push(['starting_position', 'is required for streams: TRIM_HORIZON or LATEST']);
  }
  if (given.scaling_config) faults.push(['scaling_config', 'scaling_config is for queues, not for streams']);
  return faults;
}

const faultsOf: Readonly<Record<string, (given: Shape) => Fault[]>> = { sqs: queueFaults, dynamodb: streamFaults };

/**
 * Arguments of `aws_lambda_event_source_mapping`. Source of ranges and rules: Lambda API reference,
 * CreateEventSourceMapping; of what queues can filter: Lambda developer guide, "Using event filtering with an Amazon SQS
 * event source".
 */
export const mappingArguments = shape.superRefine((given, context) => {
  const faults = faultsOf[given.event_source_arn.split(':')[2] ?? ''];
  const unknown = `the local runtime polls ${Object.keys(faultsOf).join(' and ')} only`;
  for (const [path, message] of faults?.(given) ?? [['event_source_arn', unknown] as const]) {
    context.addIssue({ code: 'custom', path: [path], message });
  }
});

/** Arguments of a mapping, checked. */
export type MappingArguments = z.infer<typeof mappingArguments>;
