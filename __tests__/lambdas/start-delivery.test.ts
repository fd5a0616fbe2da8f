import { ExecutionAlreadyExists, SFNClient } from '@aws-sdk/client-sfn';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { startNew } from '../../lambdas/notifications/new-messages';
import type * as module from '../../lambdas/notifications/start-delivery';
import { captured } from './output';

const context = { functionName: 'start-delivery', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;
const insert = (id: string, SequenceNumber: string): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: { Keys: { id: { S: id } }, NewImage: { id: { S: id }, message: { S: 'hunter2' } }, SequenceNumber },
});

/** What the handler answers, sends and writes; `refuse` gives the error for a message. */
async function run(records: DynamoDBRecord[], refuse: (id: string) => Error | undefined = () => undefined) {
  process.env['STATE_MACHINE_ARN'] = 'arn:machine';
  const inputs: { id: string; delivery: number }[] = [];
  const send = jest.spyOn(SFNClient.prototype, 'send').mockImplementation(async ({ input }: any) => {
    inputs.push(JSON.parse(input.input));
    const error = refuse(inputs.at(-1)!.id);
    if (error) throw error;
  });
  const { handler } = jest.requireActual<typeof module>('../../lambdas/notifications/start-delivery');
  try {
    return { ...(await captured(async () => handler({ Records: records }, context))), inputs };
  } finally {
    send.mockRestore();
  }
}

test('each inserted message gets its first delivery', async () => {
  const { result, inputs } = await run([insert('a', '1'), insert('b', '2')]);
  expect(result).toEqual({ batchItemFailures: [] });
  expect(inputs).toEqual([
    { id: 'a', delivery: 1 },
    { id: 'b', delivery: 1 },
  ]);
});

test('those that could not be started come back, and no others', async () => {
  const { result } = await run([insert('a', '1'), insert('b', '2'), insert('c', '3')], (id) =>
    id === 'b' ? new Error('slow down') : undefined,
  );
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});

test('a record that comes twice is a success', async () => {
  const { result, lines } = await run(
    [insert('a', '1')],
    () => new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' }),
  );
  expect(result).toEqual({ batchItemFailures: [] });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'duplicate', messageId: 'a' }));
});

test('logs ids, never messages, and counts', async () => {
  const { lines } = await run([insert('a', '1'), insert('b', '2')], (id) =>
    id === 'b' ? new Error('slow down') : undefined,
  );
  expect(lines).toContainEqual(expect.objectContaining({ message: 'started', messageId: 'a' }));
  expect(lines).toContainEqual(expect.objectContaining({ message: 'failed', messageId: 'b' }));
  expect(lines.find((line) => line._aws)).toMatchObject({ service: 'start-delivery', Started: 1, Failed: 1 });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test.each([
  ['no sequence number', { dynamodb: { Keys: { id: { S: 'a' } } } }, /SequenceNumber/],
  ['another key', { dynamodb: { Keys: { name: { S: 'a' } }, SequenceNumber: '1' } }, /key "id"/],
])('a record with %s fails the batch', async (_what, record, message) => {
  await expect(startNew([record], async () => 'started')).rejects.toThrow(message);
});
