import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation } from '../../service';
import type { Queue } from './queue';
import type { Queues } from './queues';

const attributesInput = z.object({ QueueUrl: z.string().optional(), AttributeNames: z.array(z.string()).optional() });
const tagsInput = z.object({ QueueUrl: z.string().optional() });

const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
const seconds = (time: number) => String(Math.floor(time / 1000));

const attributes: Readonly<Record<string, (queue: Queue) => string | undefined>> = {
  QueueArn: (queue) => queue.arn,
  ApproximateNumberOfMessages: (queue) => String(queue.counts.visible),
  ApproximateNumberOfMessagesNotVisible: (queue) => String(queue.counts.inFlight),
  ApproximateNumberOfMessagesDelayed: (queue) => String(queue.counts.delayed),
  CreatedTimestamp: (queue) => seconds(queue.createdAt),
  LastModifiedTimestamp: (queue) => seconds(queue.createdAt),
  VisibilityTimeout: ({ settings }) => String(settings.visibility),
  MaximumMessageSize: ({ settings }) => String(settings.maximumSize),
  MessageRetentionPeriod: ({ settings }) => String(settings.retention),
  DelaySeconds: ({ settings }) => String(settings.delay),
  ReceiveMessageWaitTimeSeconds: ({ settings }) => String(settings.wait),
  Policy: ({ settings }) => settings.policy,
  RedrivePolicy: ({ settings }) => json(settings.redrive),
  RedriveAllowPolicy: ({ settings }) => json(settings.redriveAllow),
  KmsMasterKeyId: ({ settings }) => settings.key?.id,
  KmsDataKeyReusePeriodSeconds: ({ settings }) => (settings.key ? String(settings.key.reuse) : undefined),
  SqsManagedSseEnabled: ({ settings }) => String(settings.managedEncryption),
  FifoQueue: () => undefined,
  ContentBasedDeduplication: () => undefined,
  DeduplicationScope: () => undefined,
  FifoThroughputLimit: () => undefined,
};

/** GetQueueAttributes. */
export function getQueueAttributes(queues: Queues): Operation<z.infer<typeof attributesInput>> {
  return {
    input: attributesInput,
    permissions: (input) => queues.allow('GetQueueAttributes', queues.at(input.QueueUrl)),
    run(input) {
      const queue = queues.at(input.QueueUrl);
      const names = input.AttributeNames ?? [];
      const unknown = names.find((name) => name !== 'All' && !(name in attributes));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const found = Object.entries(attributes)
        .filter(([name]) => names.includes('All') || names.includes(name))
        .map(([name, read]) => [name, read(queue)] as const)
        .filter(([, value]) => value !== undefined);
      return found.length > 0 ? { Attributes: Object.fromEntries(found) } : {};
    },
  };
}

/** ListQueueTags. */
export function listQueueTags(queues: Queues): Operation<z.infer<typeof tagsInput>> {
  return {
    input: tagsInput,
    permissions: (input) => queues.allow('ListQueueTags', queues.at(input.QueueUrl)),
    run(input) {
      const { tags } = queues.at(input.QueueUrl).settings;
      return Object.keys(tags).length > 0 ? { Tags: tags } : {};
    },
  };
}
