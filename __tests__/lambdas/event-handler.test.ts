import type { Context } from 'aws-lambda';
import type { Consumed } from '../../lambdas/shared/consume-once';
import { eventHandler } from '../../lambdas/shared/event-handler';
import { captured } from './output';

const context = { functionName: 'auditor', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;
const consumed: Consumed = { outcome: 'processed', eventId: 'event-1', occurredAt: 0, ids: { userId: 'ada' } };

async function run(consume: (event: unknown) => Promise<Consumed>) {
  const handler = eventHandler('auditor', consume);
  return captured(async () => handler({ detail: 'hunter2' }, context).catch((error: Error) => error));
}

test('logs and counts an event that was consumed, without its payload', async () => {
  const { result, lines } = await run(async () => consumed);
  expect(result).toBeUndefined();
  expect(lines).toContainEqual(expect.objectContaining({ message: 'processed', eventId: 'event-1', userId: 'ada' }));
  expect(lines.find((line) => line._aws)).toMatchObject({ service: 'auditor', Processed: 1 });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('a failure fails the invocation, so that Lambda tries again, and is counted', async () => {
  const failure = new Error('not now');
  const { result, lines } = await run(async () => Promise.reject(failure));
  expect(result).toBe(failure);
  expect(lines).toContainEqual(expect.objectContaining({ message: 'failed', requestId: 'request-1' }));
  expect(lines.find((line) => line._aws)).toMatchObject({ Failed: 1 });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
