import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { messageOf } from '../../../lambdas/claim-check/message';
import type * as module from '../../../lambdas/claim-check/submit-sample';
import { captured } from '../output';

const context = { functionName: 'submit-sample', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;

async function submit(request: unknown) {
  process.env['QUEUE_URL'] = 'https://queue';
  const bodies: string[] = [];
  const send = jest.spyOn(SQSClient.prototype, 'send').mockImplementation(async ({ input }: any) => {
    expect(input.QueueUrl).toBe('https://queue');
    bodies.push(input.MessageBody);
  });
  const { handler } = jest.requireActual<typeof module>('../../../lambdas/claim-check/submit-sample');
  try {
    return { ...(await captured(async () => handler(request, context).catch((error: Error) => error))), bodies };
  } finally {
    send.mockRestore();
  }
}

test.each([256, 300_000, 1_048_576])('submits messages of %i bytes that are taken', async (size) => {
  const { result, bodies } = await submit({ size, count: 3 });
  expect(bodies.map((body) => Buffer.byteLength(body))).toEqual([size, size, size]);
  const messages = bodies.map(messageOf);
  expect(result).toEqual({ ids: messages.map(({ id }) => id) });
  expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
  for (const { type } of messages) expect(type).toBe('sample');
});

test('of the type that is asked for, though it be the longest', async () => {
  const type = 'a'.repeat(128);
  expect(messageOf((await submit({ size: 256, count: 1, type })).bodies[0]!).type).toBe(type);
});

test.each([
  ['nothing', undefined, 'request: must be an object'],
  ['no count', { size: 300 }, 'count: must be a whole number from 1 to 100'],
  ['too many', { size: 300, count: 101 }, 'count: must be a whole number from 1 to 100'],
  ['too small', { size: 255, count: 1 }, 'size: must be a whole number from 256 to 1048576: bytes of each message'],
  [
    'too large',
    { size: 1_048_577, count: 1 },
    'size: must be a whole number from 256 to 1048576: bytes of each message',
  ],
  [
    'a type that is none',
    { size: 300, count: 1, type: '1' },
    'type: must be 1 to 128 letters, digits, dots, dashes and underscores, a letter first',
  ],
  ['what it does not know', { size: 300, count: 1, kind: 'a' }, 'kind: no such field'],
])('%s is refused', async (_what, request, message) => {
  const { result, bodies } = await submit(request);
  expect(result).toMatchObject({ name: 'InvalidRequest', message });
  expect(bodies).toEqual([]);
});
