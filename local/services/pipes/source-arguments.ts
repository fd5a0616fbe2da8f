import { z } from 'zod';
import { block, blocks } from '../../arguments';
import { integer, refused, text } from './fields';

const window = integer('maximum_batching_window_in_seconds', 0, 300).default(0);

const streamParameters = z.strictObject({
  starting_position: z.enum(['TRIM_HORIZON', 'LATEST']),
  batch_size: integer('batch_size', 1, 10_000),
  maximum_batching_window_in_seconds: window,
  maximum_record_age_in_seconds: z
    .int()
    .refine((age) => age === -1 || (age >= 60 && age <= 604_800), {
      error: ({ input }) => `maximum_record_age_in_seconds must be -1 or 60 to 604800, got ${String(input)}`,
    })
    .default(-1),
  maximum_retry_attempts: z
    .int()
    .refine((attempts) => attempts === -1 || (attempts >= 1 && attempts <= 10_000), {
      error: ({ input }) =>
        `maximum_retry_attempts must be -1 or 1 to 10000, got ${String(input)}` +
        (input === 0 ? ': the Terraform provider leaves 0 out, and AWS then retries for ever' : ''),
    })
    .default(-1),
  on_partial_batch_item_failure: z.literal('AUTOMATIC_BISECT').optional(),
  parallelization_factor: integer('parallelization_factor', 1, 10).default(1),
  dead_letter_config: block(
    z.strictObject({
      arn: z
        .string()
        .regex(
          /^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]+$/,
          'dead_letter_config.arn must be the ARN of a standard SQS queue: topics and FIFO queues are not modelled',
        ),
    }),
  ).optional(),
});

/** Messages of a batch where the pipe does not say (user guide, eb-pipes-sqs). */
const defaultQueueBatch = 10;

const queueParameters = z.strictObject({
  batch_size: integer('batch_size', 1, 10_000).default(defaultQueueBatch),
  maximum_batching_window_in_seconds: window,
});

/** `source_parameters` of a pipe. */
export const sourceParameters = z.strictObject({
  dynamodb_stream_parameters: block(streamParameters.optional()),
  sqs_queue_parameters: block(queueParameters.optional()),
  kinesis_stream_parameters: refused('a Kinesis source', 'use a DynamoDB stream or an SQS queue'),
  filter_criteria: block(
    z.strictObject({
      filter: blocks(z.strictObject({ pattern: text('filter pattern', 1, 4096) })).superRefine(
        ({ length }, context) => {
          if (length > 5)
            context.addIssue({ code: 'custom', message: `a pipe takes at most 5 filters, got ${length}` });
        },
      ),
    }),
  ).optional(),
});

/** Checked parameters of a source. */
export type SourceParameters = z.infer<typeof sourceParameters>;

/** How a queue is read: most messages of a batch, and the seconds that it may gather. */
export function queueReading({ sqs_queue_parameters: given }: SourceParameters) {
  return {
    batchSize: given?.batch_size ?? defaultQueueBatch,
    window: given?.maximum_batching_window_in_seconds ?? 0,
  };
}

/** What a source's parameters break, by the path of the argument. */
export type Fault = readonly [path: string, message: string];

/** Rules of a DynamoDB stream as source. */
export function streamFaults({ dynamodb_stream_parameters: stream, sqs_queue_parameters }: SourceParameters): Fault[] {
  if (sqs_queue_parameters) return [['sqs_queue_parameters', 'sqs_queue_parameters are for queues, not for streams']];
  if (!stream) return [['dynamodb_stream_parameters', 'dynamodb_stream_parameters are required for a stream']];
  const { maximum_batching_window_in_seconds: gathers, maximum_record_age_in_seconds: age } = stream;
  if (age === -1 || gathers < age) return [];
  const path = 'dynamodb_stream_parameters.maximum_batching_window_in_seconds';
  return [[path, `the batching window (${gathers} s) must be less than the maximum record age (${age} s)`]];
}

/** Rules of an SQS queue as source; as of event source mappings, since AWS's one poller serves both. */
export function queueFaults(source: SourceParameters): Fault[] {
  const { dynamodb_stream_parameters: stream, sqs_queue_parameters: queue } = source;
  if (stream) return [['dynamodb_stream_parameters', 'dynamodb_stream_parameters are for streams, not for queues']];
  const faults: Fault[] = [];
  if (queue && queue.batch_size > 10 && queue.maximum_batching_window_in_seconds < 1) {
    const path = 'sqs_queue_parameters.maximum_batching_window_in_seconds';
    faults.push([path, `a batch_size of ${queue.batch_size} is over 10 and needs a batching window of 1 s or more`]);
  }
  return faults;
}
