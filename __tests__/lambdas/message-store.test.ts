import type { Undelivered } from '../../lambdas/notifications/message-store';
import { leaseSeconds, MessagesTable } from './messages-table';

let messages: MessagesTable;
const failure = { sendStatus: { S: 'Failure' }, deliveries: { N: '1' }, attempts: { N: '1' } };

beforeEach(async () => {
  messages = await new MessagesTable().make();
});

async function undelivered(): Promise<Undelivered[]> {
  const found: Undelivered[] = [];
  for await (const message of messages.store.undelivered()) found.push(message);
  return found;
}

async function put(id: string, attributes: object): Promise<Undelivered> {
  await messages.put({ id: { S: id }, message: { S: 'hello' }, claimedAt: messages.ago(2000), ...attributes });
  return (await undelivered()).find((message) => message.id === id)!;
}

describe('undelivered', () => {
  test('has what failed and claims that have ended, those first, and nothing else', async () => {
    await put('failed', failure);
    await put('ended', { sendStatus: { S: 'Sending' }, claimedAt: messages.ago(leaseSeconds) });
    await put('live', { sendStatus: { S: 'Sending' }, claimedAt: messages.ago(leaseSeconds - 1) });
    for (const sendStatus of ['Successful', 'Abandoned']) await put(sendStatus, { sendStatus: { S: sendStatus } });
    await messages.put({ id: { S: 'new' }, message: { S: 'hello' } });
    expect((await undelivered()).map(({ id }) => id)).toEqual(['ended', 'failed']);
  });

  test('shows what a claim depends on, and no message', async () => {
    await put('1', { ...failure, execution: { S: 'e' } });
    expect(await undelivered()).toEqual([
      { id: '1', sendStatus: 'Failure', deliveries: 1, attempts: 1, execution: 'e', claimedAt: messages.ago(2000).S },
    ]);
  });

  test('goes on with the next page, as far as it is asked to', async () => {
    const size = 'x'.repeat(1000);
    const ids = Array.from({ length: 5 }, (_, i) => `${i}`);
    for (const id of ids) await put(id, { ...failure, execution: { S: size } });
    const queries: object[] = [];
    messages.before = async (_operation, input) => {
      queries.push(input);
      input['Limit'] = 2;
    };
    expect((await undelivered()).map(({ id }) => id).sort()).toEqual(ids);
    // One for the claims that have ended, three for what failed.
    expect(queries).toHaveLength(4);
    queries.length = 0;
    for await (const _ of messages.store.undelivered()) break;
    expect(queries).toHaveLength(2);
  });
});

describe('claim', () => {
  test('counts the delivery, and leaves the attempts of one that failed', async () => {
    const message = await put('1', { ...failure, execution: { S: 'e1' }, reason: { S: 'NotFoundException' } });
    expect(await messages.store.claim(message)).toBe(2);
    expect(await messages.item('1')).toEqual({
      id: { S: '1' },
      message: { S: 'hello' },
      sendStatus: { S: 'Sending' },
      deliveries: { N: '2' },
      attempts: { N: '1' },
      claimedAt: messages.ago(0),
      reason: { S: 'NotFoundException' },
    });
  });

  test.each([
    ['an execution that did not say what became of it counts as an attempt', { execution: { S: 'e1' } }, '1'],
    ['a delivery that never began does not', {}, '0'],
  ])('%s', async (_what, attributes, attempts) => {
    const message = await put('1', { sendStatus: { S: 'Sending' }, deliveries: { N: '1' }, ...attributes });
    expect(await messages.store.claim(message)).toBe(2);
    expect(await messages.item('1')).toMatchObject({ attempts: { N: attempts } });
  });

  test.each([
    ['sent meanwhile', { sendStatus: { S: 'Successful' } }],
    ['claimed by another run', { sendStatus: { S: 'Sending' }, deliveries: { N: '2' } }],
    ['failed again meanwhile', { deliveries: { N: '2' } }],
    ['claimed by the execution that was late', { claimedAt: { S: '2026-01-01T00:00:00.000Z' } }],
  ])('what was %s stays as it is', async (_what, change) => {
    const message = await put('1', failure);
    await put('1', { ...failure, ...change });
    const item = await messages.item('1');
    expect(await messages.store.claim(message)).toBeUndefined();
    expect(await messages.store.abandon(message)).toBe(false);
    expect(await messages.item('1')).toEqual(item);
  });

  test('what was deleted is not made again', async () => {
    const message = await put('1', { sendStatus: { S: 'Failure' } });
    await messages.database.call('DeleteItem', { TableName: 'messages', Key: { id: { S: '1' } } });
    expect(await messages.store.claim({ id: '1', sendStatus: message.sendStatus })).toBeUndefined();
    expect(await messages.item('1')).toBeUndefined();
  });

  test('works for a message that a person has set to failed', async () => {
    await messages.put({ id: { S: '1' }, message: { S: 'hello' }, sendStatus: { S: 'Failure' } });
    const [message] = await undelivered();
    expect(await messages.store.claim(message!)).toBe(1);
  });

  test('what DynamoDB refuses otherwise is passed on', async () => {
    const message = await put('1', failure);
    const error = new Error('slow down');
    messages.before = async () => Promise.reject(error);
    await expect(messages.store.claim(message)).rejects.toBe(error);
  });
});

test('an abandoned message is found no more, but counted', async () => {
  const message = await put('1', { ...failure, attempts: { N: '5' } });
  expect(await messages.store.countAbandoned()).toBe(0);
  expect(await messages.store.abandon(message)).toBe(true);
  expect(await messages.item('1')).toMatchObject({
    sendStatus: { S: 'Abandoned' },
    abandonedAt: messages.ago(0),
    attempts: { N: '5' },
    deliveries: { N: '1' },
  });
  expect(await undelivered()).toEqual([]);
  expect(await messages.store.countAbandoned()).toBe(1);
});
