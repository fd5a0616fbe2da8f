import { embeddedMetrics } from '../../../../local/services/cloudwatch/embedded-metrics';
import { account } from '../function-fixture';
import { call, fixture, group, makeGroup, messages, names, put } from './log-group';

describe('PutLogEvents', () => {
  beforeEach(async () => {
    await makeGroup();
    await call('CreateLogStream', names);
  });

  test('refuses what AWS refuses', async () => {
    const at = (...times: number[]) =>
      call('PutLogEvents', { ...names, logEvents: times.map((timestamp) => ({ timestamp, message: 'x' })) });
    const now = fixture.clock.now();
    await expect(at(now + 1, now)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining('chronological order'),
    });
    await expect(at(now - 86_400_001, now)).rejects.toMatchObject({ message: expect.stringContaining('24 hours') });
    await expect(put('x'.repeat(1_048_576))).rejects.toMatchObject({
      message: expect.stringContaining('Upload too large'),
    });
    await expect(
      call('PutLogEvents', { ...names, logStreamName: 'two', logEvents: [{ timestamp: now, message: 'x' }] }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(call('CreateLogStream', names)).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
    await expect(call('CreateLogGroup', { logGroupName: group })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await expect(call('CreateLogStream', { logGroupName: 'none', logStreamName: 'x' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await messages()).toEqual([]);
  });

  test('leaves out what is too old or too new, and says so', async () => {
    const now = fixture.clock.now();
    const old = now - 15 * 86_400_000;
    expect(await call('PutLogEvents', { ...names, logEvents: [{ timestamp: old, message: 'x' }] })).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 0 },
    });
    const logEvents = [
      { timestamp: now, message: 'kept' },
      { timestamp: now + 7_200_001, message: 'x' },
    ];
    expect(await call('PutLogEvents', { ...names, logEvents })).toMatchObject({
      rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
    });
    expect(await messages()).toEqual(['kept']);
  });

  test('sorts by time, across streams', async () => {
    const now = fixture.clock.now();
    await call('CreateLogStream', { ...names, logStreamName: 'two' });
    await call('PutLogEvents', {
      ...names,
      logEvents: [
        { timestamp: now, message: 'a' },
        { timestamp: now + 2, message: 'c' },
      ],
    });
    await call('PutLogEvents', { ...names, logStreamName: 'two', logEvents: [{ timestamp: now + 1, message: 'b' }] });
    expect(await messages()).toEqual(['a', 'b', 'c']);
    expect(await messages({ logStreamNames: ['two'] })).toEqual(['b']);
    expect(await messages({ logStreamNamePrefix: 'o' })).toEqual(['a', 'c']);
    expect(await messages({ startTime: now + 1, endTime: now + 1 })).toEqual(['b']);
    const { logStreams } = await call('DescribeLogStreams', {
      logGroupName: group,
      orderBy: 'LastEventTime',
      descending: true,
    });
    expect(logStreams).toMatchObject([
      { logStreamName: 'one', firstEventTimestamp: now, lastEventTimestamp: now + 2 },
      { logStreamName: 'two' },
    ]);
  });

  test('measures embedded metrics', async () => {
    const document = {
      _aws: {
        Timestamp: 0,
        CloudWatchMetrics: [
          {
            Namespace: 'Orders',
            Dimensions: [['service'], []],
            Metrics: [{ Name: 'processed', Unit: 'Count' }, { Name: 'age' }],
          },
        ],
      },
      service: 'confirmation',
      processed: 2,
      age: [1, 2.5],
    };
    await put('plain', JSON.stringify(document));
    const of = (dimensions: object) => [
      { namespace: 'Orders', name: 'processed', dimensions, value: 2 },
      { namespace: 'Orders', name: 'age', dimensions, value: 1 },
      { namespace: 'Orders', name: 'age', dimensions, value: 2.5 },
    ];
    expect(fixture.metrics).toEqual([...of({ service: 'confirmation' }), ...of({})]);
    for (const line of ['{"_aws":1}', '{"_aws":', '"_aws"']) expect(embeddedMetrics(line)).toEqual([]);
  });

  test('keeps a bounded number of events', async () => {
    for (let batch = 0; batch < 12; batch++) {
      await put(...Array.from({ length: 10_000 }, (_, i) => `${batch}-${i}`));
      fixture.clock.moveTo(fixture.clock.now() + 10_000);
    }
    const [first] = await messages({ limit: 1 });
    expect(first).not.toBe('0-0');
    const { logGroups } = await call('DescribeLogGroups', {});
    expect(logGroups[0].storedBytes).toBeGreaterThan(0);
  });
});

describe('reading', () => {
  beforeEach(async () => {
    await makeGroup();
    await call('CreateLogStream', names);
  });

  test('GetLogEvents pages both ways', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    const get = async (more: object) => {
      const answer = await call('GetLogEvents', { ...names, limit: 2, ...more });
      return { ...answer, texts: answer.events.map((event: { message: string }) => event.message).join('') };
    };
    expect((await get({})).texts).toBe('de');
    const head = await get({ startFromHead: true });
    expect(head.texts).toBe('ab');
    const next = await get({ nextToken: head.nextForwardToken });
    expect(next.texts).toBe('cd');
    expect((await get({ nextToken: next.nextBackwardToken })).texts).toBe('ab');
    const last = await get({ nextToken: next.nextForwardToken });
    expect(last.texts).toBe('e');
    const end = await get({ nextToken: last.nextForwardToken });
    expect(end).toMatchObject({ texts: '', nextForwardToken: last.nextForwardToken });
    await expect(get({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  test('FilterLogEvents filters and pages', async () => {
    await put('ERROR one', 'INFO two', 'ERROR three');
    expect(await messages({ filterPattern: 'ERROR' })).toEqual(['ERROR one', 'ERROR three']);
    const first = await call('FilterLogEvents', {
      logGroupIdentifier: `arn:aws:logs:eu-west-1:${account}:log-group:orders`,
      limit: 2,
    });
    expect(first.events).toHaveLength(2);
    expect(await messages({ limit: 2, nextToken: first.nextToken })).toEqual(['ERROR three']);
    await expect(messages({ filterPattern: '[a, b]' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});
