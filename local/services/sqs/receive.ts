import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation } from '../../service';
import { digestOfAttributes, digestOfBody } from './digest';
import { checkRange } from './errors';
import { type QueueMessage, type ReceivedMessage, messageParents } from './message';
import type { Queues } from './queues';

const input = z.object({
  QueueUrl: z.string().optional(),
  AttributeNames: z.array(z.string()).optional(),
  MessageSystemAttributeNames: z.array(z.string()).optional(),
  MessageAttributeNames: z.array(z.string()).optional(),
  MaxNumberOfMessages: z.number().optional(),
  VisibilityTimeout: z.number().optional(),
  WaitTimeSeconds: z.number().optional(),
  // FIFO queues only: AWS lets it be here and does nothing with it.
  ReceiveRequestAttemptId: z.string().optional(),
});

const systemAttributes: Readonly<Record<string, (message: QueueMessage) => string | undefined>> = {
  SenderId: (message) => message.senderId,
  SentTimestamp: (message) => String(message.sentAt),
  ApproximateReceiveCount: (message) => String(message.receives),
  ApproximateFirstReceiveTimestamp: (message) => String(message.firstReceivedAt),
  AWSTraceHeader: (message) => message.contents.traceHeader,
  DeadLetterQueueSourceArn: (message) => message.source,
  MessageDeduplicationId: () => undefined,
  MessageGroupId: () => undefined,
  SequenceNumber: () => undefined,
};

/** ReceiveMessage. `Messages` is left out when there are none, as AWS does. */
export function receiveMessage(queues: Queues): Operation<z.infer<typeof input>> {
  const { runtime } = queues;
  return {
    input,
    permissions: ({ QueueUrl }) => queues.allowReceive(queues.at(QueueUrl)),
    async run(request) {
      const queue = queues.at(request.QueueUrl);
      checkRange('MaxNumberOfMessages', request.MaxNumberOfMessages, 1, 10);
      checkRange('VisibilityTimeout', request.VisibilityTimeout, 0, 43_200);
      checkRange('WaitTimeSeconds', request.WaitTimeSeconds, 0, 20);
      const names = [...(request.AttributeNames ?? []), ...(request.MessageSystemAttributeNames ?? [])];
      const unknown = names.find((name) => name !== 'All' && !(name in systemAttributes));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const count = request.MaxNumberOfMessages ?? 1;
      const visibility = request.VisibilityTimeout ?? queue.settings.visibility;
      const wait = request.WaitTimeSeconds ?? queue.settings.wait;
      const end = runtime.clock.now() + wait * 1000;
      let messages = queue.receive({ count, visibility, short: wait === 0 });
      while (messages.length === 0 && runtime.clock.now() < end && !queue.closed) {
        await runtime.untracked(queue.wait(end - runtime.clock.now()));
        messages = queue.receive({ count, visibility, short: false });
      }
      if (messages.length === 0) return {};
      queues.measure(queue, 'NumberOfMessagesReceived', messages.length);
      return { Messages: messages.map((message) => received(message, names, request.MessageAttributeNames ?? [])) };
    },
  };
}

function received(message: QueueMessage, systemNames: readonly string[], names: readonly string[]): ReceivedMessage {
  const { body, attributes } = message.contents;
  const system: Record<string, string> = {};
  for (const [name, read] of Object.entries(systemAttributes)) {
    const value = systemNames.includes('All') || systemNames.includes(name) ? read(message) : undefined;
    if (value !== undefined) system[name] = value;
  }
  const chosen = Object.fromEntries(
    Object.entries(attributes).filter(([name]) => names.some((pattern) => matches(name, pattern))),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle!,
    MD5OfBody: digestOfBody(body),
    Body: body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(chosen).length > 0 && {
      MD5OfMessageAttributes: digestOfAttributes(chosen),
      MessageAttributes: chosen,
    }),
    [messageParents]: message.parents,
  };
}

function matches(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
}
