import * as fc from 'fast-check';
import { bus, setUp, start, users } from './replay-fixture';

describe('a replay', () => {
  test('delivers what carries a time of the range again, as it was, with its name', async () => {
    const { rule, put, taken, replay, ended, call } = await setUp();
    await rule('users', users);
    await put(-60, 0, 59, 60, 61);
    const before = await taken('users');
    await replay('mend', 0, 60);
    const described = await ended('mend');
    const after = await taken('users');
    expect(after).toEqual([before[1], before[2]].map((event) => Object.assign(event, { 'replay-name': 'mend' })));
    expect(Object.keys(after[0])).toEqual([
      'version',
      'id',
      'detail-type',
      'source',
      'account',
      'time',
      'region',
      'replay-name',
      'resources',
      'detail',
    ]);
    expect(described).toMatchObject({ State: 'COMPLETED', EventLastReplayedTime: start + 59 });
    expect((await call('DescribeArchive', { ArchiveName: 'kept' })).EventCount).toBe(5);
  });

  test('takes the oldest minute first, and within a minute no order', async () => {
    const { put, replay, ended, hops } = await setUp();
    const minutes = [3, 1, 2];
    await put(...minutes.flatMap((minute) => Array.from({ length: 20 }, (_, second) => minute * 60 + second)));
    await replay('mend', 0, 3600);
    await ended('mend');
    const times = hops('replay').map(({ data }) => Date.parse((data!.event as any).time) / 1000 - start);
    const byMinute = [1, 2, 3].map((minute) => times.filter((time) => Math.floor(time / 60) === minute));
    expect(times).toEqual(byMinute.flat());
    for (const seconds of byMinute) {
      expect(seconds).toHaveLength(20);
      expect(seconds).not.toEqual([...seconds].sort((a, b) => a - b));
    }
  });

  test('replays exactly the events of the range, whatever it is', async () => {
    const second = fc.integer({ min: 0, max: 400 });
    await fc.assert(
      fc.asyncProperty(fc.array(second, { maxLength: 20 }), second, second, fc.integer(), async (times, a, b, seed) => {
        const { put, replay, ended, hops } = await setUp(seed);
        const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
        await put(...times);
        await replay('mend', from, to);
        await ended('mend');
        const replayed = hops('replay').map(({ data }) => (data!.event as any).detail.index as number);
        const wanted = times.flatMap((time, index) => (time >= from && time < to ? [index] : []));
        expect([...replayed].sort((x, y) => x - y)).toEqual(wanted);
        const minutes = replayed.map((index) => Math.floor(times[index]! / 60));
        expect(minutes).toEqual([...minutes].sort((x, y) => x - y));
      }),
      { numRuns: 40 },
    );
  });

  test('for some rules leaves the others out', async () => {
    const { rule, put, taken, replay, ended, hops, call } = await setUp();
    await rule('users', users);
    const audit = await rule('audit', users);
    const none = await rule('none', { source: ['nobody'] });
    await put(1, 2);
    await taken('users');
    await taken('audit');
    await replay('mend', 0, 60, { Description: 'audit only' }, [audit.rule]);
    const described = await ended('mend');
    expect(described).toMatchObject({
      Description: 'audit only',
      Destination: { Arn: bus, FilterArns: [audit.rule] },
    });
    expect((await taken('audit')).map((event) => event.detail.index)).toEqual([0, 1]);
    expect(await taken('users')).toEqual([]);
    await replay('nobody', 0, 60, {}, [none.rule]);
    await ended('nobody');
    expect(hops('match').filter(({ outcome }) => outcome === 'filtered')).toHaveLength(2);
    await call('DisableRule', { Name: 'audit', EventBusName: 'shop' });
    await replay('disabled', 0, 60, {}, [audit.rule]);
    await ended('disabled');
    expect(await taken('audit')).toEqual([]);
  });

  test('is told from the first way of an event by patterns', async () => {
    const { rule, put, taken, replay, ended } = await setUp();
    await rule('first', { ...users, 'replay-name': [{ exists: false }] });
    await rule('again', { 'replay-name': ['mend'] });
    await rule('other', { 'replay-name': [{ 'anything-but': 'mend' }] });
    await put(1);
    await replay('mend', 0, 60);
    await ended('mend');
    const counts = await Promise.all(['first', 'again', 'other'].map(async (queue) => (await taken(queue)).length));
    expect(counts).toEqual([1, 1, 0]);
  });

  test('retries and dead-letters as every delivery does', async () => {
    const { rule, put, taken, replay, ended, runtime, create, mayReceive, hops, until, pass } = await setUp();
    const dead = await create('aws_sqs_queue', { name: 'dead' });
    const dlq = { dead_letter_config: { arn: dead.arn } };
    const { queue } = await rule('users', users, dlq);
    const retry_policy = { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 5 };
    const again = await rule('again', users, { retry_policy });
    mayReceive(dead.arn);
    await put(1);
    await taken('again');
    mayReceive(queue, 'Deny');
    runtime.faults.add({ operation: 'SendMessage', resource: again.queue, effect: 'throttle', times: 2 });
    await replay('mend', 0, 60);
    await ended('mend');
    await until(() => hops('retry').length === 2);
    await pass(60_000);
    expect(await taken('dead')).toMatchObject([{ 'replay-name': 'mend' }]);
    expect(await taken('again')).toMatchObject([{ 'replay-name': 'mend' }]);
  });

  test('comes from the call that started it, and from the first way of each event', async () => {
    const { rule, put, replay, ended, hops, runtime } = await setUp();
    await rule('users', users);
    await put(1, 2);
    await replay('mend', 0, 60);
    await ended('mend');
    const sent = hops('SendMessage').slice(-2);
    const [began] = hops('StartReplay');
    for (const hop of sent) expect(runtime.timeline.descendants(began!.id)).toContain(hop);
    for (const first of hops('PutEvents')) {
      const own = runtime.timeline.descendants(first.id).filter(({ operation }) => operation === 'SendMessage');
      expect(own).toHaveLength(2);
    }
    expect(hops('replay-end')).toMatchObject([
      { parents: [began!.id], summary: 'mend completed: 2 events of kept replayed' },
    ]);
  });

  test('leaves out what the archive keeps no more', async () => {
    const { put, replay, ended, hops, pass } = await setUp();
    await put(1);
    await pass(86_400_000);
    await put(2);
    await replay('mend', 0, 60);
    await ended('mend');
    expect(hops('replay')).toHaveLength(1);
  });

  test('is the same again with the same seed', async () => {
    const run = async () => {
      const { rule, put, replay, ended, runtime } = await setUp(7);
      await rule('users', users);
      await put(1, 2, 3, 61, 62, 63);
      await replay('mend', 0, 3600);
      await ended('mend');
      return runtime.timeline.hops;
    };
    expect(await run()).toEqual(await run());
  });

  test('ends with the runtime', async () => {
    const { put, replay, runtime, hops, pass } = await setUp();
    await put(1);
    await replay('mend', 0, 60);
    await runtime.stop();
    await pass(86_400_000);
    expect([...hops('replay'), ...hops('replay-end')]).toEqual([]);
  });
});
