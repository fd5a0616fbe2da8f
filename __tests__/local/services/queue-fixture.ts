import { z } from 'zod';
import type { Runtime } from '../../../local/runtime';
import { type Service, jsonErrors } from '../../../local/service';
import { messageParents } from '../../../local/services/sqs/message';
import { runUntil } from '../../../local/simulation';
import { functionFixture } from './function-fixture';

export const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:orders';

interface Message {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
  receives: number;
  readonly parents: readonly number[];
}

/** A queue with visibility timeout, and nothing else. */
function queueService(runtime: Runtime, visibility: number) {
  const messages: Message[] = [];
  const receives: number[] = [];
  const now = () => runtime.clock.now();
  const operation = (action: string, run: (input: any) => unknown) => ({
    input: z.looseObject({ QueueUrl: z.literal(`${runtime.endpoint}/000000000000/orders`) }),
    permissions: () => [{ action: `sqs:${action}`, resource: queueArn }],
    run,
  });
  const service: Service = {
    name: 'sqs',
    errors: jsonErrors,
    resources: {},
    operations: {
      GetQueueAttributes: operation('GetQueueAttributes', () => ({
        Attributes: { VisibilityTimeout: String(visibility) },
      })),
      ReceiveMessage: operation('ReceiveMessage', ({ MaxNumberOfMessages }) => {
        const found = messages.filter((message) => message.visibleAt <= now()).slice(0, MaxNumberOfMessages);
        receives.push(found.length);
        for (const message of found) {
          message.visibleAt = now() + visibility * 1000;
          message.receives++;
          runtime.clock.schedule(visibility * 1000, () => runtime.signal(queueArn));
        }
        if (found.length === 0) return {};
        return {
          Messages: found.map((message) => ({
            MessageId: message.id,
            ReceiptHandle: `handle-${message.id}`,
            Body: message.body,
            MD5OfBody: 'md5',
            Attributes: { ApproximateReceiveCount: String(message.receives) },
            MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
            [messageParents]: message.parents,
          })),
        };
      }),
      DeleteMessageBatch: operation('DeleteMessage', ({ Entries }) => {
        for (const { ReceiptHandle } of Entries) {
          const place = messages.findIndex((message) => `handle-${message.id}` === ReceiptHandle);
          if (place >= 0) messages.splice(place, 1);
        }
        return { Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })), Failed: [] };
      }),
    },
  };
  const send = (...bodies: string[]) => {
    for (const body of bodies) {
      const parents = [
        runtime.timeline.record({ service: 'test', operation: 'send', resource: queueArn, summary: body }),
      ];
      messages.push({ id: `m-${body.slice(0, 20)}`, body, visibleAt: now(), receives: 0, parents });
    }
    runtime.signal(queueArn);
  };
  return { service, messages, receives, send };
}

/** A function `consumer` with a mapping to the queue. */
export async function mappingFixture(code: string, mapping: object = {}, given: object = {}, visibility = 30) {
  const base = functionFixture();
  const queue = queueService(base.runtime, visibility);
  base.runtime.register(queue.service);
  await base.addFunction('consumer', code, given);
  const created = await base.create('aws_lambda_event_source_mapping', 'orders', {
    event_source_arn: queueArn,
    function_name: 'consumer',
    ...mapping,
  });
  return {
    ...base,
    ...queue,
    mapping: created,
    /** Invocations that began. */
    starts: () => base.runtime.timeline.hops.filter((hop) => hop.operation === 'Invoke' && hop.outcome === 'ok'),
    until: async (done: () => boolean, limit?: number) => runUntil(base.runtime, base.clock, done, limit),
  };
}
