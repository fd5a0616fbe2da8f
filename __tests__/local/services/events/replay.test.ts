import * as fc from 'fast-check';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import type { Service } from '../../../../local/service';
import { events } from '../../../../local/services/events';
import { kms } from '../../../../local/services/kms';
import { sqs } from '../../../../local/services/sqs';
import { sts } from '../../../../local/services/sts';
import { runUntil } from '../../../../local/simulation';

const arn = (suffix: string) => `arn:aws:events:eu-west-1:000000000000:${suffix}`;
const bus = arn('event-bus/shop');
const archive = arn('archive/kept');
/** Seconds since the epoch at which the simulated clock starts. */
const start = Date.UTC(2026, 0, 1) / 1000;

/** Two rules, `users` and `audit`, with a queue of the same name each, and an archive of their bus. */
async function setUp(seed = 1) {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(seed), region: 'eu-west-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const services: Service[] = [kms(runtime), sts(runtime), sqs(runtime), events(runtime)];
  for (const service of services) runtime.register(service);
  const create = async (type: string, given: object): Promise<any> => {
    const resource = services.find((one) => type in one.resources)!.resources[type]!;
    const address = { address: `test/${type}.it`, stack: 'test', type, name: 'it' };
    return resource.create({ ...address, arguments: resource.arguments.parse(given) });
  };
  const call = async (operation: string, input: object, service = 'events'): Promise<any> =>
    runtime.call({ service, operation, input, principal: runtime.administrator });
  const mayReceive = (queue: string, Effect: 'Allow' | 'Deny' = 'Allow') => {
    const Principal = { Service: 'events.amazonaws.com' };
    const Statement = [{ Effect, Principal, Action: 'sqs:SendMessage', Resource: queue }];
    runtime.iam.setResourcePolicy(queue, { Version: '2012-10-17', Statement });
  };
  const rule = async (name: string, pattern: object, more: object = {}) => {
    const queue = await create('aws_sqs_queue', { name });
    const made = await create('aws_cloudwatch_event_rule', {
      name,
      event_bus_name: 'shop',
      event_pattern: JSON.stringify(pattern),
    });
    mayReceive(queue.arn);
    await create('aws_cloudwatch_event_target', {
      rule: name,
      event_bus_name: 'shop',
      target_id: 'it',
      arn: queue.arn,
      ...more,
    });
    return { rule: made.arn as string, queue: queue.arn as string };
  };
  await create('aws_cloudwatch_event_bus', { name: 'shop' });
  await create('aws_cloudwatch_event_archive', { name: 'kept', event_source_arn: bus, retention_days: 1 });

  /** Puts events that carry these times, in seconds from the start; the detail has the place in the list. */
  const put = async (...times: number[]) => {
    for (const [index, time] of times.entries()) {
      const Detail = JSON.stringify({ index });
      const entry = { EventBusName: 'shop', Source: 'users', DetailType: 'UserCreated', Resources: ['r'] };
      await call('PutEvents', { Entries: [{ ...entry, Detail, Time: start + time }] });
    }
    await pass(10);
  };
  const pass = async (ms: number) => {
    const end = clock.now() + ms;
    await runUntil(runtime, clock, () => false, ms);
    clock.moveTo(end);
  };
  /** Replays from and to these seconds from the start. */
  const replay = async (name: string, from: number, to: number, more: object = {}, FilterArns?: string[]) =>
    call('StartReplay', {
      ReplayName: name,
      EventSourceArn: archive,
      EventStartTime: start + from,
      EventEndTime: start + to,
      Destination: { Arn: bus, ...(FilterArns && { FilterArns }) },
      ...more,
    });
  const ended = async (name: string) => {
    const isEnd = () => hops('replay-end').some(({ summary }) => summary.startsWith(`${name} `));
    expect(await runUntil(runtime, clock, isEnd)).toBe(true);
    await pass(10);
    return call('DescribeReplay', { ReplayName: name });
  };
  const hops = (operation: string) => runtime.timeline.hops.filter((hop) => hop.operation === operation);
  /** Takes all messages out of a queue and parses them. */
  const taken = async (queue: string): Promise<any[]> => {
    const QueueUrl = `${runtime.endpoint}/000000000000/${queue}`;
    const all: any[] = [];
    for (;;) {
      const { Messages = [] } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, 'sqs');
      if (Messages.length === 0) return all.sort((a, b) => a.detail.index - b.detail.index);
      for (const { Body, ReceiptHandle } of Messages) {
        all.push(JSON.parse(Body));
        await call('DeleteMessage', { QueueUrl, ReceiptHandle }, 'sqs');
      }
    }
  };
  return { clock, runtime, create, call, mayReceive, rule, put, pass, replay, ended, hops, taken };
}

const users = { source: ['users'] };

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
    const { rule, put, taken, replay, ended, runtime, clock, create, mayReceive, hops } = await setUp();
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
    await runUntil(runtime, clock, () => hops('retry').length === 2);
    await runUntil(runtime, clock, () => false, 60_000);
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
    const { put, replay, runtime, clock, hops } = await setUp();
    await put(1);
    await replay('mend', 0, 60);
    await runtime.stop();
    await runUntil(runtime, clock, () => false);
    expect([...hops('replay'), ...hops('replay-end')]).toEqual([]);
  });
});

describe('its state', () => {
  test('goes from STARTING by RUNNING to COMPLETED, with the progress', async () => {
    const { put, replay, ended, hops, call, runtime, clock } = await setUp();
    await put(1, 61);
    const describe = async () => call('DescribeReplay', { ReplayName: 'mend' });
    expect(await replay('mend', 0, 120)).toEqual({
      ReplayArn: arn('replay/mend'),
      State: 'STARTING',
      ReplayStartTime: clock.now() / 1000,
    });
    const begun = {
      ReplayName: 'mend',
      ReplayArn: arn('replay/mend'),
      EventSourceArn: archive,
      Destination: { Arn: bus },
      EventStartTime: start,
      EventEndTime: start + 120,
      ReplayStartTime: clock.now() / 1000,
    };
    expect(await describe()).toEqual({ ...begun, State: 'STARTING' });
    await runUntil(runtime, clock, () => hops('replay').length === 1);
    expect(await describe()).toEqual({ ...begun, State: 'RUNNING', EventLastReplayedTime: start + 1 });
    expect(await ended('mend')).toEqual({
      ...begun,
      State: 'COMPLETED',
      EventLastReplayedTime: start + 61,
      ReplayEndTime: hops('replay-end')[0]!.time / 1000,
    });
  });

  test('is COMPLETED without a last time where nothing was to be replayed', async () => {
    const { replay, ended } = await setUp();
    await replay('mend', 0, 60);
    const described = await ended('mend');
    expect(described.State).toBe('COMPLETED');
    expect(described).not.toHaveProperty('EventLastReplayedTime');
  });

  test.each([
    ['before it begins', 0],
    ['between two minutes', 1],
  ])('is CANCELLED %s, and what was replayed stays replayed', async (_, replayed) => {
    const { put, replay, ended, hops, call, runtime, clock } = await setUp();
    await put(1, 61);
    await replay('mend', 0, 120);
    await runUntil(runtime, clock, () => hops('replay').length === replayed);
    expect(await call('CancelReplay', { ReplayName: 'mend' })).toEqual({
      ReplayArn: arn('replay/mend'),
      State: 'CANCELLING',
    });
    expect(await call('DescribeReplay', { ReplayName: 'mend' })).not.toHaveProperty('ReplayEndTime');
    const cancel = () => call('CancelReplay', { ReplayName: 'mend' });
    const refusal = {
      code: 'IllegalStatusException',
      status: 400,
      message: 'Replay mend is not in a valid state for this operation.',
    };
    await expect(cancel()).rejects.toMatchObject(refusal);
    expect((await ended('mend')).State).toBe('CANCELLED');
    await expect(cancel()).rejects.toMatchObject(refusal);
    expect(hops('replay')).toHaveLength(replayed);
  });

  test('is listed by name, state or archive, in pages', async () => {
    const { replay, ended, call, create } = await setUp();
    await create('aws_cloudwatch_event_archive', { name: 'more', event_source_arn: bus });
    for (const name of ['a-1', 'a-2', 'b-1']) await replay(name, 0, 60);
    await ended('b-1');
    await replay('c-1', 0, 60, { EventSourceArn: arn('archive/more') });
    const list = async (input: object) =>
      (await call('ListReplays', input)).Replays.map((one: { ReplayName: string }) => one.ReplayName);
    expect(await list({})).toEqual(['a-1', 'a-2', 'b-1', 'c-1']);
    expect(await list({ NamePrefix: 'a-' })).toEqual(['a-1', 'a-2']);
    expect(await list({ State: 'STARTING' })).toEqual(['c-1']);
    expect(await list({ State: 'FAILED' })).toEqual([]);
    expect(await list({ EventSourceArn: archive })).toEqual(['a-1', 'a-2', 'b-1']);
    const first = await call('ListReplays', { Limit: 3 });
    expect(first.Replays[0]).toEqual({
      ReplayName: 'a-1',
      EventSourceArn: archive,
      State: 'COMPLETED',
      EventStartTime: start,
      EventEndTime: start + 60,
      ReplayStartTime: start,
      ReplayEndTime: expect.any(Number),
    });
    expect(await list({ Limit: 3, NextToken: first.NextToken })).toEqual(['c-1']);
    await expect(list({ NamePrefix: 'a', State: 'FAILED' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('At most one filter is allowed'),
    });
  });
});

describe('what cannot be replayed is refused', () => {
  const target = (Arn: string, FilterArns?: string[]) => ({ Destination: { Arn, ...(FilterArns && { FilterArns }) } });
  test.each([
    ['no name', { ReplayName: '' }, 'ReplayName'],
    ['a name with blanks', { ReplayName: 'a b' }, 'ReplayName: may have letters'],
    ['a name of 65 characters', { ReplayName: 'x'.repeat(65) }, 'ReplayName'],
    ['a description of 513 characters', { Description: 'x'.repeat(513) }, 'Description'],
    ['no time', { EventStartTime: 'yesterday' }, 'EventStartTime'],
    ['a time beyond all times', { EventEndTime: 1e20 }, 'EventEndTime: is no time'],
    ['no ARN', { EventSourceArn: 'kept' }, 'EventSourceArn: must be the ARN of an archive'],
    [
      'an unknown archive',
      { EventSourceArn: arn('archive/none') },
      'Parameter EventSourceArn is not valid. Reason: Archive none does not exist.',
    ],
    ['no bus', target(arn('rule/x')), 'Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.'],
    [
      'another bus',
      target(arn('event-bus/default')),
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    ],
    ['a rule of another bus', target(bus, [arn('rule/users')]), 'is no rule of event bus shop'],
    [
      'no range',
      { EventStartTime: start, EventEndTime: start },
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    ],
  ])('%s', async (_, given, message) => {
    const { rule, replay, call } = await setUp();
    await rule('users', users);
    await expect(replay('mend', 0, 60, given)).rejects.toMatchObject({
      code: 'ValidationException',
      status: 400,
      message: expect.stringContaining(message),
    });
    expect((await call('ListReplays', {})).Replays).toEqual([]);
  });

  test('an unknown bus, and replays that are not there', async () => {
    const { replay, call } = await setUp();
    const notFound = (message: string) => ({ code: 'ResourceNotFoundException', status: 400, message });
    await expect(replay('mend', 0, 60, target(arn('event-bus/none')))).rejects.toMatchObject(
      notFound('Event bus none does not exist.'),
    );
    for (const operation of ['DescribeReplay', 'CancelReplay'])
      await expect(call(operation, { ReplayName: 'mend' })).rejects.toMatchObject(
        notFound('Replay mend does not exist.'),
      );
  });

  test('a name that was used within 90 days', async () => {
    const { replay, ended, clock, call } = await setUp();
    await replay('mend', 0, 60);
    await ended('mend');
    const day = 86_400_000;
    clock.moveTo(start * 1000 + 90 * day - 1);
    await expect(replay('mend', 0, 60)).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
      message: 'Replay mend already exists.',
    });
    clock.moveTo(start * 1000 + 90 * day);
    expect((await call('ListReplays', {})).Replays).toEqual([]);
    await expect(replay('mend', 0, 60)).resolves.toMatchObject({ State: 'STARTING' });
  });

  test('an eleventh at the same time', async () => {
    const { replay, ended } = await setUp();
    for (let count = 0; count < 10; count++) await replay(`mend-${count}`, 0, 60);
    await expect(replay('mend', 0, 60)).rejects.toMatchObject({ code: 'LimitExceededException' });
    await ended('mend-0');
    await expect(replay('mend', 0, 60)).resolves.toMatchObject({ State: 'STARTING' });
  });

  test('what IAM does not allow, on archive, bus and replay', async () => {
    const { runtime, replay, call } = await setUp();
    const role = 'arn:aws:iam::000000000000:role/mender';
    const Statement = { Effect: 'Allow' as const, Principal: '*', Action: 'sts:AssumeRole' };
    runtime.iam.putRole({ arn: role, name: 'mender', trustPolicy: { Version: '2012-10-17', Statement } });
    const principal = { kind: 'role', roleArn: role, arn: role.replace(':role', ':assumed-role') } as const;
    const as = async (operation: string, input: object, allowed: Record<string, string[]>) => {
      const statements = Object.entries(allowed).map(([name, Resource]) => ({
        Effect: 'Allow' as const,
        Action: `events:${name}`,
        Resource,
      }));
      runtime.iam.putRolePolicy(role, 'all', { Version: '2012-10-17', Statement: statements });
      return runtime.call({ service: 'events', operation, input, principal });
    };
    const name = { ReplayName: 'mend' };
    const times = { EventStartTime: start, EventEndTime: start + 60 };
    const order = { ...name, ...times, EventSourceArn: archive, Destination: { Arn: bus } };
    const all = [archive, bus, arn('replay/mend')];
    for (const missing of all) {
      const StartReplay = all.filter((one) => one !== missing);
      await expect(as('StartReplay', order, { StartReplay })).rejects.toMatchObject({
        code: 'AccessDeniedException',
        message: expect.stringContaining(`events:StartReplay on resource: ${missing}`),
      });
    }
    await as('StartReplay', order, { StartReplay: all });
    for (const operation of ['DescribeReplay', 'CancelReplay']) {
      await expect(as(operation, name, { [operation]: [archive] })).rejects.toThrow('not authorized');
      await as(operation, name, { [operation]: [arn('replay/mend')] });
    }
    await expect(as('ListReplays', {}, { ListReplays: [archive] })).rejects.toThrow('not authorized');
    await as('ListReplays', {}, { ListReplays: ['*'] });
    await expect(replay('mend', 0, 60)).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
    expect((await call('ListReplays', {})).Replays).toHaveLength(1);
  });
});
