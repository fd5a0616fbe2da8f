import type { Hop } from '../../local/timeline';
import { consumed, dev, type Orders, startOrders } from './orders';

let orders: Orders;
beforeEach(async () => {
  orders = await startOrders();
});
afterEach(async () => orders.stop());

const bothConsumed = (hop: Hop) => consumed('order-confirmation')(hop) || consumed('order-statistics')(hop);
const deadLetterQueues = [
  'orders-pipe-dlq',
  'order-created-rule-dlq',
  'order-confirmation-dlq',
  'order-statistics-dlq',
];
const denials = () => orders.timeline.hops.filter(({ outcome }) => outcome === 'denied');

test('a created order reaches both effects, and every call on its way is allowed', async () => {
  const { status, body } = await orders.send('CREATED');
  expect(status).toBe(200);
  await orders.timeline.waitFor(bothConsumed, { count: 2 });
  expect(await orders.confirmed()).toEqual([body.id]);
  expect(await orders.counted()).toEqual({ CREATED: 1 });
  expect(denials()).toEqual([]);
});

test('statuses that begin with CREATED match too, others reach no consumer', async () => {
  await orders.send('CREATED_BY_PHONE', 'phone');
  await orders.send('SHIPPED', 'shipped');
  await orders.timeline.waitFor(bothConsumed, { count: 2 });
  await orders.timeline.waitFor((hop) => hop.service === 'events' && hop.outcome === 'filtered');
  await orders.pass(60_000);
  expect(await orders.confirmed()).toEqual(['phone']);
  expect(await orders.counted()).toEqual({ CREATED_BY_PHONE: 1 });
});

test('a repeated key answers with the first order and changes nothing', async () => {
  const first = await orders.send('CREATED', 'once');
  await orders.pass(5000);
  const second = await orders.send('CREATED', 'once');
  expect(second).toEqual(first);
  await orders.pass(60_000);
  expect(await orders.confirmed()).toEqual(['once']);
  expect(await orders.counted()).toEqual({ CREATED: 1 });
});

test('concurrent repeats of a key are one order', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, async () => orders.send('CREATED', 'at once')));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  await orders.pass(60_000);
  expect(await orders.counted()).toEqual({ CREATED: 1 });
});

test('a key that belongs to an order with another status is a conflict', async () => {
  await orders.send('CREATED', 'mine');
  expect(await orders.send('SHIPPED', 'mine')).toEqual({
    status: 409,
    body: { message: expect.stringContaining('another Status') },
  });
});

test('an update of an order, by another writer, is announced as well; a deletion is not', async () => {
  const { body } = await orders.send('CREATED', 'changing');
  await orders.timeline.waitFor(bothConsumed, { count: 2 });
  const Key = { id: { S: body.id }, createdAt: { N: String(body.createdAt) } };
  await orders.call('dynamodb', 'UpdateItem', {
    TableName: dev('orders'),
    Key,
    UpdateExpression: 'SET #s = :s',
    ExpressionAttributeNames: { '#s': 'Status' },
    ExpressionAttributeValues: { ':s': { S: 'CREATED_AGAIN' } },
  });
  await orders.timeline.waitFor(bothConsumed, { count: 4 });
  await orders.call('dynamodb', 'DeleteItem', { TableName: dev('orders'), Key });
  await orders.pass(60_000);
  expect(await orders.counted()).toEqual({ CREATED: 1, CREATED_AGAIN: 1 });
});

test('500 orders through duplicates, kills, throttles and failures are confirmed and counted exactly once', async () => {
  const chaos = { times: Number.POSITIVE_INFINITY };
  const functions = ['order-confirmation', 'order-statistics'].map((name) => `role/${dev(name)}`);
  for (const principal of functions) {
    orders.faults.add({ ...chaos, service: 'dynamodb', principal, effect: 'kill', probability: 0.01 });
    orders.faults.add({ ...chaos, service: 'dynamodb', principal, effect: 'killAfter', probability: 0.01 });
    orders.faults.add({ ...chaos, service: 'dynamodb', principal, effect: 'throttle', probability: 0.03 });
    orders.faults.add({
      ...chaos,
      service: 'sqs',
      operation: 'DeleteMessageBatch',
      principal,
      effect: 'failBefore',
      probability: 0.05,
    });
  }
  orders.faults.add({
    ...chaos,
    service: 'dynamodb',
    principal: `role/${dev('order-api')}`,
    effect: 'failAfter',
    probability: 0.03,
  });
  orders.faults.add({ ...chaos, service: 'events', operation: 'PutEvents', effect: 'failBefore', probability: 0.05 });
  orders.faults.add({ ...chaos, service: 'events', operation: 'PutEvents', effect: 'failAfter', probability: 0.05 });
  orders.faults.add({ ...chaos, service: 'events', operation: 'PutEvents', effect: 'throttle', probability: 0.05 });
  orders.faults.add({ ...chaos, service: 'sqs', operation: 'SendMessage', effect: 'duplicate', probability: 0.1 });
  orders.faults.add({ ...chaos, service: 'sqs', operation: 'SendMessage', effect: 'failBefore', probability: 0.02 });

  const keys = Array.from({ length: 500 }, (_, index) => `order-${index}`);
  for (let index = 0; index < keys.length; index += 25) {
    await Promise.all(keys.slice(index, index + 25).map(async (key) => orders.sendUntilAnswered('CREATED', key)));
    await orders.pass(1000);
  }
  await orders.pass(4 * 3_600_000);

  const waiting: Record<string, number> = {};
  for (const queue of deadLetterQueues) waiting[queue] = await orders.depth(queue);
  expect(waiting).toEqual(Object.fromEntries(deadLetterQueues.map((queue) => [queue, 0])));
  expect((await orders.confirmed()).sort()).toEqual([...keys].sort());
  expect(await orders.counted()).toEqual({ CREATED: 500 });
  const effects = new Set(orders.timeline.hops.filter(({ outcome }) => outcome !== 'ok').map(({ outcome }) => outcome));
  expect([...effects]).toEqual(expect.arrayContaining(['failed', 'throttled']));
  expect(denials()).toEqual([]);
});

test('a poison record ends in the DLQ of the pipe after its attempts, and later orders of its shard arrive', async () => {
  await orders.send('CREATED', 'before');
  await orders.timeline.waitFor(bothConsumed, { count: 2 });
  // 300 KB of attributes make an event that no PutEvents of one million bytes refuses, but one of four does.
  const huge = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`a${i}`, { S: '\u0001'.repeat(120_000) }]));
  const Item = { id: { S: 'poison' }, createdAt: { N: '1' }, Status: { S: 'CREATED' }, ...huge };
  await orders.call('dynamodb', 'PutItem', { TableName: dev('orders'), Item });
  await orders.send('CREATED', 'after');
  await orders.timeline.waitFor(bothConsumed, { count: 4 });
  expect(await orders.depth('orders-pipe-dlq')).toBe(1);
  const { Messages } = await orders.call('sqs', 'ReceiveMessage', { QueueUrl: orders.queueUrl('orders-pipe-dlq') });
  expect(JSON.parse(Messages[0].Body)).toMatchObject({
    context: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: { batchSize: 1, streamArn: expect.stringContaining(`table/${dev('orders')}/stream/`) },
  });
  expect(Messages[0].Body).not.toContain('poison');
  expect((await orders.confirmed()).sort()).toEqual(['after', 'before']);
});

describe('a consumer that always fails', () => {
  beforeEach(() => {
    const principal = `role/${dev('order-statistics')}`;
    orders.faults.add({ service: 'dynamodb', principal, effect: 'failBefore', times: Number.POSITIVE_INFINITY });
  });

  test('dead-letters after five receives and leaves the other consumer alone', async () => {
    await orders.send('CREATED', 'one');
    await orders.timeline.waitFor((hop) => hop.outcome === 'dead-lettered');
    const receives = orders.timeline.hops.filter(
      (hop) => hop.operation === 'Invoke' && hop.outcome === 'ok' && hop.resource.endsWith(dev('order-statistics')),
    );
    expect(receives).toHaveLength(5);
    expect(await orders.depth('order-statistics-dlq')).toBe(1);
    expect(await orders.depth('order-confirmation-dlq')).toBe(0);
    expect(await orders.confirmed()).toEqual(['one']);
    expect(await orders.counted()).toEqual({});
  });

  test('processes the message once after it is mended and the queue redriven', async () => {
    await orders.send('CREATED', 'one');
    await orders.timeline.waitFor((hop) => hop.outcome === 'dead-lettered');
    orders.faults.clear();
    const SourceArn = orders.runtime.arn('sqs', dev('order-statistics-dlq'));
    await orders.call('sqs', 'StartMessageMoveTask', { SourceArn });
    await orders.timeline.waitFor(consumed('order-statistics'));
    await orders.pass(3_600_000);
    expect(await orders.counted()).toEqual({ CREATED: 1 });
    expect(await orders.depth('order-statistics-dlq')).toBe(0);
  });

  test('raises the alarm of its dead-letter queue, which tells the topic', async () => {
    await orders.send('CREATED', 'one');
    const raised = (hop: Hop) => hop.operation === 'alarm' && hop.summary.includes(': OK -> ALARM:');
    const [alarm] = await orders.timeline.waitFor(raised);
    expect(alarm!.resource).toContain(dev('order-statistics-dlq'));
    const told = (hop: Hop) => hop.service === 'sns' && hop.operation === 'Publish' && hop.parents.includes(alarm!.id);
    const [notification] = await orders.timeline.waitFor(told);
    expect(notification).toMatchObject({ outcome: 'ok', resource: orders.runtime.arn('sns', dev('alarms')) });
    expect(denials()).toEqual([]);
  });
});
