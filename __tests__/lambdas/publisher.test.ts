import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import * as fc from 'fast-check';
import { entrySize, limits, NotPublished, type Publication, publishInOrder } from '../../lambdas/shared/publisher';

const entry = (Detail: string): PutEventsRequestEntry => ({ Source: 's', DetailType: 't', Detail, Time: new Date(0) });
const publication = (key: string, Detail: string): Publication => ({ key, entry: entry(Detail) });
const detailOf = ({ entry: it }: Publication) => (it as PutEventsRequestEntry).Detail;

/** A bus that answers each entry in turn with the next code, or takes it; `throw` fails the request. */
function busWith(codes: (string | undefined)[] = []) {
  const requests: PutEventsRequestEntry[][] = [];
  const accepted: string[] = [];
  const pauses: number[] = [];
  const answers = codes.values();
  return {
    requests,
    accepted,
    pauses,
    clock: { now: () => 0, jitter: async (longest: number) => void pauses.push(longest) },
    async send(entries: PutEventsRequestEntry[]) {
      requests.push(entries);
      const results = entries.map((one) => ({ one, ErrorCode: answers.next().value }));
      if (results.some(({ ErrorCode }) => ErrorCode === 'throw')) throw new Error('no such bus');
      for (const { one, ErrorCode } of results) if (!ErrorCode) accepted.push(one.Detail!);
      return results.map(({ ErrorCode }) => (ErrorCode ? { ErrorCode, ErrorMessage: 'no' } : { EventId: '1' }));
    },
  };
}

/** Runs it and gives back why what was not published was not, by detail. */
async function run(publications: Publication[], bus: ReturnType<typeof busWith>) {
  const failed = await publishInOrder(publications, bus);
  return Object.fromEntries([...failed].map(([one, error]) => [detailOf(one) ?? one.key, error.message]));
}

test('sends up to ten changes of different items in one request', async () => {
  const bus = busWith();
  expect(
    await run(
      Array.from({ length: 11 }, (_, i) => publication(`user-${i}`, `${i}`)),
      bus,
    ),
  ).toEqual({});
  expect(bus.requests.map(({ length }) => length)).toEqual([10, 1]);
});

test('two changes of one item never share a request', async () => {
  const bus = busWith();
  await run([publication('ada', 'a1'), publication('ada', 'a2'), publication('bob', 'b1')], bus);
  expect(bus.requests.map((entries) => entries.map(({ Detail }) => Detail))).toEqual([['a1', 'b1'], ['a2']]);
});

test('sends again what was throttled, each time after a longer pause, before what comes later of the item', async () => {
  const bus = busWith(['ThrottlingException', undefined, 'InternalFailure', undefined]);
  expect(await run([publication('ada', 'a1'), publication('bob', 'b1'), publication('ada', 'a2')], bus)).toEqual({});
  expect(bus.accepted).toEqual(['b1', 'a1', 'a2']);
  expect(bus.pauses).toEqual([100, 200]);
});

test('gives up after five tries, and holds back what comes later of the item', async () => {
  const bus = busWith(Array(5).fill('ThrottlingException'));
  expect(await run([publication('ada', 'a1'), publication('ada', 'a2')], bus)).toEqual({
    a1: 'ThrottlingException: no',
    a2: 'An earlier change of the same item was not published',
  });
  expect(bus.requests).toHaveLength(5);
  expect(bus.pauses).toEqual([100, 200, 400, 800]);
});

test('does not try again what can never succeed', async () => {
  const bus = busWith(['MalformedDetail']);
  expect(await run([publication('ada', 'a1'), publication('bob', 'b1')], bus)).toEqual({ a1: 'MalformedDetail: no' });
  expect(bus.requests).toHaveLength(1);
  expect(bus.accepted).toEqual(['b1']);
});

test('a request that fails fails its entries, with the cause, and no others', async () => {
  const bus = busWith(['throw', ...Array(9).fill(undefined)]);
  const publications = Array.from({ length: 12 }, (_, i) => publication(`user-${i}`, `${i}`));
  const failed = await publishInOrder(publications, bus);
  expect([...failed.keys()]).toEqual(publications.slice(0, 10));
  expect(failed.get(publications[0]!)).toMatchObject({ name: 'NotPublished', cause: { message: 'no such bus' } });
  expect(bus.accepted).toEqual(['10', '11']);
});

test('an entry without a result counts as not accepted', async () => {
  const bus = { ...busWith(), send: async () => [] };
  expect(await run([publication('ada', 'a1')], bus)).toEqual({ a1: 'InternalFailure: ' });
});

test('what is too large or no event is not sent; earlier changes of the item are, later ones are not', async () => {
  const bus = busWith(['ThrottlingException']);
  const large = 'x'.repeat(limits.bytes - 16);
  expect(entrySize(entry(large))).toBe(limits.bytes);
  const failed = await publishInOrder(
    [
      publication('ada', 'a1'),
      publication('ada', large),
      publication('ada', 'a3'),
      { key: 'bob', entry: new Error('malformed') },
      publication('bob', 'b2'),
      publication('eve', large.slice(1)),
    ],
    bus,
  );
  expect([...failed.values()].map(({ message }) => message)).toEqual([
    '1048576 bytes, allowed: fewer than 1048576',
    'An earlier change of the same item was not published',
    'malformed',
    'An earlier change of the same item was not published',
  ]);
  expect(bus.accepted).toEqual(['a1', large.slice(1)]);
});

test('the size of an entry counts bytes, and the time as fourteen', () => {
  expect(entrySize({ Source: 'ä', DetailType: 'b', Detail: '{}', Resources: ['c'] })).toBe(6);
  expect(entrySize({ Time: new Date(0) })).toBe(14);
});

test('whatever the bus answers: accepted once and in order per item, all else is reported, limits are kept', async () => {
  const code = fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom('ThrottlingException', 'InternalFailure') },
    { weight: 1, arbitrary: fc.constantFrom('MalformedDetail', 'throw') },
  );
  const size = fc.oneof(fc.nat(100), fc.integer({ min: limits.bytes / 4, max: limits.bytes + 10 }));
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), size });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), fc.array(code, { maxLength: 60 }), async (changes, codes) => {
      const publications = changes.map(({ key, size: length }, i) => publication(key, `${i}:`.padEnd(length)));
      const bus = busWith(codes);
      const failed = await publishInOrder(publications, bus);

      for (const entries of bus.requests) {
        expect(entries.length).toBeLessThanOrEqual(limits.entries);
        expect(entries.reduce((sum, one) => sum + entrySize(one), 0)).toBeLessThan(limits.bytes);
        const keys = entries.map(({ Detail }) => publications[Number.parseInt(Detail!, 10)]!.key);
        expect(new Set(keys).size).toBe(keys.length);
      }
      const accepted = bus.accepted.map((detail) => Number.parseInt(detail, 10));
      const reported = publications.flatMap((one, i) => (failed.has(one) ? [i] : []));
      expect([...accepted, ...reported].sort((a, b) => a - b)).toEqual(publications.map((_, i) => i));
      for (const key of ['a', 'b', 'c', 'd']) {
        const own = publications.flatMap((one, i) => (one.key === key ? [i] : []));
        const sent = accepted.filter((i) => own.includes(i));
        expect(sent).toEqual(own.slice(0, sent.length));
      }
      for (const error of failed.values()) expect(error).toBeInstanceOf(NotPublished);
    }),
    { numRuns: 300 },
  );
});
