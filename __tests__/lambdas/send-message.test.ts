import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import type * as module from '../../lambdas/notifications/send-message';
import { captured } from './output';

const context = { functionName: 'outbox-dev-send-message', awsRequestId: '1', memoryLimitInMB: '256' } as Context;
const item = { id: { S: '1' }, message: { S: 'hunter2' }, sendStatus: { S: 'Sending' }, execution: { S: 'arn:e' } };

async function run(publish: () => Promise<object>, Item: object | undefined = item) {
  Object.assign(process.env, { MESSAGES_TABLE: 'messages', TOPIC_ARN: 'arn:topic' });
  const inputs: object[] = [];
  const read = jest
    .spyOn(DynamoDBClient.prototype, 'send')
    .mockImplementation(async ({ input }: any) => (inputs.push(input), { Item }));
  const write = jest
    .spyOn(SNSClient.prototype, 'send')
    .mockImplementation(async ({ input }: any) => (inputs.push(input), publish()));
  const { handler } = jest.requireActual<typeof module>('../../lambdas/notifications/send-message');
  try {
    const request = { id: '1', execution: 'arn:e' };
    return { ...(await captured(async () => handler(request, context).catch((error: Error) => error))), inputs };
  } finally {
    for (const spy of [read, write]) spy.mockRestore();
  }
}

test('reads the message as it is now and publishes it with its id, by which duplicates are told', async () => {
  const { result, inputs } = await run(async () => ({ MessageId: 'sns-1' }));
  expect(result).toEqual({ messageId: 'sns-1' });
  expect(inputs).toEqual([
    { TableName: 'messages', Key: { id: { S: '1' } }, ConsistentRead: true },
    {
      TopicArn: 'arn:topic',
      Message: 'hunter2',
      MessageAttributes: { id: { DataType: 'String', StringValue: '1' } },
    },
  ]);
});

test('the breaker’s metric says that it was sent, per function', async () => {
  const { lines } = await run(async () => ({ MessageId: 'sns-1' }));
  const metrics = lines.find((line) => line._aws)!;
  expect(metrics).toMatchObject({
    Sent: 1,
    SendFailed: 0,
    service: 'send-message',
    function_name: context.functionName,
  });
  expect(metrics._aws.CloudWatchMetrics).toEqual([
    expect.objectContaining({ Namespace: 'Outbox', Dimensions: [['service', 'function_name']] }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('or that it failed', async () => {
  const failure = Object.assign(new Error('no'), { name: 'NotFoundException' });
  const { result, lines } = await run(async () => Promise.reject(failure));
  expect(result).toBe(failure);
  expect(lines.find((line) => line._aws)).toMatchObject({ Sent: 0, SendFailed: 1 });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('nothing is measured of a message that is not to be sent', async () => {
  const { result, lines } = await run(async () => ({}), { ...item, sendStatus: { S: 'Successful' } });
  expect(result).toMatchObject({ name: 'ClaimLost' });
  expect(lines.filter((line) => line._aws)).toEqual([]);
});
