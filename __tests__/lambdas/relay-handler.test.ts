import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { relayHandler } from '../../lambdas/shared/relay-handler';
import { captured } from './output';

const context = { functionName: 'user-relay', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;
const batch = (...users: string[]): DynamoDBStreamEvent => ({
  Records: users.map((user, i) => ({
    eventID: `event-${i}`,
    dynamodb: { SequenceNumber: `${i}`, ApproximateCreationDateTime: 1, Keys: { id: { S: user } } },
  })),
});

async function run(...users: string[]) {
  process.env['EVENT_BUS'] = 'events';
  const send = jest
    .spyOn(EventBridgeClient.prototype, 'send')
    .mockImplementation(async ({ input }: any) => ({ Entries: input.Entries.map(() => ({ EventId: '1' })) }));
  const handler = relayHandler('user-relay', ({ eventID, dynamodb }) => {
    const subject = dynamodb!.Keys!.id!.S!;
    if (subject === 'bob') throw new TypeError('data.email: missing');
    const ids = { id: eventID!, subject, correlationId: 'c', causationId: 'c' };
    const metadata = { ...ids, source: 's', type: 'T', time: '2026-01-01T00:00:00.000Z', dataversion: '1' };
    return { metadata, data: { secret: 'hunter2' } };
  });
  try {
    return await captured(async () => handler(batch(...users), context));
  } finally {
    send.mockRestore();
  }
}

test('reports exactly what was not published, by sequence number', async () => {
  const { result } = await run('ada', 'bob', 'joe', 'bob');
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '3' }] });
});

test('logs ids and reasons, never payloads, and counts', async () => {
  const { lines } = await run('ada', 'bob');
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'published', eventId: 'event-0', type: 'T', subject: 'ada' }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      message: 'failed',
      eventId: 'event-1',
      error: expect.objectContaining({ name: 'TypeError' }),
    }),
  );
  const metrics = lines.find((line) => line._aws)!;
  expect(metrics).toMatchObject({ service: 'user-relay', Published: 1, Failed: 1 });
  expect(metrics.Age).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
