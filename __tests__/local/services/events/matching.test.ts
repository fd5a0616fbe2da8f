import { busArn, order, queueArn, withRule } from './bus';

describe('matching', () => {
  test('one filtered hop for an event that no rule matches', async () => {
    const { put, settle, messages, hops } = await withRule();
    await put(order(1, { Source: 'else' }));
    await settle();
    expect(messages).toEqual([]);
    expect(hops('match')).toMatchObject([
      { outcome: 'filtered', resource: busArn, summary: 'no rule of orders matches OrderDetailsChanged from else' },
    ]);
  });

  test('every target of every matching rule gets the event; rules of other buses do not', async () => {
    const { create, put, settle, messages } = await withRule();
    const everything = '{"source":[{"prefix":""}]}';
    await create('aws_cloudwatch_event_target', {
      rule: 'created',
      event_bus_name: busArn,
      arn: queueArn('other'),
    });
    await create('aws_cloudwatch_event_rule', { name: 'created', event_pattern: everything });
    await create('aws_cloudwatch_event_target', { rule: 'created', arn: queueArn('queue'), input: '"default bus"' });
    await put(order(1));
    await settle();
    expect(messages.map(({ queue }) => queue).sort()).toEqual(['other', 'queue']);
    expect(new Set(messages.map(({ body }) => body)).size).toBe(1);
  });

  test('a disabled rule matches nothing until it is enabled', async () => {
    const { call, put, settle, messages } = await withRule();
    const rule = { Name: 'created', EventBusName: 'orders' };
    await call('DisableRule', rule);
    await expect(call('DescribeRule', rule)).resolves.toMatchObject({ State: 'DISABLED' });
    await put(order(1));
    await settle();
    expect(messages).toHaveLength(0);
    await call('EnableRule', rule);
    await put(order(2));
    await settle();
    expect(messages).toHaveLength(1);
  });

  test('keeps no order', async () => {
    const { put, settle, messages } = await withRule();
    await put(...Array.from({ length: 10 }, (_, id) => order(id)));
    await settle();
    const ids = messages.map(({ body }) => JSON.parse(body).detail.id as number);
    expect(ids).not.toEqual(ids.toSorted((a, b) => a - b));
    const atOnce = ids.filter((_, index) => messages[index]!.time === messages[0]!.time);
    expect(atOnce).not.toEqual(atOnce.toSorted((a, b) => a - b));
    expect(ids.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
