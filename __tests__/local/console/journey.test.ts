import { simulatedClock } from '../../../local/clock';
import { journeyOf, rootsOf } from '../../../local/console/journey';
import { Places } from '../../../local/console/places';
import { search } from '../../../local/console/search';
import { verdictsOn } from '../../../local/console/verdict';
import { type NewHop, Timeline } from '../../../local/timeline';

const places = new Places({ stacks: [], nodes: [], edges: [] }, []);

function timelineOf(...hops: Partial<NewHop>[]): Timeline {
  const clock = simulatedClock();
  const timeline = new Timeline(clock);
  for (const hop of hops) {
    timeline.record({ service: 'sqs', operation: 'SendMessage', resource: 'arn:queue', summary: 'sent', ...hop });
    clock.moveTo(clock.now() + 10);
  }
  return timeline;
}

const levels = (timeline: Timeline) => verdictsOn(timeline.hops).map(({ level, text }) => `${level} ${text}`);

describe('journeyOf', () => {
  test('is the tree from the beginning, with times, depths and attempts, whichever hop is asked for', () => {
    const timeline = timelineOf(
      { summary: 'begin' },
      { operation: 'Invoke', parents: [1], summary: 'first', outcome: 'failed' },
      { summary: 'other' },
      { operation: 'Invoke', parents: [1], summary: 'second' },
      { parents: [2], summary: 'effect of first' },
    );
    const journey = journeyOf(5, timeline, places)!;
    expect(journey.hops.map(({ summary, depth, at, took, attempt }) => [summary, depth, at, took, attempt])).toEqual([
      ['begin', 0, 0, 0, 1],
      ['first', 1, 10, 10, 1],
      ['effect of first', 2, 40, 30, 1],
      ['second', 1, 30, 30, 2],
    ]);
    expect(journeyOf(1, timeline, places)!.hops).toEqual(journey.hops);
    expect(journey).toMatchObject({ omitted: 0, others: [] });
  });

  test('of a batch is that of its oldest event, and names the others', () => {
    const timeline = timelineOf({}, {}, { parents: [1, 2], operation: 'Invoke' });
    expect(rootsOf(3, timeline)).toEqual([1, 2]);
    expect(journeyOf(3, timeline, places)).toMatchObject({ others: [2], hops: [{ id: 1 }, { id: 3 }] });
    expect(journeyOf(2, timeline, places)).toMatchObject({ others: [], hops: [{ id: 2 }, { id: 3 }] });
  });

  test('is bounded, and tells how much is left out', () => {
    const timeline = timelineOf({}, ...Array.from({ length: 1500 }, () => ({ parents: [1] })));
    const { hops, omitted } = journeyOf(1, timeline, places)!;
    expect([hops.length, omitted]).toEqual([1000, 501]);
  });

  test('of a hop that is not kept does not exist', () => {
    expect(journeyOf(7, timelineOf({}), places)).toBeUndefined();
  });
});

describe('verdictsOn', () => {
  test('an event without trouble', () => {
    expect(levels(timelineOf({}, { parents: [1] }))).toEqual(['good Nothing is lost: 2 hops in 10 ms']);
  });

  test('a lost event', () => {
    const drop = { operation: 'drop', outcome: 'failed', summary: 'dropped: no such queue', parents: [1] } as const;
    expect(levels(timelineOf({}, drop))).toEqual(['bad Lost: dropped: no such queue']);
    const discarded = { operation: 'deliver', outcome: 'failed', summary: 'message discarded: AccessDenied' } as const;
    expect(levels(timelineOf(discarded))).toEqual(['bad Lost: message discarded: AccessDenied']);
  });

  test('a dead letter, and one that was moved on', () => {
    const dead = {
      operation: 'redrive',
      outcome: 'dead-lettered',
      resource: 'arn:dlq',
      summary: 'to dlq',
      parents: [1],
    } as const;
    const attempts = { outcome: 'failed', summary: 'no' } as const;
    expect(levels(timelineOf(attempts, attempts, dead))).toEqual([
      'bad Dead-lettered: to dlq',
      'note Failed 2 times, at last: no',
    ]);
    expect(levels(timelineOf({}, dead, { resource: 'arn:queue', parents: [2] }))).toEqual([
      'good Nothing is lost: 3 hops in 20 ms',
      'note Moved on after it was dead-lettered: to dlq',
    ]);
    const toItself = { resource: 'arn:dlq', parents: [2] };
    expect(levels(timelineOf({}, dead, toItself))).toEqual(['bad Dead-lettered: to dlq']);
  });

  test('a duplicate, a denial, an event that no rule wants', () => {
    expect(levels(timelineOf({ outcome: 'duplicate', summary: 'again' }))[1]).toBe(
      'note Duplicated, without a second effect: again',
    );
    expect(levels(timelineOf({ outcome: 'denied', summary: 'no' }))).toEqual(['bad Denied: no']);
    const filtered = { service: 'events', outcome: 'filtered', summary: 'no rule matches' } as const;
    expect(levels(timelineOf(filtered))[1]).toBe('note Not wanted: no rule matches');
  });
});

test('a search finds a text anywhere in a hop, each journey once, the newest first', async () => {
  const timeline = timelineOf(
    { data: { orderId: 'Order-7' } },
    { parents: [1], summary: 'order-7 again' },
    { data: { body: '{"id":"order-8"}' } },
    { resource: 'arn:order-7' },
  );
  const found = async (text: string) =>
    (await search(text, timeline, places)).map(({ root, hop }) => [root.id, hop.id]);
  expect(await found('order-7')).toEqual([
    [4, 4],
    [1, 2],
  ]);
  expect(await found('"id":"order-8"')).toEqual([[3, 3]]);
  expect(await found('orderid')).toEqual([[1, 1]]);
  expect(await found('sendmessage')).toHaveLength(3);
  expect(await found('order-9')).toEqual([]);
});

test('a search lets the runtime go on in between', async () => {
  const payload = { body: 'x'.repeat(10_000) };
  const timeline = timelineOf(...Array.from({ length: 1000 }, () => ({ data: payload })));
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  expect(await search('nowhere', timeline, places)).toEqual([]);
  isOver = true;
  expect(turns).toBeGreaterThan(50);
});
