import { deadLetterQueue } from '../../../lambdas/claim-check/dead-letter';
import { Unprocessable } from '../../../lambdas/claim-check/unprocessable';
import { record } from './messages';

const maxBytes = 1000;
const why = new Unprocessable('NotJson', 'The message body is not JSON');

async function sent(body: string): Promise<any> {
  const inputs: object[] = [];
  const client = { send: async ({ input }: { input: object }) => inputs.push(input) } as never;
  await deadLetterQueue({ client, queueUrl: 'https://queue', maxBytes })(record(body, 'sqs-1'), why);
  expect(inputs).toHaveLength(1);
  return inputs[0];
}

test('a message goes with why, and where it came from', async () => {
  expect(await sent('secret')).toEqual({
    QueueUrl: 'https://queue',
    MessageBody: 'secret',
    MessageAttributes: {
      ERROR_CODE: { DataType: 'String', StringValue: 'NotJson' },
      ERROR_MESSAGE: { DataType: 'String', StringValue: 'The message body is not JSON' },
      MESSAGE_ID: { DataType: 'String', StringValue: 'sqs-1' },
    },
  });
});

test('one that leaves no room for that goes as it is', async () => {
  const attributes = (await sent('')).MessageAttributes as Record<string, { DataType: string; StringValue: string }>;
  const bytes = Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue }]) => sum + `${name}${DataType}${StringValue}`.length,
    0,
  );
  expect(await sent('x'.repeat(maxBytes - bytes))).toHaveProperty('MessageAttributes');
  expect(await sent('x'.repeat(maxBytes - bytes + 1))).not.toHaveProperty('MessageAttributes');
});

test('a refusal is passed on', async () => {
  const error = new Error('denied');
  const client = { send: async () => Promise.reject(error) } as never;
  const send = deadLetterQueue({ client, queueUrl: 'https://queue', maxBytes });
  await expect(send(record('x'), why)).rejects.toBe(error);
});
