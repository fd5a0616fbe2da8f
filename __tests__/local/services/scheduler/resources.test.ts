import { busArn, functionArn, group, queueArn, roleArn, scheduleArn, setUp } from './schedule';

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
