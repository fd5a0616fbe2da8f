import { z } from 'zod';
import { json, tags } from '../../arguments';
import type { ResourceType } from '../../service';
import { keyArn } from './encryption';
import type { Queues } from './queues';

/** A whole number in AWS's range. */
function between(argument: string, minimum: number, maximum: number) {
  return z.number().superRefine((value, context) => {
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
    context.addIssue({
      code: 'custom',
      message: `expected ${argument} to be a whole number from ${minimum} to ${maximum}, got ${value}`,
    });
  });
}

const queueArn = z
  .string()
  .regex(/^arn:[^:]+:sqs:[^:]+:\d{12}:[A-Za-z0-9_-]{1,80}$/, 'expected the ARN of a standard queue');

const redrivePolicy = z.strictObject({
  deadLetterTargetArn: queueArn,
  maxReceiveCount: between('maxReceiveCount', 1, 1000),
});

const redriveAllowPolicy = z
  .strictObject({
    redrivePermission: z.enum(['allowAll', 'byQueue', 'denyAll']),
    sourceQueueArns: z.array(queueArn).min(1).max(10, 'expected at most 10 sourceQueueArns').optional(),
  })
  .refine((policy) => (policy.redrivePermission === 'byQueue') === (policy.sourceQueueArns !== undefined), {
    message: 'expected sourceQueueArns with redrivePermission byQueue, and only then',
  });

/** Ranges: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html; defaults are Terraform's. */
const queueArguments = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, 'expected 1 to 80 letters, digits, hyphens and underscores'),
    fifo_queue: z.literal(false, { error: 'FIFO queues are not modelled: leave fifo_queue out' }).optional(),
    visibility_timeout_seconds: between('visibility_timeout_seconds', 0, 43_200).default(30),
    message_retention_seconds: between('message_retention_seconds', 60, 1_209_600).default(345_600),
    max_message_size: between('max_message_size', 1024, 1_048_576).default(262_144),
    delay_seconds: between('delay_seconds', 0, 900).default(0),
    receive_wait_time_seconds: between('receive_wait_time_seconds', 0, 20).default(0),
    policy: json(z.looseObject({})).optional(),
    redrive_policy: json(redrivePolicy).optional(),
    redrive_allow_policy: json(redriveAllowPolicy).optional(),
    kms_master_key_id: z.string().min(1).optional(),
    kms_data_key_reuse_period_seconds: between('kms_data_key_reuse_period_seconds', 60, 86_400).default(300),
    sqs_managed_sse_enabled: z.boolean().optional(),
    tags,
  })
  .refine((queue) => queue.kms_master_key_id === undefined || queue.sqs_managed_sse_enabled === undefined, {
    message: 'sqs_managed_sse_enabled conflicts with kms_master_key_id, even when it is false: leave one of them out',
  });

/** `aws_sqs_queue`, standard queues only. */
export function queueResource(queues: Queues): ResourceType<z.infer<typeof queueArguments>> {
  const { runtime } = queues;
  return {
    arguments: queueArguments,
    async create({ address, arguments: given }) {
      const { policy, redrive_policy: redrive, redrive_allow_policy: redriveAllow, kms_master_key_id: id } = given;
      const key = id && { id, arn: await keyArn(runtime, id), reuse: given.kms_data_key_reuse_period_seconds };
      const queue = queues.create({
        address,
        name: given.name,
        visibility: given.visibility_timeout_seconds,
        retention: given.message_retention_seconds,
        maximumSize: given.max_message_size,
        delay: given.delay_seconds,
        wait: given.receive_wait_time_seconds,
        managedEncryption: given.sqs_managed_sse_enabled ?? !key,
        tags: given.tags ?? {},
        ...(policy && { policy: JSON.stringify(policy) }),
        ...(redrive && { redrive }),
        ...(redriveAllow && { redriveAllow }),
        ...(key && { key }),
      });
      if (policy) runtime.iam.setResourcePolicy(queue.arn, policy);
      return { arn: queue.arn, id: queue.url, url: queue.url, name: queue.name };
    },
  };
}

/** A Terraform type that is refused in favour of an argument of `aws_sqs_queue`. */
export function separateResource(type: string, argument: string): ResourceType<never> {
  const message = `${type} is not modelled: use the argument ${argument} of aws_sqs_queue, which also saves 25 seconds at each apply`;
  return {
    arguments: z.never({ error: message }),
    create() {
      throw new Error(message);
    },
  };
}

/**
 * Checks what can only be known when all queues exist: each dead-letter queue exists and allows its sources.
 *
 * @throws Error with the source's address and what to do
 */
export function checkRedrives(queues: Queues): void {
  for (const { arn, settings } of queues.all) {
    if (!settings.redrive) continue;
    const { deadLetterTargetArn } = settings.redrive;
    const target = queues.find(deadLetterTargetArn);
    if (!target)
      throw new Error(`${settings.address}: redrive_policy names a queue that does not exist: ${deadLetterTargetArn}`);
    const { redrivePermission, sourceQueueArns } = target.settings.redriveAllow ?? { redrivePermission: 'allowAll' };
    if (redrivePermission === 'allowAll' || sourceQueueArns?.includes(arn)) continue;
    throw new Error(
      `${settings.address}: its dead-letter queue ${target.settings.address} does not allow it: ` +
        `add ${arn} to sourceQueueArns in redrive_allow_policy, which is ${redrivePermission} now`,
    );
  }
}
