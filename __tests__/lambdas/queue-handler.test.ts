import type { Context, SQSEvent } from 'aws-lambda';
import type { Consumed } from '../../lambdas/shared/consume-once';
import { queueHandler } from '../../lambdas/shared/queue-handler';
import { captured } from './output';

const context = { functionName: 'mailer', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;
const consumed: Consumed = { outcome: 'processed', eventId: 'event-1', occurredAt: 0, ids: { orderId: 'order-1' } };

function batch(...bodies: string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body, eventSource: 'aws:sqs' }) as never),
  };
}

/** The lines a handler writes while it deals with a batch. */
async function run(bodies: string[], consume: (body: any) => Promise<Consumed>) {
  const { result: response, lines } = await captured(async () =>
    queueHandler('mailer', consume)(batch(...bodies), context),
  );
  return { response, lines };
}

test('only the messages that failed come back, and the others are consumed in order', async () => {
  const seen: number[] = [];
  const { response } = await run(['{"n":0}', '{"n":1}', '{"n":2}'], async ({ n }) => {
    seen.push(n);
    if (n === 1) throw new Error('not this one');
    return consumed;
  });
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  expect(seen).toEqual([0, 1, 2]);
});

test('a batch that fails as a whole is reported message by message', async () => {
  const { response } = await run(['not json', '{}'], async () => {
    throw new Error('no');
  });
  expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-1' }]);
});

test('ids are logged, payloads are not', async () => {
  const { lines } = await run(['{"secret":"hunter2"}', 'hunter2'], async () => consumed);
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'processed', eventId: 'event-1', orderId: 'order-1' }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ message: 'failed', messageId: 'message-1' }));
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('counts and ages are published as embedded metrics', async () => {
  const bodies = ['{"n":0}', '{"n":1}', '{"n":2}'];
  const { lines } = await run(bodies, async ({ n }) => {
    if (n === 2) throw new Error('no');
    return { ...consumed, outcome: n === 0 ? 'processed' : 'duplicate' };
  });
  const metrics = lines.find((line) => line._aws)!;
  expect(metrics._aws.CloudWatchMetrics[0]).toMatchObject({ Namespace: 'Outbox', Dimensions: [['service']] });
  expect(metrics).toMatchObject({ service: 'mailer', Processed: 1, Duplicate: 1, Failed: 1 });
  expect(metrics.Age).toBeGreaterThan(0);
});
