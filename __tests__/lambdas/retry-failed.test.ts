import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import type * as module from '../../lambdas/notifications/retry-failed';
import { MessagesTable } from './messages-table';
import { captured } from './output';

const context = { functionName: 'outbox-dev-retry-failed', awsRequestId: '1', memoryLimitInMB: '256' } as Context;
const failed = (id: string, attempts: number) => ({
  id: { S: id },
  sendStatus: { S: 'Failure' },
  attempts: { N: `${attempts}` },
});

async function run(messages: MessagesTable, start: () => Promise<object> = async () => ({})) {
  Object.assign(process.env, { MESSAGES_TABLE: 'messages', STATE_MACHINE_ARN: 'arn:machine', LEASE_SECONDS: '900' });
  const table = jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation((messages.client as any).send);
  const machine = jest.spyOn(SFNClient.prototype, 'send').mockImplementation(start);
  const { handler } = jest.requireActual<typeof module>('../../lambdas/notifications/retry-failed');
  try {
    return await captured(async () => handler({}, context).catch((error: Error) => error));
  } finally {
    for (const spy of [table, machine]) spy.mockRestore();
  }
}

test('counts what it restarts and what waits for a person, whenever that was abandoned', async () => {
  const abandoned = { ...failed('0', 5), sendStatus: { S: 'Abandoned' } };
  const messages = await new MessagesTable().make(abandoned, failed('1', 1), failed('2', 5));
  const { result, lines } = await run(messages);
  expect(result).toBeUndefined();
  const measured = { service: 'retry-failed', function_name: context.functionName };
  expect(lines.find((line) => line._aws)).toMatchObject({ ...measured, Redelivered: 1, Abandoned: 2 });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'restarted', messageId: '1' }));
  expect(lines).toContainEqual(expect.objectContaining({ message: 'abandoned', messageId: '2' }));
});

test('reports that nothing waits, so that the alarm ends', async () => {
  const { lines } = await run(await new MessagesTable().make());
  expect(lines.find((line) => line._aws)).toMatchObject({ Redelivered: 0, Abandoned: 0 });
});

test('fails when a message could not be restarted, after the metrics are out', async () => {
  const messages = await new MessagesTable().make(failed('1', 1), failed('2', 5));
  const { result, lines } = await run(messages, async () => Promise.reject(new Error('slow down')));
  expect(result).toMatchObject({ message: '1 of 2 messages could not be redelivered' });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'failed', messageId: '1' }));
  expect(lines.find((line) => line._aws)).toMatchObject({ Redelivered: 0, Abandoned: 1 });
});
