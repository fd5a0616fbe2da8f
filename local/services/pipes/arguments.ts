import { z } from 'zod';
import { block, tags } from '../../arguments';
import { refused, text } from './fields';
import { queueFaults, sourceParameters, streamFaults } from './source-arguments';
import { busFaults, machineFaults, maximumBusBatch, targetParameters } from './target-arguments';

const streamArn = /^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/[^/]+\/stream\/.+$/;
const queueArn = /^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]+$/;
const busArn = /^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/.+$/;
const machineArn = /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[\w-]+$/;
const functionArn = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+$/;

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
    .refine(
      (arn) => streamArn.test(arn) || queueArn.test(arn),
      'source must be the ARN of a DynamoDB stream or a standard SQS queue: other sources are not modelled',
    ),
  source_parameters: block(sourceParameters).prefault({}),
  enrichment: z
    .string()
    .regex(
      functionArn,
      'enrichment must be the ARN of a Lambda function without version or alias: Express state machines, API destinations and API Gateway are not modelled',
    )
    .optional(),
  enrichment_parameters: refused('enrichment_parameters', 'the enrichment receives the records as they are'),
  target: z
    .string()
    .refine(
      (arn) => busArn.test(arn) || machineArn.test(arn),
      'target must be the ARN of an event bus or a state machine: other targets are not modelled',
    ),
  target_parameters: block(targetParameters.optional()),
  desired_state: z.enum(['RUNNING', 'STOPPED']).default('RUNNING'),
  log_configuration: block(logConfiguration).optional(),
});

type Shape = z.infer<typeof shape>;
type Fault = readonly [path: string, message: string];

function batchFaults({ source_parameters: parameters, target }: Shape): Fault[] {
  if (!busArn.test(target)) return [];
  const { dynamodb_stream_parameters: stream, sqs_queue_parameters: queue } = parameters;
  const size = stream?.batch_size ?? queue?.batch_size ?? maximumBusBatch;
  if (size <= maximumBusBatch) return [];
  const path = `source_parameters.${stream ? 'dynamodb_stream_parameters' : 'sqs_queue_parameters'}.batch_size`;
  return [[path, `an event bus takes at most ${maximumBusBatch} events at once, got a batch_size of ${size}`]];
}

function placeFaults({ source, enrichment, target }: Shape): Fault[] {
  const place = (arn: string) => arn.split(':').slice(3, 5).join(':');
  return [enrichment ?? source, target].every((arn) => place(arn) === place(source))
    ? []
    : [['target', 'source, enrichment and target must be of one account and region']];
}

function logFaults({ log_configuration: log }: Shape): Fault[] {
  if (!log || log.level === 'OFF' || log.cloudwatch_logs_log_destination) return [];
  return [['log_configuration', `level ${log.level} needs a log destination: add cloudwatch_logs_log_destination`]];
}

/** Arguments of `aws_pipes_pipe`, with the limits of CreatePipe (EventBridge Pipes API reference). */
export const pipeArguments = shape.superRefine((pipe, context) => {
  const ofSource = streamArn.test(pipe.source) ? streamFaults : queueFaults;
  const ofTarget = busArn.test(pipe.target) ? busFaults : machineFaults;
  const faults: Fault[] = [
    ...ofSource(pipe.source_parameters).map(([path, message]): Fault => [`source_parameters.${path}`, message]),
    ...ofTarget(pipe.target_parameters),
    ...batchFaults(pipe),
    ...placeFaults(pipe),
    ...logFaults(pipe),
  ];
  for (const [path, message] of faults) context.addIssue({ code: 'custom', path: path.split('.'), message });
});

/** Checked arguments of a pipe. */
export type PipeArguments = z.infer<typeof pipeArguments>;
