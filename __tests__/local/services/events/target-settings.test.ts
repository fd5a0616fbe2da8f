import { account, order, queueArn, ruleArn, withDlq, withRule } from './bus';

describe('input of a target', () => {
  const deliver = async (target: object) => {
    const { put, settle, messages } = await withRule({ ...withDlq, ...target });
    await put(order(7));
    await settle();
    expect(messages).toHaveLength(1);
    return messages[0]!;
  };
  const transformer = (input_template: string, input_paths?: object) => ({
    input_transformer: { input_template, ...(input_paths && { input_paths }) },
  });

  test.each([
    ['constant', { input: '{"a":1}' }, '{"a":1}'],
    ['path', { input_path: '$.detail' }, '{"id":7,"name":"a \\"quoted\\" name"}'],
    ['path in brackets', { input_path: "$['detail-type']" }, '"OrderDetailsChanged"'],
    ['path to nothing', { input_path: '$.detail.toString' }, 'null'],
    [
      'value in JSON',
      transformer('{"n": <n>, "s": <s>}', { n: '$.detail.id', s: '$.source' }),
      '{"n": 7, "s": "order.event"}',
    ],
    ['value in text', transformer('"<s> number <n>"', { n: '$.detail.id', s: '$.source' }), '"order.event number 7"'],
    ['lines of text', transformer('"one <n>"\n"two"', { n: '$.detail.id' }), '"one 7"\n"two"'],
    ['object', transformer('{"d": <d>}', { d: '$.resources' }), '{"d": []}'],
    ['missing member', transformer('{"a":1,"x":<x>}', { x: '$.detail.x' }), '{"a":1}'],
    ['missing in text', transformer('{"a":"-<x>-"}', { x: '$.detail.x' }), '{"a":"--"}'],
    ['unknown variable', transformer('"<b>bold</b>"'), '"<b>bold</b>"'],
    [
      'rule',
      transformer('{"r":<aws.events.rule-arn>,"n":"<aws.events.rule-name>"}'),
      `{"r":"${ruleArn}","n":"created"}`,
    ],
    ['time', transformer('{"t":<aws.events.event.ingestion-time>}'), '{"t":"2026-01-01T00:00:00.000Z"}'],
  ])('%s', async (_, target, expected) => {
    const message = await deliver(target);
    expect(message).toMatchObject({ queue: 'queue', body: expected });
  });

  test('whole event, and event without its detail', async () => {
    const { body } = await deliver(transformer('{"all":<aws.events.event.json>,"envelope":<aws.events.event>}'));
    const { all, envelope } = JSON.parse(body);
    expect(all.detail.id).toBe(7);
    expect(envelope).toEqual({ ...all, detail: undefined });
  });

  test('a value that breaks the template is dead-lettered', async () => {
    const message = await deliver(transformer('{"name":"<n>"}', { n: '$.detail.name' }));
    expect(message).toMatchObject({ queue: 'dlq', attributes: { ERROR_CODE: 'INVALID_JSON' } });
    expect(JSON.parse(message.body).detail.id).toBe(7);
  });

  test('a FIFO queue gets its message group', async () => {
    const sqs_target = [{ message_group_id: 'orders' }];
    expect(await deliver({ arn: queueArn('queue.fifo'), sqs_target })).toMatchObject({
      queue: 'queue.fifo',
      group: 'orders',
    });
  });
});

describe('a target with a role', () => {
  const roleArn = `arn:aws:iam::${account}:role/deliver`;
  const trust = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

  test('is called as the role', async () => {
    const { runtime, put, settle, messages } = await withRule({ role_arn: roleArn });
    runtime.iam.putRole({ arn: roleArn, name: 'deliver', trustPolicy: trust('events.amazonaws.com') });
    runtime.iam.putRolePolicy(roleArn, 'send', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('queue') }],
    });
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ principal: { kind: 'role', roleArn } }]);
  });

  test('is dead-lettered if the role cannot be assumed', async () => {
    const { runtime, put, settle, messages } = await withRule({ role_arn: roleArn, ...withDlq });
    runtime.iam.putRole({ arn: roleArn, name: 'deliver', trustPolicy: trust('pipes.amazonaws.com') });
    await put(order(1));
    await settle();
    const attributes = {
      ERROR_CODE: 'FAILED_TO_ASSUME_ROLE',
      ERROR_MESSAGE: expect.stringContaining('sts:AssumeRole'),
    };
    expect(messages).toMatchObject([{ queue: 'dlq', attributes }]);
  });
});
