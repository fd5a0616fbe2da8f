import { z } from 'zod';
import { block, blocks, tags } from '../../arguments';

/** `$.dynamodb.NewImage.type.S`: the one kind of value that is looked up in the event instead of taken as it stands. */
export const jsonPath = /^\$(\.[\w/-]+(\[\d+\])*)+$/;

const refused = (what: string, instead: string) =>
  z.never({ error: `${what} is not modelled by the local runtime; ${instead}` }).optional();
const integer = (name: string, low: number, high: number) =>
  z
    .int({ error: ({ input }) => `${name} must be an integer, got ${JSON.stringify(input)}` })
    .refine((value) => value >= low && value <= high, {
      error: ({ input }) => `${name} must be ${low} to ${high}, got ${String(input)}`,
    });
const text = (name: string, low: number, high: number) =>
  z.string().refine((value) => value.length >= low && value.length <= high, {
    error: ({ input }) => `${name} must have ${low} to ${high} characters, got ${String(input).length}`,
  });

const dynamic = (name: string, high: number) =>
  text(name, 1, high).refine((value) => !value.startsWith('$') || jsonPath.test(value), {
    error: ({ input }) =>
      `${name} must be text or a path to one value such as $.dynamodb.NewImage.type.S, got ${String(input)}`,
  });

const streamParameters = z.strictObject({
  starting_position: z.enum(['TRIM_HORIZON', 'LATEST']),
  batch_size: integer('batch_size', 1, 10_000),
  maximum_batching_window_in_seconds: integer('maximum_batching_window_in_seconds', 0, 300).default(0),
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

const sourceParameters = z.strictObject({
  dynamodb_stream_parameters: block(streamParameters),
  sqs_queue_parameters: refused('an SQS source', 'use a DynamoDB stream'),
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

const busParameters = z.strictObject({
  detail_type: dynamic('detail_type', 128).optional(),
  source: dynamic('source', 256)
    .refine(
      (source) => !source.startsWith('aws.'),
      'source must not start with "aws.": that is reserved for AWS services',
    )
    .optional(),
  resources: z.array(dynamic('resource', 2048)).max(10, 'at most 10 resources').optional(),
  time: z.string().regex(jsonPath, 'time must be a JSON path such as $.dynamodb.NewImage.time.S').optional(),
  endpoint_id: refused('endpoint_id', 'global endpoints have no local counterpart'),
});

const logConfiguration = z.strictObject({
  level: z.enum(['OFF', 'ERROR', 'INFO', 'TRACE']),
  include_execution_data: z.array(z.literal('ALL')).optional(),
  cloudwatch_logs_log_destination: block(
    z.strictObject({
      log_group_arn: z
        .string()
        .regex(/^arn:[^:]+:logs:[^:]+:\d{12}:log-group:[^:]+(:\*)?$/, 'not the ARN of a log group'),
    }),
  ).optional(),
  firehose_log_destination: refused('firehose_log_destination', 'log to CloudWatch Logs'),
  s3_log_destination: refused('s3_log_destination', 'log to CloudWatch Logs'),
});

/** Without local effect: description, kms_key_identifier (encrypts filters and templates at rest), tags. */
const shape = z.strictObject({
  name: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'name must be 1 to 64 of letters, digits, ".", "-", "_"'),
  description: text('description', 0, 512).optional(),
  kms_key_identifier: text('kms_key_identifier', 0, 2048).optional(),
  tags,
  role_arn: z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, 'role_arn must be the ARN of a role'),
  source: z
    .string()
    .regex(
      /^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/[^/]+\/stream\/.+$/,
      'source must be the ARN of a DynamoDB stream: other sources are not modelled',
    ),
  source_parameters: block(sourceParameters),
  enrichment: refused('enrichment', 'use a consumer of the target'),
  enrichment_parameters: refused('enrichment_parameters', 'use a consumer of the target'),
  target: z
    .string()
    .regex(
      /^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/.+$/,
      'target must be the ARN of an event bus: other targets are not modelled',
    ),
  target_parameters: block(
    z.strictObject({
      input_template: refused('input_template', 'the target receives the record as it is'),
      eventbridge_event_bus_parameters: block(busParameters).optional(),
    }),
  ).optional(),
  desired_state: z.enum(['RUNNING', 'STOPPED']).default('RUNNING'),
  log_configuration: block(logConfiguration).optional(),
});

/** Arguments of `aws_pipes_pipe`, with the limits of CreatePipe (EventBridge Pipes API reference). */
export const pipeArguments = shape.superRefine((pipe, context) => {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: path.split('.'), message });
  const {
    batch_size,
    maximum_batching_window_in_seconds: window,
    maximum_record_age_in_seconds: age,
  } = pipe.source_parameters.dynamodb_stream_parameters;
  const parameters = 'source_parameters.dynamodb_stream_parameters';
  if (batch_size > maximumBusBatch) {
    refuse(
      `${parameters}.batch_size`,
      `an event bus takes at most ${maximumBusBatch} events at once, got a batch_size of ${batch_size}`,
    );
  }
  if (age !== -1 && window >= age) {
    refuse(
      `${parameters}.maximum_batching_window_in_seconds`,
      `the batching window (${window} s) must be less than the maximum record age (${age} s)`,
    );
  }
  if (
    pipe.source.split(':')[3] !== pipe.target.split(':')[3] ||
    pipe.source.split(':')[4] !== pipe.target.split(':')[4]
  ) {
    refuse('target', 'source and target must be of one account and region');
  }
  if (
    pipe.log_configuration &&
    pipe.log_configuration.level !== 'OFF' &&
    !pipe.log_configuration.cloudwatch_logs_log_destination
  ) {
    refuse(
      'log_configuration',
      `level ${pipe.log_configuration.level} needs a log destination: add cloudwatch_logs_log_destination`,
    );
  }
});

/** Entries of one PutEvents (EventBridge Pipes user guide, batching). */
export const maximumBusBatch = 10;

/** Checked arguments of a pipe. */
export type PipeArguments = z.infer<typeof pipeArguments>;
