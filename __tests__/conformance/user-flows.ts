import type { Hop } from '../../local/timeline';
import { dev, type Orders } from './orders';

/** Invokes one of the functions that write users. */
export async function invoke({ call }: Orders, name: string, payload: object): Promise<unknown> {
  const { FunctionError, Payload } = await call('lambda', 'Invoke', {
    FunctionName: dev(name),
    Payload: JSON.stringify(payload),
  });
  if (FunctionError) throw new Error(String(Payload));
  return JSON.parse(String(Payload)) as unknown;
}

const written = (orders: Orders, table: string, id: string) =>
  orders.timeline.hops.filter(({ resource, summary, outcome }: Hop) => {
    return outcome === 'ok' && resource.endsWith(`table/${dev(table)}`) && summary.includes(`userId=${id}`);
  });

/** A user is created, updated and deleted: each change is on the bus, and the created one takes both effects. */
export async function userChanges(orders: Orders): Promise<void> {
  const id = 'ada';
  const created = { id, version: 1, created: true };
  expect(await invoke(orders, 'create-user', { id, username: id, email: 'ada@example.com' })).toEqual(created);
  expect(await invoke(orders, 'update-user', { id, email: 'ada@example.org' })).toEqual({ id, version: 2 });
  expect(await invoke(orders, 'delete-user', { id })).toEqual({ id, deleted: true });
  await orders.pass(5000);
  const published = orders.timeline.hops.filter(
    ({ operation, outcome }) => operation === 'PutEvents' && outcome === 'ok',
  );
  for (const type of ['UserCreated', 'UserUpdated', 'UserDeleted'])
    expect(published.filter(({ summary }) => summary.startsWith(type))).toHaveLength(1);
  for (const table of ['user-audit', 'user-welcomes']) expect(written(orders, table, id)).toHaveLength(1);
}

/** What cannot be published, delivered or consumed ends where a person finds it. */
export async function userFailures(orders: Orders): Promise<void> {
  const malformed = { id: { S: 'malformed' }, version: { S: 'none' } };
  await orders.call('dynamodb', 'PutItem', { TableName: dev('users'), Item: malformed });
  const entry = { EventBusName: dev('events'), Source: 'user.event', DetailType: 'UserCreated', Detail: '{"data":{}}' };
  await orders.call('events', 'PutEvents', { Entries: [entry] });
  await orders.pass(20 * 60_000);
  const bucket = dev('user-failures-000000000000');
  const kept = await orders.call('s3', 'ListObjectsV2', { Bucket: bucket });
  expect(kept).toMatchObject({ KeyCount: 1 });
  expect(await orders.depth('audit-user-dlq')).toBe(1);
  expect(await orders.depth('welcome-user-dlq')).toBe(1);
  const refused = { service: 'sqs', operation: 'SendMessage', resource: dev('welcome-user') };
  orders.faults.add({ ...refused, times: 5, effect: 'failBefore' });
  await orders.call('events', 'PutEvents', { Entries: [entry] });
  await orders.pass(30_000);
  expect(await orders.depth('user-created-rule-dlq')).toBe(1);
}
