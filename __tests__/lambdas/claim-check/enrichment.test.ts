import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import type * as retrieveModule from '../../../lambdas/claim-check/retrieve-payload';
import type * as storeModule from '../../../lambdas/claim-check/store-payload';
import { captured } from '../output';
import { eventBody, nested, record } from './messages';

const context = { functionName: 'it', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;
const good = JSON.stringify({ id: '1', type: 'invoice', payload: 'hunter2' });

/** What a handler answers, sends and writes. */
async function run(
  name: 'store-payload' | 'retrieve-payload',
  records: SQSRecord[],
  answer: (operation: string, input: any) => Promise<unknown> = async () => ({}),
) {
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    CLAIMS_TABLE: 'claims',
    BUCKET: 'payloads',
    CLAIM_DAYS: '30',
    DEAD_LETTER_QUEUE_URL: 'https://dlq',
    MAX_MESSAGE_SIZE: '1048576',
  });
  const calls: { operation: string; input: any }[] = [];
  const send = async ({ constructor, input }: any) => {
    const operation = constructor.name.replace('Command', '');
    calls.push({ operation, input });
    return answer(operation, input);
  };
  const spies = [DynamoDBClient.prototype, SQSClient.prototype].map((client) =>
    jest.spyOn(client as { send: typeof send }, 'send').mockImplementation(send),
  );
  const { handler } =
    name === 'store-payload'
      ? jest.requireActual<typeof storeModule>('../../../lambdas/claim-check/store-payload')
      : jest.requireActual<typeof retrieveModule>('../../../lambdas/claim-check/retrieve-payload');
  try {
    const done = await captured(async () => handler(records, context).catch((error: Error) => error));
    return { ...done, result: done.result as any, calls, metrics: done.lines.find((line) => line._aws)! };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('store-payload answers with claims, and sends what is no message to the dead letters', async () => {
  const { result, calls, metrics, lines } = await run('store-payload', [
    record('hunter2', 'bad'),
    record(good, 'sqs-1'),
  ]);
  expect(result).toHaveLength(1);
  expect(result[0]).toMatchObject({
    messageId: 'sqs-1',
    metadata: { causationId: 'sqs-1' },
    data: { payloadType: 'invoice' },
  });
  expect(calls.map(({ operation }) => operation)).toEqual(['PutItem', 'SendMessage']);
  expect(calls[0]!.input.TableName).toBe('claims');
  expect(calls[1]!.input).toMatchObject({ QueueUrl: 'https://dlq', MessageBody: 'hunter2' });
  expect(metrics).toMatchObject({ Claimed: 1, DeadLettered: 1, service: 'store-payload' });
  expect(lines.find(({ message }) => message === 'dead-lettered')).toMatchObject({
    messageId: 'bad',
    reason: 'NotJson',
  });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('what is nested too deeply is dead-lettered, and its neighbour goes on', async () => {
  const { result, calls } = await run('store-payload', [record(nested(5000), 'deep'), record(good, 'sqs-1')]);
  expect(result).toEqual([expect.objectContaining({ messageId: 'sqs-1' })]);
  expect(calls.at(-1)!.input.MessageAttributes.ERROR_CODE.StringValue).toBe('NotAMessage');
});

test('retrieve-payload answers with messages', async () => {
  const stored = (await run('store-payload', [record(good)])).calls[0]!.input.Item;
  const event = (await run('store-payload', [record(good)])).result[0];
  const { result, metrics, lines } = await run('retrieve-payload', [record(eventBody(event))], async () => ({
    Item: stored,
  }));
  expect(result).toEqual([
    {
      messageId: 'message-1',
      id: '1',
      claim: expect.objectContaining({ claimId: event.data.claimId }),
      delivery: 'inline',
      payload: 'hunter2',
    },
  ]);
  expect(metrics).toMatchObject({ Retrieved: 1, DeadLettered: 0, service: 'retrieve-payload' });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('a claim without its message is dead-lettered, and nothing goes on', async () => {
  const event = (await run('store-payload', [record(good)])).result[0];
  const { result, calls } = await run('retrieve-payload', [record(eventBody(event))]);
  expect(result).toEqual([]);
  expect(calls[1]!.input.MessageAttributes.ERROR_CODE.StringValue).toBe('ClaimMissing');
});

test.each([
  ['a table', 'PutItem', [record(good)]],
  ['a dead-letter queue', 'SendMessage', [record(good), record('{', 'bad')]],
])('%s that refuses fails the batch: it comes back as a whole', async (_what, operation, records) => {
  const error = new Error('denied');
  const { result, metrics } = await run('store-payload', records, async (called) =>
    called === operation ? Promise.reject(error) : {},
  );
  expect(result).toBe(error);
  expect(metrics).toMatchObject({ Failed: records.length });
});
