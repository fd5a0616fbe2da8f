import { dev, type Orders, startOrders } from './orders';
import { invoke, userChanges, userFailures } from './user-flows';

let local: Orders;
beforeEach(async () => {
  local = await startOrders();
});
afterEach(async () => local.stop());

interface Published {
  readonly hop: number;
  readonly type: string;
  readonly metadata: { readonly id: string; readonly subject: string };
  readonly data: { readonly version: number; readonly changes?: object };
}

/** Domain events that the bus accepted, in order. */
function published(): Published[] {
  return local.timeline.hops
    .filter(({ operation, outcome, summary }) => {
      return operation === 'PutEvents' && outcome === 'ok' && summary.includes('from user.event');
    })
    .map(({ id: hop, data }) => {
      const { 'detail-type': type, detail } = data!.event as any;
      return { hop, type, metadata: detail.metadata, data: detail.data };
    });
}

async function ids(table: string): Promise<string[]> {
  const { Items } = await local.call('dynamodb', 'Scan', { TableName: dev(table) });
  return (Items as any[]).map(({ userId }) => userId.S as string).sort();
}

/** Types of each user's events, in the order in which the bus accepted them first. */
function firstPublished(): Record<string, string[]> {
  const firsts = new Map<string, Set<string>>();
  for (const { type, metadata } of published())
    firsts.set(metadata.subject, (firsts.get(metadata.subject) ?? new Set()).add(type));
  return Object.fromEntries([...firsts].map(([subject, types]) => [subject, [...types]]));
}

/** Each consumer has written once for each user, and for nobody else. */
async function expectOneEffectEach(users: readonly string[]): Promise<void> {
  for (const table of ['user-audit', 'user-welcomes']) {
    expect(await ids(table)).toEqual([...users].sort());
    const writes = local.timeline.hops
      .filter(({ resource, outcome }) => outcome === 'ok' && resource.endsWith(`table/${dev(table)}`))
      .map(({ summary }) => /userId=([\w-]+)/.exec(summary)![1]!);
    expect(writes.sort()).toEqual([...users].sort());
  }
}

const deadLetterQueues = ['audit-user-dlq', 'welcome-user-dlq', 'user-created-rule-dlq'];

test('each change is announced once, with what changed, and both consumers take the first', async () => {
  await userChanges(local);
  expect(published()).toMatchObject([
    { type: 'UserCreated', metadata: { subject: 'ada' }, data: { version: 1, email: 'ada@example.com' } },
    { type: 'UserUpdated', data: { version: 2, changes: { email: 'ada@example.org' } } },
    { type: 'UserDeleted', data: { id: 'ada' } },
  ]);
  expect(local.timeline.hops.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
});

test('a repeat is the same user; another content is refused; a wrong field is named', async () => {
  const ada = { id: 'ada', username: 'ada', email: 'ada@example.com' };
  await invoke(local, 'create-user', ada);
  expect(await invoke(local, 'create-user', ada)).toEqual({ id: 'ada', version: 1, created: false });
  await expect(invoke(local, 'create-user', { ...ada, email: 'eve@example.com' })).rejects.toThrow('UserExists');
  await expect(invoke(local, 'create-user', { username: '', email: 'x' })).rejects.toThrow(/username: .*; email: /);
  await expect(invoke(local, 'update-user', { id: 'nobody', username: 'nobody' })).rejects.toThrow('UserNotFound');
  await local.pass(60_000);
  expect(published()).toHaveLength(1);
});

test('what cannot be published, delivered or consumed is kept for a person, and the next user is not held up for long', async () => {
  await userFailures(local);
  await invoke(local, 'create-user', { id: 'next', username: 'next', email: 'next@example.com' });
  await local.pass(60_000);
  expect(await ids('user-welcomes')).toEqual(['next']);
  expect(await ids('user-audit')).toEqual(['next']);
});

test('300 users through throttles, failures in whole and in part, and kills of the relay: nothing lost, one effect each, in order per user', async () => {
  const chaos = { times: Number.POSITIVE_INFINITY, service: 'events', operation: 'PutEvents' };
  for (const effect of ['throttle', 'failBefore', 'failAfter', 'kill', 'killAfter', 'partial'] as const)
    local.faults.add({ ...chaos, effect, probability: 0.04 });
  for (const name of ['audit-user', 'welcome-user']) {
    const principal = `role/${dev(name)}`;
    local.faults.add({
      times: Number.POSITIVE_INFINITY,
      service: 'dynamodb',
      principal,
      effect: 'killAfter',
      probability: 0.02,
    });
  }
  const users = Array.from({ length: 300 }, (_, index) => `user-${index}`);
  for (let index = 0; index < users.length; index += 20) {
    await Promise.all(
      users.slice(index, index + 20).map(async (id) => {
        await invoke(local, 'create-user', { id, username: id, email: `${id}@example.com` });
        await invoke(local, 'update-user', { id, displayName: 'changed' });
        await invoke(local, 'delete-user', { id });
      }),
    );
    await local.pass(1000);
  }
  await local.pass(2 * 3_600_000);

  expect(firstPublished()).toEqual(
    Object.fromEntries(users.map((id) => [id, ['UserCreated', 'UserUpdated', 'UserDeleted']])),
  );
  expect(published().length).toBeGreaterThan(900);
  await expectOneEffectEach(users);
  const inPart = local.timeline.hops.filter(({ operation, outcome, summary }) => {
    return operation === 'PutEvents' && outcome === 'failed' && /^(Throttling|InternalFailure)/.test(summary);
  });
  expect(inPart.length).toBeGreaterThan(0);
  for (const queue of deadLetterQueues) expect([queue, await local.depth(queue)]).toEqual([queue, 0]);
  const bucket = dev('user-failures-000000000000');
  expect(await local.call('s3', 'ListObjectsV2', { Bucket: bucket })).toMatchObject({ KeyCount: 0 });
});

test('a relay that is killed between two requests of one batch: nothing lost, one effect each, in order per user', async () => {
  await invoke(local, 'create-user', { id: 'quiet', username: 'quiet', email: 'quiet@example.com' });
  await local.pass(60_000);
  // A change that is no event waits for the throttled relay: what follows makes one batch.
  local.faults.add({ service: 'lambda', operation: 'Invoke', resource: dev('user-relay'), effect: 'throttle' });
  await local.call('dynamodb', 'UpdateItem', {
    TableName: dev('users'),
    Key: { id: { S: 'quiet' } },
    UpdateExpression: 'SET note = :note',
    ExpressionAttributeValues: { ':note': { S: 'no event' } },
  });
  const users = Array.from({ length: 5 }, (_, index) => `user-${index}`);
  for (const id of users) await invoke(local, 'create-user', { id, username: id, email: `${id}@example.com` });
  for (const id of users) await invoke(local, 'update-user', { id, displayName: 'changed' });
  const before = published().length;
  local.faults.add({ service: 'events', operation: 'PutEvents', effect: 'killAfter' });
  await local.pass(3_600_000);

  const killed = local.timeline.hops.find(({ summary }) => summary.startsWith('SandboxKilled'))!;
  const batch = local.timeline.hops.find(({ id }) => id === killed.parents[0])!;
  const announced = published().slice(before);
  const firstRequest = announced.filter(({ hop }) => hop < killed.id);
  expect(firstRequest.length).toBeGreaterThan(0);
  expect(batch.parents.length).toBeGreaterThan(firstRequest.length);
  expect(announced.length - firstRequest.length).toBeGreaterThanOrEqual(batch.parents.length);
  const { quiet: _, ...first } = firstPublished();
  expect(first).toEqual(Object.fromEntries(users.map((id) => [id, ['UserCreated', 'UserUpdated']])));
  await expectOneEffectEach(['quiet', ...users]);
});
