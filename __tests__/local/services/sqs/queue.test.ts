import * as fc from 'fast-check';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import { Heap } from '../../../../local/heap';
import { Queue } from '../../../../local/services/sqs/queue';
import { pass, redrive, setUp, urlOf } from './system';

describe('many messages', () => {
  function engine() {
    const random = { ...seededRandom(1), uuid: counter() };
    const runtime = new Runtime({ clock: simulatedClock(), random, region: 'eu-central-1' });
    const settings = {
      address: 'a',
      name: 'orders',
      visibility: 30,
      retention: 345_600,
      maximumSize: 1024,
      delay: 0,
      wait: 0,
      managedEncryption: true,
      tags: {},
    };
    const queue = new Queue(settings, runtime, () => undefined);
    const send = () => queue.send({ body: 'x', attributes: {} }, 'sender', 0, []);
    const receive = (short = false) => queue.receive({ count: 10, visibility: 30, short });
    return { queue, send, receive };
  }

  function counter() {
    let last = 0;
    return () => String(++last);
  }

  test('120,000 in flight: a short poll is refused, a long poll stays empty', () => {
    const { queue, send, receive } = engine();
    for (let i = 0; i < 120_001; i++) send();
    for (let i = 0; i < 120_000; i++) queue.lend();
    expect(() => receive(true)).toThrow(expect.objectContaining({ code: 'OverLimit', status: 403 }));
    expect(receive()).toEqual([]);
  });

  test('the cost of a message grows with the logarithm of the queue at most', () => {
    const put = Reflect.get(Heap.prototype, 'put') as (this: unknown, ...entry: unknown[]) => void;
    let writes = 0;
    Reflect.set(Heap.prototype, 'put', function (this: unknown, ...entry: unknown[]) {
      writes++;
      put.apply(this, entry);
    });
    const cost = (messages: number) => {
      const { queue, send, receive } = engine();
      writes = 0;
      for (let i = 0; i < messages; i++) send();
      for (let left = messages; left > 0;) {
        for (const { handle } of receive()) {
          queue.delete(handle!);
          left--;
        }
      }
      return writes / messages;
    };
    const [small, large] = [cost(1000), cost(20_000)];
    Reflect.set(Heap.prototype, 'put', put);
    expect(large).toBeLessThan(small * 2);
    expect(large).toBeLessThan(150);
  });
});

test('no message is lost or invented', async () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), delay: fc.constantFrom(0, 0, 3) }),
    fc.record({
      kind: fc.constant('receive' as const),
      from: fc.constantFrom('orders', 'dlq'),
      count: fc.integer({ min: 1, max: 10 }),
      visibility: fc.constantFrom(0, 1, 5),
    }),
    fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('change' as const), which: fc.nat(), visibility: fc.constantFrom(0, 2, 10) }),
    fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(0, 1, 2, 7) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), fc.integer(), async (actions, seed) => {
      const { queue, send, receive, call, counts, clock } = setUp(seed);
      const retention = 60;
      await queue('dlq', { message_retention_seconds: retention });
      await queue('orders', { message_retention_seconds: retention, redrive_policy: redrive('dlq', 2) });
      const alive = new Map<string, number>();
      const hidden = new Map<string, number>();
      const handles: { readonly from: string; readonly id: string; readonly handle: string }[] = [];
      const latest = new Map<string, string>();
      const check = async () => {
        for (const [id, end] of alive) if (end <= clock.now()) alive.delete(id);
        const all = [...(await counts('orders')), ...(await counts('dlq'))];
        expect(all.reduce((a, b) => a + b)).toBe(alive.size);
      };
      for (const step of actions) {
        if (step.kind === 'send') {
          const { MessageId } = await send('orders', 'x', { DelaySeconds: step.delay });
          alive.set(MessageId, clock.now() + retention * 1000);
          if (step.delay > 0) hidden.set(MessageId, clock.now() + step.delay * 1000);
        } else if (step.kind === 'receive') {
          for (const { MessageId: id, ReceiptHandle: handle } of await receive(step.from, {
            MaxNumberOfMessages: step.count,
            VisibilityTimeout: step.visibility,
          })) {
            expect(alive.has(id)).toBe(true);
            expect(hidden.get(id) ?? 0).toBeLessThanOrEqual(clock.now());
            hidden.set(id, clock.now() + step.visibility * 1000);
            handles.push({ from: step.from, id, handle });
            latest.set(id, handle);
          }
        } else if (step.kind === 'pass') {
          pass(clock, step.seconds);
        } else if (handles.length > 0) {
          const { from, id, handle } = handles[step.which % handles.length]!;
          const input = { QueueUrl: urlOf(from), ReceiptHandle: handle };
          const before = (await counts(from)).reduce((a, b) => a + b);
          if (step.kind === 'delete') {
            await call('DeleteMessage', input);
            const isGone = (await counts(from)).reduce((a, b) => a + b) < before;
            if (isGone) {
              expect(latest.get(id)).toBe(handle);
              expect(alive.delete(id)).toBe(true);
            }
          } else {
            const isChanged = await call('ChangeMessageVisibility', {
              ...input,
              VisibilityTimeout: step.visibility,
            }).then(
              () => true,
              () => false,
            );
            if (isChanged) hidden.set(id, clock.now() + step.visibility * 1000);
          }
        }
        await check();
      }
      pass(clock, 12);
      await check();
      const left = new Set<string>();
      for (let round = 0; round < 200 && left.size < alive.size; round++) {
        for (const name of ['orders', 'dlq'])
          for (const { MessageId } of await receive(name, { MaxNumberOfMessages: 10, VisibilityTimeout: 30 }))
            left.add(MessageId);
      }
      expect([...left].sort()).toEqual([...alive.keys()].sort());
    }),
    { numRuns: 150 },
  );
}, 60_000);
