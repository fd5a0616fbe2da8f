import { alarmArguments } from '../../../../local/services/cloudwatch/arguments';
import { depth, settings, setUp, start, topic } from './alarm';

const alarmArn = 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:dead-letters';

describe('alarms', () => {
  test('go off and recover with the metric, and say so to the topic', async () => {
    const { runtime, published, alarm, minutes, state } = setUp();
    expect(await alarm()).toEqual({ id: 'dead-letters', arn: alarmArn });
    let messages: number | undefined = 0;
    runtime.gauges.add(depth.namespace, depth.name, depth.dimensions, () => messages);
    await runtime.start();
    expect(await state()).toBe('INSUFFICIENT_DATA');
    await minutes(1);
    expect(await state()).toBe('OK');
    messages = 2;
    await minutes(2);
    expect(await state()).toBe('ALARM');
    messages = 0;
    await minutes(1);
    expect(await state()).toBe('OK');
    expect(published.map(({ Subject }) => Subject)).toEqual([
      'OK: "dead-letters" in EU (Ireland)',
      'ALARM: "dead-letters" in EU (Ireland)',
      'OK: "dead-letters" in EU (Ireland)',
    ]);
    expect(JSON.parse(published[1]!.Message)).toMatchObject({
      AlarmName: 'dead-letters',
      AlarmArn: alarmArn,
      AWSAccountId: '000000000000',
      OldStateValue: 'OK',
      NewStateValue: 'ALARM',
      NewStateReason:
        'Threshold Crossed: 1 out of the last 1 datapoints [2 (2026-01-01T00:01:00.000Z)] was greater than or equal to the threshold (1) (minimum 1 datapoint for OK -> ALARM transition).',
      StateChangeTime: '2026-01-01T00:02:00.000+0000',
      Trigger: {
        MetricName: depth.name,
        Namespace: 'AWS/SQS',
        Statistic: 'MAXIMUM',
        Dimensions: [{ name: 'QueueName', value: 'dlq' }],
        Period: 60,
        Threshold: 1,
      },
    });
  });

  test('need so many periods in a row, and add up within a period', async () => {
    const { runtime, alarm, minutes, state } = setUp();
    await alarm({ statistic: 'Sum', period: 120, evaluation_periods: 3, datapoints_to_alarm: 2, threshold: 5 });
    await runtime.start();
    const fail = () => runtime.measure({ ...depth, value: 3 });
    fail();
    await minutes(1);
    fail();
    await minutes(1);
    expect(await state()).toBe('OK');
    fail();
    await minutes(2);
    expect(await state()).toBe('OK');
    fail();
    fail();
    await minutes(1);
    expect(await state()).toBe('OK');
    await minutes(1);
    expect(await state()).toBe('ALARM');
  });

  test('keep other dimensions apart', async () => {
    const { runtime, alarm, minutes, state } = setUp();
    await alarm();
    await runtime.start();
    runtime.measure({ ...depth, dimensions: { QueueName: 'other' }, value: 9 });
    await minutes(1);
    expect(await state()).toBe('OK');
  });

  test('a topic that does not let CloudWatch in: denied, and the alarm still changes', async () => {
    const { runtime, published, alarm, minutes, state } = setUp();
    runtime.iam.setResourcePolicy(topic, {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: topic },
      ],
    });
    await alarm();
    await runtime.start();
    runtime.measure({ ...depth, value: 1 });
    await minutes(1);
    expect(await state()).toBe('ALARM');
    expect(published).toEqual([]);
    const change = runtime.timeline.hops.find((hop) => hop.operation === 'alarm')!;
    expect(runtime.timeline.descendants(change.id).at(-1)).toMatchObject({
      outcome: 'denied',
      principal: 'cloudwatch.amazonaws.com',
    });
  });

  test('with actions off nothing is published', async () => {
    const { runtime, published, alarm, minutes, state } = setUp();
    await alarm({ actions_enabled: false });
    await runtime.start();
    await minutes(1);
    expect(await state()).toBe('OK');
    expect(published).toEqual([]);
  });

  test('SetAlarmState rehearses an alarm; the next check takes it back', async () => {
    const { runtime, published, alarm, ask, minutes, state } = setUp();
    await alarm();
    await runtime.start();
    await ask('SetAlarmState', { AlarmName: 'dead-letters', StateValue: 'ALARM', StateReason: 'rehearsal' });
    expect(await state()).toBe('ALARM');
    await minutes(1);
    expect(await state()).toBe('OK');
    expect(published).toHaveLength(2);
    await expect(ask('SetAlarmState', { AlarmName: 'x', StateValue: 'OK', StateReason: '' })).rejects.toMatchObject({
      code: 'ResourceNotFound',
    });
  });

  test('each state has actions of its own, and the history tells all of it', async () => {
    const { clock, runtime, published, alarm, ask, minutes } = setUp();
    const silent = { alarm_actions: [], ok_actions: [], insufficient_data_actions: [topic] };
    await alarm({ ...silent, treat_missing_data: 'missing' });
    await runtime.start();
    await ask('PutMetricData', {
      Namespace: depth.namespace,
      MetricData: [{ MetricName: depth.name, Dimensions: [{ Name: 'QueueName', Value: 'dlq' }], Value: 5 }],
    });
    await minutes(1);
    expect(published).toEqual([]);
    await minutes(10);
    expect(published.map(({ Subject }) => Subject)).toEqual(['INSUFFICIENT_DATA: "dead-letters" in EU (Ireland)']);
    const history = async (more: object) =>
      (await ask('DescribeAlarmHistory', { AlarmName: 'dead-letters', ScanBy: 'TimestampAscending', ...more }))
        .AlarmHistoryItems;
    expect((await history({})).map((item: any) => item.HistorySummary)).toEqual([
      'Alarm "dead-letters" created',
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm updated from ALARM to INSUFFICIENT_DATA',
      `Successfully executed action ${topic}`,
    ]);
    const updates = await history({ HistoryItemType: 'StateUpdate', EndDate: (start + 90_000) / 1000 });
    expect(updates).toHaveLength(1);
    expect(JSON.parse(updates[0].HistoryData).newState.stateValue).toBe('ALARM');
    expect(await history({ StartDate: new Date(clock.now() + 1) })).toEqual([]);
  });

  test('without alarms no timer runs; with some, one, and none after the end', async () => {
    const idle = setUp();
    await idle.runtime.start();
    expect(idle.clock.step(Infinity)).toBe(false);
    const watching = setUp(start + 12_345);
    await watching.alarm();
    await watching.runtime.start();
    expect(watching.clock.step(Infinity)).toBe(true);
    expect(watching.clock.now()).toBe(start + 60_000);
    await watching.runtime.stop();
    expect(watching.clock.step(Infinity)).toBe(false);
  });

  test('a clock that is late catches up on each minute', async () => {
    const { clock, runtime, alarm, state } = setUp();
    await alarm({ period: 120 });
    await runtime.start();
    runtime.measure({ ...depth, value: 1 });
    clock.moveTo(start + 150_500);
    clock.step(Infinity);
    await runtime.idle();
    expect(await state()).toBe('ALARM');
  });
});

test.each([
  [{ metric_query: [] }, /metric_query is not modelled/],
  [{ extended_statistic: 'p99' }, /extended_statistic is not modelled/],
  [{ unit: 'Count' }, /unit is not modelled/],
  [{ period: 10 }, /multiple of 60, got 10/],
  [{ datapoints_to_alarm: 2 }, /must not be more than evaluation_periods/],
  [{ period: 3600, evaluation_periods: 25 }, /at most a day/],
  [{ alarm_actions: ['arn:aws:lambda:eu-west-1:000000000000:function:f'] }, /SNS topic/],
  [{ threshold: undefined }, /threshold|number/],
  [{ statistic: 'p99' }, /SampleCount/],
])('an alarm with %j is refused', (changes, message) => {
  const result = alarmArguments.safeParse({ ...settings, ...changes });
  expect(result.error?.issues.map((issue) => issue.message).join()).toMatch(message);
});
