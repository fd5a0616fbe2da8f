import { z } from 'zod';
import { jsonErrors } from '../../../../local/service';
import { serviceFixture } from '../stream-fixture';

let fixture: Awaited<ReturnType<typeof serviceFixture>>;
beforeEach(async () => {
  fixture = await serviceFixture();
  const { runtime } = fixture;
  await fixture.create('aws_cloudwatch_event_bus', 'shop', { name: 'shop' });
  const { arn } = await fixture.create('aws_cloudwatch_event_rule', 'users', {
    name: 'users',
    event_bus_name: 'shop',
    event_pattern: '{"source":["users"]}',
  });
  ruleArn = arn;
  deadLetters = await fixture.queue('dead');
  runtime.iam.setResourcePolicy(deadLetters, allow('sqs:SendMessage', deadLetters));
});
afterEach(async () => fixture.close());

let ruleArn: string;
let deadLetters: string;
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:audit';
const groupArn = 'arn:aws:logs:eu-west-1:000000000000:log-group:/aws/events/users';
const eventRole = 'arn:aws:iam::000000000000:role/rule';

function allow(Action: string | string[], Resource: string) {
  const Principal = { Service: 'events.amazonaws.com' };
  const Condition = { ArnEquals: { 'aws:SourceArn': ruleArn } };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action, Resource, Condition }] };
}

const target = (given: object) =>
  fixture.create('aws_cloudwatch_event_target', 'it', {
    rule: 'users',
    event_bus_name: 'shop',
    target_id: 'it',
    retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 2 },
    dead_letter_config: { arn: deadLetters },
    ...given,
  });

const put = async () => {
  const entry = { EventBusName: 'shop', Source: 'users', DetailType: 'UserCreated', Detail: '{"id":"u1"}' };
  await fixture.call('events', 'PutEvents', { Entries: [{ ...entry, Resources: ['r'] }] });
  await fixture.pass(10_000);
};

const code = async () => (await fixture.messages('dead'))[0]?.MessageAttributes.ERROR_CODE.StringValue;

function role(...actions: string[]) {
  const { iam } = fixture.runtime;
  const Statement = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' };
  iam.putRole({ arn: eventRole, name: 'rule', trustPolicy: { Version: '2012-10-17', Statement } });
  const allowed = { Effect: 'Allow', Action: actions, Resource: '*' };
  if (actions.length > 0) iam.putRolePolicy(eventRole, 'all', { Version: '2012-10-17', Statement: allowed });
}

describe('function', () => {
  const handler = `export const handler = async (event) => { console.log('event ' + JSON.stringify(event)); };`;
  const permit = (source_arn = ruleArn) =>
    fixture.create('aws_lambda_permission', 'rule', {
      action: 'lambda:InvokeFunction',
      function_name: 'audit',
      principal: 'events.amazonaws.com',
      source_arn,
    });

  test('gets the event asynchronously, if it lets the rule', async () => {
    await fixture.addFunction('audit', handler);
    await permit();
    await target({ arn: functionArn });
    await put();
    const line = (await fixture.lines('audit')).find((text) => text.includes('event '))!;
    expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({ source: 'users', detail: { id: 'u1' } });
    expect(await code()).toBeUndefined();
    const first = fixture.runtime.timeline.hops.find((hop) => hop.operation === 'PutEvents');
    expect(fixture.runtime.timeline.descendants(first!.id)).toContain(fixture.starts('audit')[0]);
  });

  test('what it fails with is retried by Lambda, not dead-lettered by the rule', async () => {
    await fixture.addFunction('audit', 'export const handler = async () => { throw new Error("no"); };');
    await permit();
    await target({ arn: functionArn });
    await put();
    await fixture.pass(3_600_000);
    expect(fixture.starts('audit')).toHaveLength(3);
    expect(await code()).toBeUndefined();
  });

  test('without permission, or with one for another rule: dead-lettered at once', async () => {
    await fixture.addFunction('audit', handler);
    await permit(`${ruleArn}-other`);
    await target({ arn: functionArn });
    await put();
    expect(await code()).toBe('NO_PERMISSIONS');
    expect(fixture.starts('audit')).toEqual([]);
  });

  test('that does not exist: dead-lettered at once', async () => {
    await target({ arn: functionArn });
    await put();
    expect(await code()).toBe('NO_RESOURCE');
  });

  test('throttled: delivered again', async () => {
    await fixture.addFunction('audit', handler);
    await permit();
    await target({ arn: functionArn });
    fixture.runtime.faults.add({ service: 'lambda', operation: 'Invoke', effect: 'throttle', times: 2 });
    await put();
    expect(fixture.starts('audit')).toHaveLength(1);
  });
});

describe('state machine', () => {
  const arn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:deliver';
  const started: unknown[] = [];
  beforeEach(() => {
    started.length = 0;
    fixture.runtime.register({
      name: 'states',
      errors: jsonErrors,
      resources: {},
      operations: {
        StartExecution: {
          input: z.looseObject({ stateMachineArn: z.string(), input: z.string() }),
          permissions: () => [{ action: 'states:StartExecution', resource: arn }],
          run: (input: { input: string }) => {
            started.push(JSON.parse(input.input));
            return {};
          },
        },
      },
    });
  });

  test('is started as the role', async () => {
    role('states:StartExecution');
    await target({ arn, role_arn: eventRole, input_path: '$.detail' });
    await put();
    expect(started).toEqual([{ id: 'u1' }]);
  });

  test('that the role may not start: dead-lettered at once', async () => {
    role();
    await target({ arn, role_arn: eventRole });
    await put();
    expect(await code()).toBe('NO_PERMISSIONS');
  });
});

describe('log group', () => {
  const policy = (actions: string[]) =>
    fixture.create('aws_cloudwatch_log_resource_policy', 'rule', {
      policy_name: 'rule',
      policy_document: JSON.stringify(allow(actions, `${groupArn}:*`)),
    });
  const written = async () =>
    (await fixture.call('logs', 'FilterLogEvents', { logGroupName: '/aws/events/users' })).events;

  test('gets the event as a line, if a log resource policy lets the rule', async () => {
    await fixture.create('aws_cloudwatch_log_group', 'users', { name: '/aws/events/users' });
    await policy(['logs:CreateLogStream', 'logs:PutLogEvents']);
    await target({ arn: groupArn });
    await put();
    await put();
    const lines = await written();
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0].message)).toMatchObject({ source: 'users', detail: { id: 'u1' } });
  });

  test('gets the line that a transformer makes', async () => {
    await fixture.create('aws_cloudwatch_log_group', 'users', { name: '/aws/events/users' });
    await policy(['logs:CreateLogStream', 'logs:PutLogEvents']);
    await target({
      arn: groupArn,
      input_transformer: {
        input_paths: { at: '$.time', id: '$.detail.id' },
        input_template: '{"timestamp":<at>,"message":"user <id>"}',
      },
    });
    await put();
    expect(await written()).toMatchObject([{ message: 'user u1', timestamp: 1_767_225_600_000 }]);
  });

  test.each([
    [['logs:CreateLogStream'], 'NO_PERMISSIONS'],
    [['logs:PutLogEvents'], 'NO_PERMISSIONS'],
  ])('with %j only: %s', async (actions, expected) => {
    await fixture.create('aws_cloudwatch_log_group', 'users', { name: '/aws/events/users' });
    await policy(actions);
    await target({ arn: groupArn });
    await put();
    expect(await code()).toBe(expected);
  });

  test('that does not exist: NO_RESOURCE', async () => {
    await policy(['logs:CreateLogStream', 'logs:PutLogEvents']);
    await target({ arn: groupArn });
    await put();
    expect(await code()).toBe('NO_RESOURCE');
  });
});

describe('bus', () => {
  const other = 'arn:aws:events:eu-west-1:000000000000:event-bus/other';

  test('gets the event as it is, as the role', async () => {
    await fixture.create('aws_cloudwatch_event_bus', 'other', { name: 'other' });
    role('events:PutEvents');
    await target({ arn: other, role_arn: eventRole });
    await put();
    const puts = fixture.runtime.timeline.hops.filter((hop) => hop.operation === 'PutEvents');
    expect(puts[1]).toMatchObject({
      resource: other,
      data: { event: { source: 'users', 'detail-type': 'UserCreated', detail: { id: 'u1' }, resources: ['r'] } },
    });
    expect(fixture.runtime.timeline.descendants(puts[0]!.id)).toContain(puts[1]);
  });

  test('that the role may not put to: dead-lettered at once', async () => {
    await fixture.create('aws_cloudwatch_event_bus', 'other', { name: 'other' });
    role();
    await target({ arn: other, role_arn: eventRole });
    await put();
    expect(await code()).toBe('NO_PERMISSIONS');
  });

  test.each([
    [{ arn: other }, 'RoleArn is required'],
    [{ arn: other, role_arn: eventRole, input: '{}' }, 'takes the event as it is'],
    [{ arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/shop', role_arn: eventRole }, "the rule's own bus"],
    [{ arn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:deliver' }, 'RoleArn is required'],
    [{ arn: `${functionArn}:1` }, 'without version'],
    [{ arn: 'arn:aws:logs:eu-west-1:000000000000:log-group:users' }, 'begins with /aws/events/'],
    [{ arn: groupArn, role_arn: eventRole }, 'RoleArn is not supported'],
  ])('refuses %j', async (given, message) => {
    await expect(target(given)).rejects.toThrow(message);
  });
});
