import * as fc from 'fast-check';
import type { Delivery, Start } from '../../lambdas/notifications/delivery-starter';
import type { Undelivered } from '../../lambdas/notifications/message-store';
import { redeliver } from '../../lambdas/notifications/redelivery';
import { leaseSeconds, MessagesTable } from './messages-table';

const limits = { perRun: 100, attempts: 5 };
const failed = (id: string, attempts = 1) => ({
  id: { S: id },
  message: { S: 'hello' },
  sendStatus: { S: 'Failure' },
  deliveries: { N: '1' },
  attempts: { N: `${attempts}` },
  claimedAt: { S: '2025-12-31T00:00:00.000Z' },
});

function recording(start: Start = async () => 'started') {
  const started: Delivery[] = [];
  return { started, start: async (delivery: Delivery) => (started.push(delivery), start(delivery)) };
}

test('what failed is claimed, then started under the next number', async () => {
  const messages = await new MessagesTable().make(failed('1'));
  const seen: unknown[] = [];
  const { started, start } = recording(async ({ id }) => {
    seen.push(await messages.item(id));
    return 'started';
  });
  expect(await redeliver({ messages: messages.store, start }, limits)).toEqual([{ id: '1', outcome: 'restarted' }]);
  expect(started).toEqual([{ id: '1', delivery: 2 }]);
  expect(seen).toMatchObject([{ sendStatus: { S: 'Sending' }, deliveries: { N: '2' } }]);
});

test.each([
  ['what failed five times is abandoned', failed('1', 5), 'Abandoned'],
  ['what failed four times is tried a fifth time', failed('1', 4), 'Sending'],
  [
    'a claim without a result is the fifth attempt',
    { ...failed('1', 4), sendStatus: { S: 'Sending' }, execution: { S: 'e' } },
    'Abandoned',
  ],
  ['a claim whose delivery never began is none', { ...failed('1', 4), sendStatus: { S: 'Sending' } }, 'Sending'],
])('%s', async (_what, item, status) => {
  const messages = await new MessagesTable().make(item);
  const { started, start } = recording();
  await redeliver({ messages: messages.store, start }, limits);
  expect(await messages.item('1')).toMatchObject({ sendStatus: { S: status } });
  expect(started).toHaveLength(status === 'Sending' ? 1 : 0);
});

test('a message that cannot be started keeps no other back, and is not lost', async () => {
  const messages = await new MessagesTable().make(failed('1'), failed('2'));
  const error = new Error('slow down');
  const { start } = recording(async ({ id }) => (id === '1' ? Promise.reject(error) : 'started'));
  const done = await redeliver({ messages: messages.store, start }, limits);
  expect([...done].sort((a, b) => a.id.localeCompare(b.id))).toEqual([
    { id: '1', outcome: 'failed', error },
    { id: '2', outcome: 'restarted' },
  ]);
  messages.pass(leaseSeconds);
  const again = recording();
  await redeliver({ messages: messages.store, start: again.start }, limits);
  expect(again.started).toContainEqual({ id: '1', delivery: 3 });
});

test('an execution that was started before counts as started', async () => {
  const messages = await new MessagesTable().make(failed('1'));
  const done = await redeliver({ messages: messages.store, start: async () => 'duplicate' }, limits);
  expect(done).toEqual([{ id: '1', outcome: 'restarted' }]);
});

test('a run looks at so many messages and no more, whatever becomes of them', async () => {
  async function* endless(): AsyncGenerator<Undelivered> {
    for (let i = 0; ; i++) yield { id: `${i}`, sendStatus: 'Failure', attempts: i % 2 ? 9 : 0 };
  }
  const messages = {
    undelivered: endless,
    claim: async ({ id }: Undelivered) => (id === '4' ? undefined : 2),
    abandon: async () => true,
  };
  const { started, start } = recording();
  const done = await redeliver({ messages, start }, { ...limits, perRun: 7 });
  expect(done.map(({ outcome }) => outcome)).toEqual([
    'restarted',
    'abandoned',
    'restarted',
    'abandoned',
    'taken',
    'abandoned',
    'restarted',
  ]);
  expect(started.map(({ id }) => id)).toEqual(['0', '2', '6']);
});

test('however two runs overlap, and wherever one is killed: each delivery is started once, and no message is lost', async () => {
  const unresolved = { ...failed('b'), sendStatus: { S: 'Sending' }, execution: { S: 'e' } };
  const items = [failed('a'), unresolved, failed('c')];
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(12), async (scheduler, steps) => {
      const messages = await new MessagesTable().make(...items);
      const { started, start } = recording();
      const pause = scheduler.scheduleFunction(async () => {});
      /** A run that halts for good after so many steps. */
      const run = async (lifetime: number) => {
        let left = lifetime;
        const step = async <Result>(action: () => Promise<Result>) => {
          await pause();
          return left-- > 0 ? action() : new Promise<Result>(() => {});
        };
        const { store } = messages;
        const slowly = {
          undelivered: () => store.undelivered(),
          claim: async (message: Undelivered) => step(async () => store.claim(message)),
          abandon: async (message: Undelivered) => step(async () => store.abandon(message)),
        };
        return redeliver({ messages: slowly, start: async (one) => step(async () => start(one)) }, limits);
      };
      void run(steps);
      await scheduler.waitFor(run(Infinity));
      await scheduler.waitIdle();
      const names = started.map(({ id, delivery }) => `${id}-${delivery}`);
      expect(new Set(names).size).toBe(names.length);

      messages.pass(leaseSeconds);
      await redeliver({ messages: messages.store, start }, limits);
      expect(new Set(started.map(({ id }) => id))).toEqual(new Set(['a', 'b', 'c']));
    }),
    { numRuns: 50 },
  );
});
