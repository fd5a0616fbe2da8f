import { busArn, order, queueArn, retryPolicy, ruleArn, withDlq, withRule } from './bus';

describe('operations', () => {
  test('show buses, rules and targets', async () => {
    const { call, runtime, create } = await withRule({ retry_policy: retryPolicy, ...withDlq });
    await create('aws_cloudwatch_event_bus_policy', {
      event_bus_name: 'orders',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'events:PutEvents',
            Resource: busArn,
            Condition: { StringEquals: { 'events:source': 'x' } },
          },
        ],
      }),
    });
    const { EventBuses: buses } = await call('ListEventBuses', {});
    expect(buses).toMatchObject([
      { Name: 'default' },
      { Name: 'orders', Arn: busArn, Policy: expect.stringContaining('Deny') },
    ]);
    await expect(call('DescribeEventBus', {})).resolves.toMatchObject({ Name: 'default' });
    await expect(call('ListRules', { EventBusName: 'orders', NamePrefix: 'cre' })).resolves.toEqual({
      Rules: [
        {
          Name: 'created',
          Arn: ruleArn,
          EventPattern: '{"source":["order.event"]}',
          State: 'ENABLED',
          EventBusName: 'orders',
        },
      ],
    });
    await expect(call('ListRules', {})).resolves.toEqual({ Rules: [] });
    await expect(call('ListTargetsByRule', { Rule: 'created', EventBusName: 'orders' })).resolves.toEqual({
      Targets: [
        {
          Id: 'queue',
          Arn: queueArn('queue'),
          RetryPolicy: { MaximumRetryAttempts: 4, MaximumEventAgeInSeconds: 400 },
          DeadLetterConfig: { Arn: queueArn('dlq') },
        },
      ],
    });
    expect(runtime.timeline.hops).toEqual([]);
    await expect(call('PutEvents', { Entries: [order(1, { Source: 'x' })] })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('cut long lists into pages', async () => {
    const { call, create } = await withRule();
    await create('aws_cloudwatch_event_rule', {
      name: 'second',
      event_bus_name: 'orders',
      event_pattern: '{"a":["b"]}',
    });
    const first = await call('ListRules', { EventBusName: 'orders', Limit: 1 });
    const second = await call('ListRules', { EventBusName: 'orders', Limit: 1, NextToken: first.NextToken });
    expect([...first.Rules, ...second.Rules].map(({ Name }: { Name: string }) => Name)).toEqual(['created', 'second']);
    expect(second.NextToken).toBeUndefined();
  });

  test('TestEventPattern answers or says what is wrong', async () => {
    const { call } = await withRule();
    const EventPattern = '{"source":[{"prefix":"order."}]}';
    await expect(call('TestEventPattern', { EventPattern, Event: '{"source":"order.event"}' })).resolves.toEqual({
      Result: true,
    });
    await expect(call('TestEventPattern', { EventPattern, Event: '{"source":"x"}' })).resolves.toEqual({
      Result: false,
    });
    await expect(call('TestEventPattern', { EventPattern: '{"source":"x"}', Event: '{}' })).rejects.toMatchObject({
      code: 'InvalidEventPatternException',
      message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
    });
    await expect(call('TestEventPattern', { EventPattern, Event: '[]' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test.each([
    ['DescribeEventBus', { Name: 'x' }, 'Event bus x does not exist.'],
    ['ListRules', { EventBusName: 'x' }, 'Event bus x does not exist.'],
    ['DescribeRule', { Name: 'x', EventBusName: 'orders' }, 'Rule x does not exist on EventBus orders.'],
    ['DescribeRule', { Name: 'created' }, 'Rule created does not exist on EventBus default.'],
    ['ListTargetsByRule', { Rule: 'x' }, 'Rule x does not exist on EventBus default.'],
    ['EnableRule', { Name: 'x' }, 'Rule x does not exist on EventBus default.'],
    ['DescribeArchive', { ArchiveName: 'x' }, 'Archive x does not exist.'],
  ])('%s answers what does not exist', async (operation, input, message) => {
    const { call } = await withRule();
    await expect(call(operation, input)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 400,
      message,
    });
  });
});
