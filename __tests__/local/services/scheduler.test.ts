import { z } from 'zod';
import { AwsError } from '../../../local/aws-error';
import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { type Metric, Runtime } from '../../../local/runtime';
import { type Service, jsonErrors } from '../../../local/service';
import { scheduler } from '../../../local/services/scheduler';
import { sts } from '../../../local/services/sts';
import { runUntil } from '../../../local/simulation';

const roleArn = 'arn:aws:iam::000000000000:role/retry';
const group = 'arn:aws:scheduler:eu-west-1:000000000000:schedule-group/default';
const scheduleArn = 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/retry';
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:retry';
const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:retry-dlq';
const busArn = 'arn:aws:events:eu-west-1:000000000000:event-bus/events';
const machineArn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:delivery';
const minute = 60_000;

interface Sent {
  readonly operation: string;
  readonly input: any; // eslint-disable-line typescript/no-explicit-any -- inputs of any operation
  readonly principal: string;
  readonly parents: readonly number[];
  /** Minutes since the start. */
  readonly minute: number;
}

/** A runtime whose targets write down what they are sent, and answer as told. */
function setUp(trusted: string = group) {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-west-1' });
  const began = clock.now();
  const sent: Sent[] = [];
  const metrics: Metric[] = [];
  let answer: (operation: string) => unknown = () => ({});
  const target = (name: string, operation: string, action: string, resource: (input: any) => string): Service => ({
    name,
    errors: jsonErrors,
    resources: {},
    operations: {
      [operation]: {
        input: z.looseObject({}),
        permissions: (input) => [{ action: `${name}:${action}`, resource: resource(input) }],
        run(input, { principal, parents }) {
          const by = principal.kind === 'role' ? principal.roleArn : principal.kind;
          sent.push({ operation, input, principal: by, parents, minute: (clock.now() - began) / minute });
          return answer(operation);
        },
      },
    },
  });
  const service = scheduler(runtime);
  for (const one of [
    service,
    sts(runtime),
    target('lambda', 'Invoke', 'InvokeFunction', ({ FunctionName }) => FunctionName),
    target('sqs', 'SendMessage', 'SendMessage', () => queueArn),
    target('events', 'PutEvents', 'PutEvents', () => busArn),
    target('states', 'StartExecution', 'StartExecution', ({ stateMachineArn }) => stateMachineArn),
  ])
    runtime.register(one);
  runtime.onMetric((metric) => metrics.push(metric));
  const Condition = { StringEquals: { 'aws:SourceAccount': '000000000000', 'aws:SourceArn': trusted } };
  const trust = { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const trustPolicy = { Version: '2012-10-17', Statement: [{ ...trust, Condition }] };
  runtime.iam.putRole({ arn: roleArn, name: 'retry', trustPolicy });
  const allow = (...Action: string[]) =>
    runtime.iam.putRolePolicy(roleArn, 'targets', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    });
  allow('lambda:InvokeFunction', 'sqs:SendMessage', 'events:PutEvents', 'states:StartExecution');
  const make = (given: Record<string, unknown> = {}, to: object = {}) => {
    const type = service.resources.aws_scheduler_schedule!;
    const args = type.arguments.parse({
      name: 'retry',
      schedule_expression: 'rate(5 minutes)',
      flexible_time_window: [{ mode: 'OFF' }],
      target: [{ arn: functionArn, role_arn: roleArn, ...to }],
      ...given,
    });
    return type.create({ address: 's/aws_scheduler_schedule.it', stack: 's', type: '', name: 'it', arguments: args });
  };
  return {
    runtime,
    clock,
    service,
    sent,
    allow,
    make,
    answer: (fn: typeof answer) => (answer = fn),
    pass: async (minutes: number) => runUntil(runtime, clock, () => false, minutes * minute),
    call: async (operation: string, input: object) =>
      runtime.call({ service: 'scheduler', operation, input, principal: runtime.administrator }),
    hops: (operation: string) => runtime.timeline.hops.filter((hop) => hop.operation === operation),
    counted: (name: string) => metrics.filter((metric) => metric.name === name).length,
    metrics,
  };
}

const unavailable = () => {
  throw new AwsError('ServiceException', 'not now', 500);
};

describe('when it invokes', () => {
  test('a rate: at once and after each interval, as the role, for as long as time is given', async () => {
    const { make, runtime, sent, pass, hops } = setUp();
    expect(await make()).toMatchObject({ id: 'default/retry', arn: scheduleArn });
    await pass(60);
    expect(sent).toEqual([]);
    await runtime.start();
    await pass(12);
    expect(sent.map((one) => [one.operation, one.principal, one.minute])).toEqual([
      ['Invoke', roleArn, 0],
      ['Invoke', roleArn, 5],
      ['Invoke', roleArn, 10],
    ]);
    expect(sent.at(-1)!.parents).toEqual([hops('invoke').at(-1)!.id]);
  });

  test('within start and end date', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ start_date: '2026-01-01T00:10:00Z', end_date: '2026-01-01T00:20:00Z' });
    await runtime.start();
    await pass(60);
    expect(sent.map((one) => one.minute)).toEqual([10, 15, 20]);
  });

  test('a cron expression in its time zone', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ schedule_expression: 'cron(30 2 * * ? *)', schedule_expression_timezone: 'Europe/Berlin' });
    await runtime.start();
    await pass(48 * 60);
    expect(sent.map((one) => one.minute)).toEqual([90, 90 + 1440]);
  });

  test('at a random moment of a flexible window, once for each time it is due', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ flexible_time_window: [{ mode: 'FLEXIBLE', maximum_window_in_minutes: 4 }] });
    await runtime.start();
    await pass(59);
    const late = sent.map((one, index) => one.minute - index * 5);
    expect(late).toHaveLength(12);
    expect(late.every((minutes) => minutes >= 0 && minutes < 4)).toBe(true);
    expect(new Set(late).size).toBeGreaterThan(6);
  });

  test('not while it is disabled; enabled again, at its usual times', async () => {
    const { make, runtime, sent, pass, call } = setUp();
    await make();
    await runtime.start();
    await pass(6);
    const given = await call('GetSchedule', { Name: 'retry' });
    const change = async (State: string) => call('UpdateSchedule', { ...given, State });
    await change('DISABLED');
    await pass(20);
    expect(sent.map((one) => one.minute)).toEqual([0, 5]);
    expect(await call('ListSchedules', { State: 'DISABLED' })).toMatchObject({ Schedules: [{ Name: 'retry' }] });
    await change('ENABLED');
    await pass(6);
    expect(sent.map((one) => one.minute)).toEqual([0, 5, 10]);
  });

  test('once, and is then deleted if it says so', async () => {
    const { make, runtime, sent, pass, call, hops } = setUp();
    await make({ schedule_expression: 'at(2026-01-01T00:07:00)', action_after_completion: 'DELETE' });
    await make({ name: 'kept', schedule_expression: 'at(2026-01-01T00:08:00)' });
    await runtime.start();
    await pass(60);
    expect(sent.map((one) => one.minute)).toEqual([7, 8]);
    expect(hops('complete')).toHaveLength(1);
    await expect(call('GetSchedule', { Name: 'retry' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
    expect(await call('GetSchedule', { Name: 'kept' })).toMatchObject({ State: 'ENABLED' });
  });

  test('nothing any more once the runtime has stopped', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make();
    await runtime.start();
    await pass(1);
    await runtime.stop();
    expect(await pass(60)).toBe(false);
    expect(sent).toHaveLength(1);
  });
});

describe('what the target gets', () => {
  const once = { schedule_expression: 'at(2026-01-01T00:07:00)' };

  test.each([
    [functionArn, {}, 'Invoke', { FunctionName: functionArn, InvocationType: 'Event', Payload: '{"a":1}' }],
    [queueArn, {}, 'SendMessage', { QueueUrl: '/000000000000/retry-dlq', MessageBody: '{"a":1}' }],
    [
      `${queueArn}.fifo`,
      { sqs_parameters: [{ message_group_id: 'g' }] },
      'SendMessage',
      { QueueUrl: '/000000000000/retry-dlq.fifo', MessageBody: '{"a":1}', MessageGroupId: 'g' },
    ],
    [
      busArn,
      { eventbridge_parameters: [{ detail_type: 'Due', source: 'clock' }] },
      'PutEvents',
      {
        Entries: [
          { EventBusName: busArn, DetailType: 'Due', Source: 'clock', Detail: '{"a":1}', Resources: [scheduleArn] },
        ],
      },
    ],
    [machineArn, {}, 'StartExecution', { stateMachineArn: machineArn, input: '{"a":1}' }],
  ])('%s', async (arn, more, operation, input) => {
    const { make, runtime, sent, pass } = setUp();
    await make(once, { arn, input: '{"a":1}', ...more });
    await runtime.start();
    await pass(8);
    expect(sent).toEqual([expect.objectContaining({ operation, input })]);
  });

  test('a universal target calls any operation that changes something', async () => {
    const { make, runtime, sent, pass } = setUp();
    const input = JSON.stringify({ StateMachineArn: machineArn, Input: '{}', Name: '<aws.scheduler.execution-id>' });
    await make(once, { arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution', input });
    await runtime.start();
    await pass(8);
    expect(sent[0]).toMatchObject({
      operation: 'StartExecution',
      input: { stateMachineArn: machineArn, input: '{}', name: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });

  test('context attributes are filled in at each attempt', async () => {
    const { make, runtime, sent, pass, answer } = setUp();
    const names = ['schedule-arn', 'scheduled-time', 'attempt-number', 'other'];
    await make(once, { input: JSON.stringify(names.map((name) => `<aws.scheduler.${name}>`)) });
    answer(() => (sent.length === 1 ? unavailable() : {}));
    await runtime.start();
    await pass(9);
    const filled = (attempt: string) => [scheduleArn, '2026-01-01T00:07:00Z', attempt, '<aws.scheduler.other>'];
    expect(sent.map(({ input }) => JSON.parse(input.Payload))).toEqual([filled('1'), filled('2')]);
  });

  test('without input, a notification', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make(once);
    await runtime.start();
    await pass(8);
    expect(JSON.parse(sent[0]!.input.Payload)).toMatchObject({
      source: 'aws.scheduler',
      'detail-type': 'Scheduled Event',
      time: '2026-01-01T00:07:00Z',
      resources: [scheduleArn],
    });
  });
});

describe('what goes wrong', () => {
  const once = { schedule_expression: 'at(2026-01-01T00:00:00)' };
  const deadLetters = { dead_letter_config: [{ arn: queueArn }], input: '{"a":1}' };
  const policy = (attempts: number, age = 3600) => ({
    retry_policy: [{ maximum_retry_attempts: attempts, maximum_event_age_in_seconds: age }],
  });

  test('is tried again with growing pauses, then dead-lettered as the role', async () => {
    const { make, runtime, sent, pass, answer, counted, metrics, hops } = setUp();
    await make(once, { ...deadLetters, ...policy(3) });
    answer((operation) => (operation === 'Invoke' ? unavailable() : {}));
    await runtime.start();
    await pass(60);
    expect(sent.map((one) => one.operation)).toEqual(['Invoke', 'Invoke', 'Invoke', 'Invoke', 'SendMessage']);
    const pauses = [1, 2, 3].map((index) => sent[index]!.minute - sent[index - 1]!.minute);
    expect(pauses[0]! < pauses[1]! && pauses[1]! < pauses[2]!).toBe(true);
    const { MessageBody: body, MessageAttributes: attributes } = sent.at(-1)!.input;
    expect(JSON.parse(body)).toEqual({ FunctionName: functionArn, InvocationType: 'Event', Payload: '{"a":1}' });
    const values = Object.entries<{ StringValue: string }>(attributes).map(([name, value]) => [
      name,
      value.StringValue,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      ERROR_CODE: 'ServiceException',
      ERROR_MESSAGE: 'not now',
      EXECUTION_ID: expect.any(String),
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: '3',
      SCHEDULED_TIME: '2026-01-01T00:00:00Z',
      SCHEDULE_ARN: scheduleArn,
      TARGET_ARN: functionArn,
    });
    expect(sent.at(-1)!.principal).toBe(roleArn);
    expect(counted('InvocationAttemptCount')).toBe(4);
    expect(counted('TargetErrorCount')).toBe(4);
    expect(counted('InvocationDroppedCount')).toBe(1);
    expect(counted('InvocationsSentToDeadLetterCount')).toBe(1);
    expect(metrics[0]).toMatchObject({ namespace: 'AWS/Scheduler', dimensions: { ScheduleGroup: 'default' } });
    const tree = runtime.timeline.descendants(hops('invoke')[0]!.id);
    expect(tree.map((hop) => hop.operation)).toEqual(expect.arrayContaining(['retry', 'Invoke', 'dead-letter']));
  });

  test('ends with its age, too', async () => {
    const { make, runtime, sent, pass, answer } = setUp();
    await make(once, { ...deadLetters, ...policy(185, 60) });
    answer((operation) => (operation === 'Invoke' ? unavailable() : {}));
    await runtime.start();
    await pass(60);
    expect(sent.at(-1)).toMatchObject({
      operation: 'SendMessage',
      minute: 1,
      input: { MessageAttributes: { EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' } } },
    });
  });

  test('a bus that takes no entry has failed', async () => {
    const { make, runtime, pass, answer, hops } = setUp();
    const parameters = { eventbridge_parameters: [{ detail_type: 'Due', source: 'clock' }], input: '{}' };
    await make(once, { arn: busArn, ...parameters, ...policy(0) });
    answer(() => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'full' }] }));
    await runtime.start();
    await pass(1);
    expect(hops('drop')).toEqual([expect.objectContaining({ summary: expect.stringContaining('full') })]);
  });

  test('a role without the right gets nothing done, not even a dead letter', async () => {
    const { make, runtime, sent, pass, allow, hops, counted } = setUp();
    allow('sqs:ReceiveMessage');
    await make(once, { ...deadLetters, ...policy(1) });
    await runtime.start();
    await pass(60);
    expect(sent).toEqual([]);
    expect(runtime.timeline.hops.filter((hop) => hop.outcome === 'denied')).toHaveLength(3);
    expect(hops('drop')).toHaveLength(1);
    expect(counted('InvocationsFailedToBeSentToDeadLetterCount')).toBe(1);
  });

  test('a schedule is deleted only after its last retry', async () => {
    const { make, runtime, pass, answer, hops } = setUp();
    await make({ ...once, action_after_completion: 'DELETE' }, policy(2));
    answer(unavailable);
    await runtime.start();
    await pass(60);
    const order = runtime.timeline.hops.map((hop) => hop.operation);
    expect(hops('retry')).toHaveLength(2);
    expect(order.lastIndexOf('complete')).toBeGreaterThan(order.lastIndexOf('drop'));
  });

  test('an encrypted schedule needs the right to use its key', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ ...once, kms_key_arn: 'arn:aws:kms:eu-west-1:000000000000:key/k' }, policy(0));
    runtime.register({ name: 'kms', errors: jsonErrors, operations: {}, resources: {} });
    await runtime.start();
    await pass(1);
    expect(sent).toEqual([]);
    expect(runtime.timeline.hops.find((hop) => hop.outcome === 'denied')!.summary).toContain('kms:Decrypt');
  });
});

describe('what is refused', () => {
  test.each([scheduleArn, 'arn:aws:scheduler:eu-west-1:000000000000:schedule-group/other'])(
    'a role that trusts %s only, for the source is the group',
    (trusted) => {
      const { make } = setUp(trusted);
      expect(() => make()).toThrow('must allow AWS EventBridge Scheduler to assume the role');
    },
  );

  test.each([
    [{ schedule_expression: 'rate(five minutes)' }, {}, 'Invalid Schedule Expression'],
    [{ flexible_time_window: [{ mode: 'FLEXIBLE' }] }, {}, 'MaximumWindowInMinutes'],
    [{ flexible_time_window: [{ mode: 'OFF', maximum_window_in_minutes: 5 }] }, {}, 'MaximumWindowInMinutes'],
    [{ name: 'no spaces' }, {}, 'letters'],
    [{ end_date: '2026-01-01T00:00:00Z', start_date: '2026-01-01T00:00:00Z' }, {}, 'must be after StartDate'],
    [{}, { arn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/c' }, 'is not modelled'],
    [{}, { arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:query' }, 'read-only'],
    [{}, { arn: busArn, input: '{}' }, 'EventBridgeParameters'],
    [{}, { arn: `${queueArn}.fifo` }, 'MessageGroupId'],
    [{}, { input: 'not JSON' }, 'must be JSON'],
    [{}, { dead_letter_config: [{ arn: `${queueArn}.fifo` }] }, 'standard SQS queue'],
    [{}, { retry_policy: [{ maximum_retry_attempts: 186, maximum_event_age_in_seconds: 60 }] }, '185'],
    [{}, { kinesis_parameters: [{ partition_key: 'k' }] }, 'kinesis_parameters'],
  ])('%j %j', (given, to, message) => {
    const { make } = setUp();
    expect(() => make(given, to)).toThrow(message);
  });

  test('problems are named as Terraform names arguments', () => {
    const { service } = setUp();
    const parsed = service.resources.aws_scheduler_schedule!.arguments.safeParse({
      name: 'retry',
      schedule_expression: 'rate(5 minutes)',
      flexible_time_window: { mode: 'OFF' },
      target: { arn: functionArn, role_arn: roleArn, retry_policy: { maximum_event_age_in_seconds: 1 } },
    });
    expect(parsed.error!.issues.map(({ path }) => path.join('.'))).toEqual([
      'target.retry_policy.maximum_event_age_in_seconds',
    ]);
  });

  test('universal targets whose operation is not run here, groups that do not exist, names that are taken', async () => {
    const { make } = setUp();
    expect(() => make({}, { arn: 'arn:aws:scheduler:::aws-sdk:sqs:purgeQueue' })).toThrow(
      'has no operation PurgeQueue',
    );
    expect(() => make({ group_name: 'other' })).toThrow('Schedule group other does not exist.');
    await make();
    expect(() => make()).toThrow('Schedule retry already exists.');
  });
});

test('groups have schedules of their own', async () => {
  const { service, call, make } = setUp(group.replace('default', 'nightly'));
  const type = service.resources.aws_scheduler_schedule_group!;
  const resource = { address: 's/g.it', stack: 's', type: '', name: 'it', arguments: { name: 'nightly' } };
  expect(await type.create(resource)).toMatchObject({ arn: group.replace('default', 'nightly'), name: 'nightly' });
  await make({ group_name: 'nightly' });
  expect(await call('ListScheduleGroups', {})).toMatchObject({
    ScheduleGroups: [{ Name: 'default', State: 'ACTIVE' }, { Name: 'nightly' }],
  });
  expect(await call('GetScheduleGroup', { Name: 'nightly' })).toMatchObject({ State: 'ACTIVE' });
  expect(await call('ListSchedules', { GroupName: 'nightly' })).toMatchObject({ Schedules: [{ Name: 'retry' }] });
  expect(await call('ListSchedules', { GroupName: 'default' })).toEqual({ Schedules: [] });
  await call('DeleteSchedule', { Name: 'retry', GroupName: 'nightly' });
  expect(await call('ListSchedules', {})).toEqual({ Schedules: [] });
});
