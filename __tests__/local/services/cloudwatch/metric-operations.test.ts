import { setUp, start } from './alarm';

describe('metrics', () => {
  test.each([
    [{}, ['age orders', 'age users', 'count orders']],
    [{ Namespace: 'none' }, []],
    [{ MetricName: 'count' }, ['count orders']],
    [{ Dimensions: [{ Name: 'service' }] }, ['age orders', 'age users', 'count orders']],
    [{ Dimensions: [{ Name: 'service', Value: 'users' }] }, ['age users']],
    [{ Dimensions: [{ Name: 'queue' }] }, []],
  ])('listed by %j', async (input, found) => {
    const { ask } = setUp();
    const datum = (MetricName: string, Value: string) => ({
      MetricName,
      Dimensions: [{ Name: 'service', Value }],
      Value: 1,
    });
    const MetricData = [datum('age', 'orders'), datum('age', 'users'), datum('count', 'orders')];
    await ask('PutMetricData', { Namespace: 'outbox', MetricData });
    const { Metrics } = await ask('ListMetrics', input);
    const names = Metrics.map((one: { MetricName: string; Dimensions: { Value: string }[] }) =>
      [one.MetricName, one.Dimensions[0]!.Value].join(' '),
    );
    expect(names.sort()).toEqual(found);
  });

  test('put, listed and read back', async () => {
    const { clock, ask } = setUp();
    const Dimensions = [{ Name: 'service', Value: 'orders' }];
    await ask('PutMetricData', {
      Namespace: 'outbox',
      MetricData: [
        { MetricName: 'age', Dimensions, Timestamp: start / 1000 - 60, Value: 4 },
        { MetricName: 'age', Dimensions, Value: 1 },
        { MetricName: 'age', Dimensions, Values: [2, 6], Counts: [3, 1] },
        { MetricName: 'age', Dimensions, StatisticValues: { SampleCount: 2, Sum: 20, Minimum: 9, Maximum: 11 } },
      ],
    });
    expect(await ask('ListMetrics', { Namespace: 'outbox' })).toEqual({
      Metrics: [{ Namespace: 'outbox', MetricName: 'age', Dimensions }],
    });
    const range = { StartTime: start / 1000 - 3600, EndTime: clock.now() / 1000 + 60 };
    const { Datapoints } = await ask('GetMetricStatistics', {
      Namespace: 'outbox',
      MetricName: 'age',
      Dimensions,
      Period: 60,
      ...range,
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
    });
    expect(Datapoints).toEqual([
      { Timestamp: new Date(start - 60_000), SampleCount: 1, Sum: 4, Average: 4, Minimum: 4, Maximum: 4, Unit: 'None' },
      { Timestamp: new Date(start), SampleCount: 7, Sum: 33, Average: 33 / 7, Minimum: 1, Maximum: 11, Unit: 'None' },
    ]);
    const MetricStat = { Metric: { Namespace: 'outbox', MetricName: 'age', Dimensions }, Period: 3600, Stat: 'Sum' };
    const { MetricDataResults } = await ask('GetMetricData', {
      ...range,
      MetricDataQueries: [{ Id: 'm1', MetricStat }],
    });
    expect(MetricDataResults).toEqual([
      {
        Id: 'm1',
        Label: 'age',
        Timestamps: [new Date(start), new Date(start - 3_600_000)],
        Values: [33, 4],
        StatusCode: 'Complete',
      },
    ]);
  });

  test('metric math is refused', async () => {
    const { ask } = setUp();
    const query = { StartTime: 0, EndTime: 1, MetricDataQueries: [{ Id: 'e1', Expression: 'm1/2' }] };
    await expect(ask('GetMetricData', query)).rejects.toMatchObject({ code: 'ValidationError' });
  });
});
