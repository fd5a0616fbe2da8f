import { account, busArn, queueArn, retryPolicy, ruleArn, setUp, withRule } from './bus';

describe('Terraform', () => {
  test('attributes', async () => {
    const { create } = setUp();
    await expect(create('aws_cloudwatch_event_bus', { name: 'orders', tags: { a: 'b' } })).resolves.toEqual({
      id: 'orders',
      name: 'orders',
      arn: busArn,
    });
    const rule = { name: 'created', event_pattern: '{"a":["b"]}' };
    await expect(create('aws_cloudwatch_event_rule', { ...rule, event_bus_name: 'orders' })).resolves.toEqual({
      id: 'orders/created',
      name: 'created',
      arn: ruleArn,
      event_bus_name: 'orders',
    });
    await expect(create('aws_cloudwatch_event_rule', rule)).resolves.toMatchObject({
      id: 'created',
      arn: `arn:aws:events:eu-west-1:${account}:rule/created`,
    });
    const target = { rule: 'created', event_bus_name: 'orders', target_id: 't', arn: queueArn('queue') };
    await expect(create('aws_cloudwatch_event_target', target)).resolves.toEqual({
      id: 'orders-created-t',
      target_id: 't',
      arn: queueArn('queue'),
      rule: 'created',
    });
    await expect(
      create('aws_cloudwatch_event_target', { rule: 'created', arn: queueArn('queue') }),
    ).resolves.toMatchObject({
      target_id: expect.stringMatching(/^terraform-/),
    });
  });

  const kinesis = `arn:aws:kinesis:eu-west-1:${account}:stream/f`;
  const target = { rule: 'created', event_bus_name: 'orders', arn: queueArn('queue') };
  test.each([
    ['bus', { name: 'default' }, 'default already'],
    ['bus', { name: 'a/b' }, 'letters'],
    ['bus', { name: 'orders' }, 'already exists'],
    ['bus', { name: 'x', kms_key_identifier: 'k' }, 'kms_key_identifier'],
    ['bus', { name: 'x', dead_letter_config: { arn: 'a' } }, 'dead_letter_config'],
    ['bus', { name: 'x', event_source_name: 'aws.partner/x' }, 'event_source_name'],
    ['bus_policy', { event_bus_name: 'x', policy: '{}' }, 'Event bus x does not exist'],
    ['bus_policy', { policy: '{' }, 'not JSON'],
    ['archive', { name: 'x', event_source_arn: `${busArn}s` }, 'does not exist'],
    ['archive', { name: 'x', event_source_arn: busArn, kms_key_identifier: 'k' }, 'kms_key_identifier'],
    ['archive', { name: 'x', event_source_arn: busArn, event_pattern: '{}' }, 'Empty objects are not allowed'],
    ['rule', { name: 'x', event_bus_name: 'x', event_pattern: '{"a":["b"]}' }, 'Event bus x does not exist'],
    ['rule', { name: 'created', event_bus_name: 'orders', event_pattern: '{"a":["b"]}' }, 'has a rule created already'],
    ['rule', { name: 'x', event_pattern: '{"a":"b"}' }, 'must be an object or an array'],
    ['rule', { name: 'x', event_pattern: JSON.stringify({ a: ['x'.repeat(2048)] }) }, 'at most 2048 characters'],
    ['rule', { name: 'x', schedule_expression: 'rate(1 minute)' }, 'schedules of rules are not modelled'],
    ['rule', { name: 'x' }, 'no event_pattern'],
    ['rule', { name: 'x', event_pattern: '{"a":["b"]}', state: 'ON' }, 'ENABLED or DISABLED'],
    ['rule', { name: 'x', event_pattern: '{"a":["b"]}', role_arn: 'r' }, 'role_arn'],
    ['target', { ...target, rule: 'x' }, 'Rule x does not exist on EventBus orders'],
    ['target', { rule: 'created', arn: queueArn('queue') }, 'Rule created does not exist on EventBus default'],
    ['target', { ...target, arn: kinesis }, 'not modelled; targets may be of sqs'],
    ['target', { ...target, arn: 'queue' }, 'not modelled'],
    ['target', { ...target, arn: `arn:aws:sqs:us-east-1:${account}:q` }, 'another region'],
    ['target', { ...target, arn: queueArn('q.fifo') }, 'message_group_id'],
    ['target', { ...target, target_id: 'queue' }, 'has a target queue already'],
    ['target', { ...target, input: 'text' }, 'must be JSON'],
    ['target', { ...target, input: '1', input_path: '$' }, 'only one of'],
    ['target', { ...target, input_path: 'detail' }, 'must be a path'],
    ['target', { ...target, input_path: '$..id' }, 'must be a path'],
    ['target', { ...target, input_transformer: { input_template: '<aws.events.x>' } }, 'unknown <aws...>'],
    ['target', { ...target, retry_policy: { maximum_retry_attempts: 4 } }, 'give both limits'],
    ['target', { ...target, retry_policy: { ...retryPolicy, maximum_retry_attempts: 186 } }, '185'],
    ['target', { ...target, dead_letter_config: { arn: queueArn('d.fifo') } }, 'standard SQS queue'],
    ['target', { ...target, ecs_target: {} }, 'ecs_target'],
  ])('refuses %s %j', async (type, settings, message) => {
    const { create } = await withRule();
    await expect(create(`aws_cloudwatch_event_${type}`, settings)).rejects.toThrow(message);
  });

  test('refuses a sixth target', async () => {
    const { create } = await withRule();
    for (let i = 0; i < 4; i++) await create('aws_cloudwatch_event_target', target);
    await expect(create('aws_cloudwatch_event_target', target)).rejects.toThrow('has 5 targets already');
  });
});
