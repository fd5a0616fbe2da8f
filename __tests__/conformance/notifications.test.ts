import {
  abandonedAlarm,
  acknowledged,
  alarmState,
  breaker,
  executions,
  message,
  messages,
  notified,
  statuses,
  taken,
  tries,
} from './messages';
import { put, statusOf } from './notification-flows';
import { dev, type Orders, startOrders } from './orders';
import { invoke } from './user-flows';

const minutes = 60_000;
/** How long a claim holds: the timeout of an execution, and five minutes. */
const lease = 15 * minutes;
const always = { times: Number.POSITIVE_INFINITY };
const publish = { service: 'sns', operation: 'Publish', principal: `role/${dev('send-message')}` };
const send = { service: 'lambda', operation: 'Invoke', resource: dev('send-message') };
const topicAway = { ...always, ...publish, effect: 'failBefore' } as const;
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `message-${String(index).padStart(3, '0')}`);

let local: Orders;
beforeEach(async () => {
  local = await startOrders();
});
afterEach(async () => local.stop());

test('200 messages while every other publish fails: each is sent, once where the topic said so, and the breaker closes', async () => {
  // Half of the failures are answers that get lost: 1/4 fail before, a third of the others after.
  local.faults.add({ ...always, ...publish, effect: 'failBefore', probability: 1 / 4 });
  local.faults.add({ ...always, ...publish, effect: 'failAfter', probability: 1 / 3 });
  const marks = { ...always, service: 'dynamodb', principal: `role/${dev('delivery')}`, probability: 0.05 };
  for (const effect of ['throttle', 'failBefore', 'failAfter', 'duplicate'] as const)
    local.faults.add({ ...marks, effect });
  const starts = { ...always, service: 'states', operation: 'StartExecution', probability: 0.05 };
  local.faults.add({ ...starts, effect: 'failAfter' });
  const ids = numbered(200);
  for (let index = 0; index < ids.length; index += 20) {
    await Promise.all(ids.slice(index, index + 20).map(async (id) => put(local, id)));
    await local.pass(20_000);
  }
  expect((await statuses(local)).Failure).toBeGreaterThan(0);
  await local.pass(180 * minutes);

  expect(await statuses(local)).toEqual({ Successful: 200 });
  expect([...new Set(taken(local))].sort()).toEqual(ids);
  expect(taken(local).length).toBeGreaterThan(200);
  expect(acknowledged(local).sort()).toEqual(ids);
  expect(notified(local, breaker)).toContain('ALARM');
  expect(await alarmState(local, breaker)).toBe('OK');
  expect(await alarmState(local, abandonedAlarm)).toBe('OK');
  expect((await executions(local)).filter(({ status }) => status === 'RUNNING')).toEqual([]);
});

test('messages that fail too often are abandoned: an alarm tells a person, and nothing tries them again', async () => {
  const back = local.faults.add(topicAway);
  const ids = numbered(4);
  for (const id of ids) await put(local, id);
  await local.pass(180 * minutes);
  expect(await statuses(local)).toEqual({ Abandoned: 4 });
  for (const one of await messages(local)) expect(one).toMatchObject({ attempts: '5', reason: expect.any(String) });
  expect(await alarmState(local, abandonedAlarm)).toBe('ALARM');
  expect(notified(local, abandonedAlarm)).toEqual(['OK', 'ALARM']);

  back();
  const before = { tries: tries(local).length, executions: (await executions(local)).length };
  await local.pass(180 * minutes);
  expect({ tries: tries(local).length, executions: (await executions(local)).length }).toEqual(before);
  expect(await statuses(local)).toEqual({ Abandoned: 4 });
  expect(await alarmState(local, abandonedAlarm)).toBe('ALARM');
  expect(taken(local)).toEqual([]);
});

test('two retry runs that overlap restart each message once', async () => {
  const schedule = { service: 'lambda', operation: 'Invoke', principal: `role/${dev('retry-failed-schedule')}` };
  local.faults.add({ ...always, ...schedule, effect: 'failBefore' });
  const back = local.faults.add(topicAway);
  const ids = numbered(40);
  await Promise.all(ids.map(async (id) => put(local, id)));
  await local.pass(10 * minutes);
  expect(await statuses(local)).toEqual({ Failure: 40 });
  back();
  expect(await alarmState(local, breaker)).toBe('OK');
  const started = (await executions(local)).length;
  const met = bothRead(local);
  await Promise.all([invoke(local, 'retry-failed', {}), invoke(local, 'retry-failed', {})]);
  expect(met()).toBe(2);
  await local.pass(minutes);

  expect((await executions(local)).slice(started)).toHaveLength(40);
  const lost = local.timeline.hops.filter(({ principal, summary }) => {
    return principal?.includes(dev('retry-failed')) && summary.startsWith('ConditionalCheckFailedException');
  });
  expect(lost).toHaveLength(40);
  expect(await statuses(local)).toEqual({ Successful: 40 });
  expect(new Set((await messages(local)).map(({ deliveries }) => deliveries))).toEqual(new Set(['2']));
  expect(taken(local).sort()).toEqual(ids);
});

/** Holds back what two runs read of the failed messages until both have read. @returns how many have */
function bothRead({ runtime }: Orders): () => number {
  const { Query } = runtime.service('dynamodb').operations;
  const run = Query!.run;
  let both: () => void;
  const met = new Promise<void>((resolve) => (both = resolve));
  let readers = 0;
  Object.assign(Query!, {
    run: async (input: any, call: any) => {
      const answer = await run(input, call);
      if (input.ExpressionAttributeValues[':status'].S !== 'Failure' || readers === 2) return answer;
      if (++readers === 2) both();
      await met;
      return answer;
    },
  });
  return () => readers;
}

describe('an execution that ends half way', () => {
  test('between claim and send: the schedule sends the message when the claim has ended, not before', async () => {
    local.faults.add({ ...send, principal: `role/${dev('delivery')}`, effect: 'throttle' });
    await put(local, 'stopped');
    await local.timeline.waitFor(({ operation, outcome }) => operation === 'Invoke' && outcome === 'throttled');
    await stopOnly();
    expect(await message(local, 'stopped')).toMatchObject({ sendStatus: 'Sending', deliveries: '1' });
    await local.pass(lease - minutes);
    expect(await executions(local)).toHaveLength(1);
    expect(taken(local)).toEqual([]);
    await local.pass(10 * minutes);
    const recovered = { sendStatus: 'Successful', deliveries: '2', attempts: '1', messageId: expect.any(String) };
    expect(await message(local, 'stopped')).toMatchObject(recovered);
    expect(taken(local)).toEqual(['stopped']);
    expect((await executions(local)).map(({ status }) => status)).toEqual(['ABORTED', 'SUCCEEDED']);
  });

  test('after the sender published and died: the schedule sends the message again', async () => {
    local.faults.add({ ...publish, effect: 'killAfter' });
    await put(local, 'sent');
    await local.timeline.waitFor(({ summary }) => summary.includes('Runtime exited'));
    await stopOnly();
    expect(taken(local)).toEqual(['sent']);
    expect(await statusOf(local, 'sent')).toBe('Sending');
    await local.pass(lease + 10 * minutes);
    expect(await message(local, 'sent')).toMatchObject({ sendStatus: 'Successful', deliveries: '2' });
    expect(taken(local)).toEqual(['sent', 'sent']);
  });

  test('a sender that published and died is tried again by its own execution', async () => {
    local.faults.add({ ...publish, effect: 'killAfter' });
    await put(local, 'sent');
    await local.pass(minutes);
    expect(await message(local, 'sent')).toMatchObject({ sendStatus: 'Successful', deliveries: '1' });
    expect(taken(local)).toEqual(['sent', 'sent']);
  });

  test('a claim whose answer is lost is the same claim when it is made again', async () => {
    const claim = { service: 'dynamodb', operation: 'UpdateItem', principal: `role/${dev('delivery')}` };
    local.faults.add({ ...claim, times: 3, effect: 'failAfter' });
    await put(local, 'claimed');
    await local.pass(5 * minutes);
    expect(await message(local, 'claimed')).toMatchObject({ sendStatus: 'Successful', deliveries: '1' });
    expect(taken(local)).toEqual(['claimed']);
  });

  async function stopOnly(): Promise<void> {
    const [{ executionArn, status }, ...others] = await executions(local);
    expect([status, others]).toEqual(['RUNNING', []]);
    await local.call('states', 'StopExecution', { executionArn, error: 'Stopped', cause: 'by hand' });
  }
});

test('a stream record that comes twice, and a start whose answer is lost, start one delivery', async () => {
  local.faults.add({ service: 'lambda', operation: 'Invoke', resource: dev('start-delivery'), effect: 'duplicate' });
  local.faults.add({ service: 'states', operation: 'StartExecution', effect: 'killAfter' });
  await put(local, 'once');
  await local.pass(5 * minutes);
  expect(await statusOf(local, 'once')).toBe('Successful');
  expect(await executions(local)).toHaveLength(1);
  expect(taken(local)).toEqual(['once']);
});

test('an id that is put again after its item was deleted is another message', async () => {
  await put(local, 'again');
  await local.pass(5 * minutes);
  await local.call('dynamodb', 'DeleteItem', { TableName: dev('messages'), Key: { id: { S: 'again' } } });
  await put(local, 'again');
  await local.pass(5 * minutes);
  expect(await statusOf(local, 'again')).toBe('Successful');
  expect(taken(local)).toEqual(['again', 'again']);
});

test('late executions and a late sender leave alone what was sent', async () => {
  await put(local, 'sent');
  await local.pass(minutes);
  const before = await message(local, 'sent');
  expect(before.sendStatus).toBe('Successful');
  local.faults.add(topicAway);
  const [{ executionArn, stateMachineArn }] = await executions(local);
  await expect(invoke(local, 'send-message', { id: 'sent', execution: executionArn })).rejects.toThrow('ClaimLost');
  for (const delivery of [1, 2]) {
    const input = JSON.stringify({ id: 'sent', delivery });
    await local.call('states', 'StartExecution', { stateMachineArn, name: `late-${delivery}`, input });
  }
  await local.pass(20 * minutes);
  expect((await executions(local)).map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  expect(await message(local, 'sent')).toEqual(before);
  expect(tries(local)).toHaveLength(1);
});
