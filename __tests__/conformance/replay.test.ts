import type { Hop } from '../../local/timeline';
import { consumed, dev, type Orders, startOrders } from './orders';

let orders: Orders;
beforeEach(async () => {
  orders = await startOrders();
});
afterEach(async () => orders.stop());

const queues = ['order-confirmation', 'order-statistics'];
const bothConsumed = (hop: Hop) => queues.some((queue) => consumed(queue)(hop));
/** Effects that the inbox refused, for the event has had them. */
const duplicates = () =>
  orders.timeline.hops.filter(
    ({ operation, outcome, summary }) =>
      operation === 'TransactWriteItems' && outcome === 'failed' && summary.includes('[ConditionalCheckFailed,'),
  );
const bad = () => orders.timeline.hops.filter(({ outcome }) => outcome === 'denied' || outcome === 'dead-lettered');

const attribute = (begin: string, name = 'arn'): string => {
  const [found, another] = orders.resources.filter(({ address }) => address.split('/')[1]!.startsWith(begin));
  if (!found || another) throw new Error(`not one resource begins with ${begin}`);
  return found.attributes[name] as string;
};

/** Replays all that the archive keeps, as an operator does; resolves when the replay has ended. */
async function replay(name: string, FilterArns: string[] = []): Promise<void> {
  await orders.call('events', 'StartReplay', {
    ReplayName: name,
    EventSourceArn: attribute('aws_cloudwatch_event_archive.'),
    EventStartTime: 0,
    EventEndTime: orders.clock.now() / 1000 + 1,
    Destination: { Arn: attribute('aws_cloudwatch_event_bus.'), FilterArns },
  });
  await orders.timeline.waitFor(({ operation, summary }) => operation === 'replay-end' && summary.startsWith(name));
  expect(await orders.call('events', 'DescribeReplay', { ReplayName: name })).toMatchObject({ State: 'COMPLETED' });
}

test('what is replayed arrives again, and changes nothing', async () => {
  const keys = ['one', 'two', 'three'];
  for (const key of keys) {
    await orders.send('CREATED', key);
    await orders.pass(60_000);
  }
  await orders.timeline.waitFor(bothConsumed, { count: 6 });
  expect(duplicates()).toEqual([]);
  for (const [index, name] of ['mend-1', 'mend-2'].entries()) {
    await replay(name);
    await orders.timeline.waitFor(bothConsumed, { count: 12 + 6 * index });
  }
  await orders.pass(600_000);
  expect(duplicates()).toHaveLength(12);
  expect((await orders.confirmed()).sort()).toEqual([...keys].sort());
  expect(await orders.counted()).toEqual({ CREATED: 3 });
  const archive = await orders.call('events', 'DescribeArchive', {
    ArchiveName: attribute('aws_cloudwatch_event_archive.', 'name'),
  });
  expect(archive.EventCount).toBe(3);
  expect(bad()).toEqual([]);
});

test('effects that were lost with the messages of a queue come with a replay to the rule, once each', async () => {
  const keys = ['one', 'two', 'three'];
  const clear = orders.faults.add({
    service: 'sqs',
    operation: 'ReceiveMessage',
    resource: dev('order-confirmation'),
    effect: 'throttle',
    times: 1_000_000,
  });
  for (const key of keys) await orders.send('CREATED', key);
  await orders.timeline.waitFor(consumed('order-statistics'), { count: 3 });
  expect(await orders.depth('order-confirmation')).toBe(3);
  await orders.call('sqs', 'PurgeQueue', { QueueUrl: orders.queueUrl('order-confirmation') });
  clear();
  await orders.pass(3_600_000);
  expect(await orders.confirmed()).toEqual([]);

  await replay('mend', [attribute('aws_cloudwatch_event_rule.order-created')]);
  await orders.timeline.waitFor(bothConsumed, { count: 9 });
  await orders.pass(600_000);
  expect((await orders.confirmed()).sort()).toEqual([...keys].sort());
  expect(await orders.counted()).toEqual({ CREATED: 3 });
  expect(duplicates()).toHaveLength(3);
  expect(bad()).toEqual([]);
});

test('what a disabled rule has let pass is not lost to it either', async () => {
  const Name = dev('order-created');
  const EventBusName = attribute('aws_cloudwatch_event_bus.', 'name');
  await orders.call('events', 'DisableRule', { Name, EventBusName });
  await orders.send('CREATED', 'missed');
  await orders.timeline.waitFor(({ service, outcome }) => service === 'events' && outcome === 'filtered');
  await orders.call('events', 'EnableRule', { Name, EventBusName });
  await orders.send('CREATED', 'seen');
  await orders.timeline.waitFor(bothConsumed, { count: 2 });
  expect(await orders.confirmed()).toEqual(['seen']);

  await replay('mend', [attribute('aws_cloudwatch_event_rule.order-created')]);
  await orders.timeline.waitFor(bothConsumed, { count: 6 });
  await orders.pass(600_000);
  expect((await orders.confirmed()).sort()).toEqual(['missed', 'seen']);
  expect(await orders.counted()).toEqual({ CREATED: 2 });
});
