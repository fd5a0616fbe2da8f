import * as fc from 'fast-check';
import { simulatedClock } from '../../local/clock';
import { hopLine, hopTree } from '../../local/print';
import { type NewHop, Timeline } from '../../local/timeline';

const hop = (summary: string, parents: number[] = []): NewHop => ({
  service: 'sqs',
  operation: 'SendMessage',
  resource: 'arn',
  summary,
  parents,
});

test('hops are numbered and stamped, and reach those who listen', () => {
  const timeline = new Timeline(simulatedClock(5));
  const heard: number[] = [];
  const stop = timeline.subscribe(({ id }) => heard.push(id));
  expect(timeline.record(hop('a'))).toBe(1);
  stop();
  timeline.record(hop('b'));
  expect(heard).toEqual([1]);
  expect(timeline.hops[0]).toEqual({ ...hop('a'), id: 1, time: 5, outcome: 'ok' });
});

test('the way of an event is what descends from its first hop', () => {
  const timeline = new Timeline(simulatedClock());
  const first = timeline.record(hop('first'));
  const other = timeline.record(hop('other'));
  const child = timeline.record(hop('child', [first]));
  timeline.record(hop('grandchild of both', [child, other]));
  timeline.record(hop('stranger', [other]));
  expect(timeline.descendants(first).map(({ summary }) => summary)).toEqual(['first', 'child', 'grandchild of both']);
});

test('only the newest hops are kept', () => {
  const timeline = new Timeline(simulatedClock(), { hops: 100 });
  for (let i = 0; i < 1000; i++) timeline.record(hop(String(i)));
  expect(timeline.hops.length).toBeLessThanOrEqual(110);
  expect(timeline.hops.at(-1)!.summary).toBe('999');
});

test('hops are found by their id, and those after one, as long as they are kept', () => {
  const timeline = new Timeline(simulatedClock(), { hops: 10 });
  expect([timeline.find(1), timeline.after(0, 5)]).toEqual([undefined, []]);
  for (let i = 1; i <= 25; i++) timeline.record(hop(String(i)));
  const ids = (hops: readonly { id: number }[]) => hops.map(({ id }) => id);
  const [oldest] = ids(timeline.hops);
  expect([timeline.find(25)?.summary, timeline.find(oldest!)?.id]).toEqual(['25', oldest]);
  expect([timeline.find(oldest! - 1), timeline.find(26)]).toEqual([undefined, undefined]);
  expect(ids(timeline.after(22, 10))).toEqual([23, 24, 25]);
  expect(ids(timeline.after(0, 2))).toEqual([24, 25]);
  expect(ids(timeline.after(0, 100))).toEqual(ids(timeline.hops));
  expect(timeline.after(25, 10)).toEqual([]);
});

test('a tree shows each hop once, below what caused it, with its time since the first', () => {
  const clock = simulatedClock(0);
  const timeline = new Timeline(clock);
  const first = timeline.record(hop('first'));
  const other = timeline.record(hop('other'));
  clock.moveTo(12);
  const child = timeline.record(hop('child', [first]));
  timeline.record({ ...hop('grandchild', [other, child]), outcome: 'failed' });
  expect(hopTree(timeline, first).split('\n')).toEqual([
    '     0 ms   sqs SendMessage: first',
    '    12 ms     sqs SendMessage: child',
    '    12 ms !     sqs SendMessage: grandchild',
  ]);
});

test('a line shows time of day, outcome and what happened', () => {
  const timeline = new Timeline(simulatedClock(Date.UTC(2026, 0, 1, 12, 30, 5, 7)));
  timeline.record({ ...hop('message to orders'), outcome: 'denied' });
  expect(hopLine(timeline.hops[0]!)).toBe('12:30:05.007 ! sqs SendMessage              message to orders');
});

describe('payloads', () => {
  const timelineOf = (sizes: readonly number[], payload: number) => {
    const timeline = new Timeline(simulatedClock(), { payload });
    for (const size of sizes) timeline.record({ ...hop('one'), data: { body: 'x'.repeat(size - 'body'.length) } });
    return timeline;
  };

  test('of the oldest hops are let go beyond the limit, the hops stay', () => {
    const timeline = timelineOf([4000, 3000, 2000, 5000], 10_000);
    const heard: number[] = [];
    timeline.subscribe(({ data }) => heard.push((data!.body as string).length));
    expect(timeline.hops.map(({ dropped }) => dropped)).toEqual([4000, undefined, undefined, undefined]);
    timeline.record({ ...hop('two'), data: { body: 'y'.repeat(4996) } });
    expect(timeline.hops.map(({ dropped }) => dropped)).toEqual([4000, 3000, 2000, undefined, undefined]);
    expect(timeline.find(1)).toEqual({ ...hop('one'), id: 1, time: expect.any(Number), outcome: 'ok', dropped: 4000 });
    expect(timeline.hops.map(({ data }) => data === undefined)).toEqual([true, true, true, false, false]);
    expect(heard).toEqual([4996]);
  });

  test('up to 1,024 characters stay, however many: denials are told from them', () => {
    const timeline = timelineOf([1024, 1025, 1024, 1025], 1025);
    expect(timeline.hops.map(({ dropped }) => dropped)).toEqual([undefined, 1025, undefined, undefined]);
  });

  test('whatever comes, at most the limit is kept, and the newest of it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1025, max: 9000 }), { maxLength: 60 }), (sizes) => {
        const { hops } = timelineOf(sizes, 20_000);
        const kept = hops.map(({ data }) => (data === undefined ? 0 : (data.body as string).length + 4));
        const sum = kept.reduce((total, size) => total + size, 0);
        expect(sum).toBeLessThanOrEqual(20_000);
        const first = kept.findIndex((size) => size > 0);
        expect(kept.slice(first < 0 ? kept.length : first)).toEqual(first < 0 ? [] : sizes.slice(first));
        if (first > 0) expect(sum + sizes[first - 1]!).toBeGreaterThan(20_000);
      }),
    );
  });
});
