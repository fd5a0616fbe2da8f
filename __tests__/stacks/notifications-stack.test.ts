import { type Synthesized, policies } from '../synthesis';
import { notifications } from './notifications';

const stack = notifications();

test('makes exactly these resources', () => {
  expect(stack.counts).toEqual({
    aws_cloudwatch_log_group: 4,
    aws_cloudwatch_log_resource_policy: 1,
    aws_cloudwatch_metric_alarm: 7,
    aws_dynamodb_table: 1,
    aws_iam_role: 5,
    aws_iam_role_policy: 5,
    aws_lambda_event_source_mapping: 1,
    aws_lambda_function: 3,
    aws_lambda_function_event_invoke_config: 1,
    aws_s3_bucket: 1,
    aws_s3_bucket_lifecycle_configuration: 1,
    aws_s3_bucket_policy: 1,
    aws_s3_bucket_public_access_block: 1,
    aws_s3_bucket_server_side_encryption_configuration: 1,
    aws_scheduler_schedule: 1,
    aws_scheduler_schedule_group: 1,
    aws_sfn_state_machine: 1,
    aws_sns_topic: 1,
    aws_sns_topic_policy: 1,
    aws_sqs_queue: 1,
  });
});

test('the messages table is restorable, encrypted, has a stream and an index by status without payloads', () => {
  expect(stack.one('aws_dynamodb_table')).toMatchObject({
    name: 'outbox-dev-messages',
    hash_key: 'id',
    stream_enabled: true,
    stream_view_type: 'NEW_AND_OLD_IMAGES',
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true, kms_key_arn: expect.stringContaining('terraform_remote_state') },
    global_secondary_index: [
      {
        name: 'GSI-sendStatus',
        hash_key: 'sendStatus',
        projection_type: 'INCLUDE',
        non_key_attributes: ['attempts', 'claimedAt', 'deliveries', 'execution'],
      },
    ],
  });
});

test('inserts with a message start a delivery, no other change does', () => {
  const { filter_criteria } = stack.one('aws_lambda_event_source_mapping');
  expect(filter_criteria.filter.map(({ pattern }: { pattern: string }) => JSON.parse(pattern))).toEqual([
    {
      eventName: ['INSERT'],
      dynamodb: { NewImage: { message: { S: [{ exists: true }] } } },
      userIdentity: { principalId: [{ exists: false }] },
    },
  ]);
});

/** What a role may do, beyond logs and traces. */
function actionsOf(name: string): string[] {
  const policy = policies(stack).find(({ address }) => address.startsWith(`aws_iam_role_policy.${name}_role`))!;
  const own = policy.statements.filter(({ Sid }) => !['Trace', 'WriteLogs', 'DeliverLogs'].includes(Sid));
  return own.flatMap(({ Action }) => Action as string[]).sort();
}

test.each([
  [
    'start-delivery',
    [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      's3:ListBucket',
      's3:PutObject',
      'states:StartExecution',
    ],
  ],
  ['delivery', ['cloudwatch:DescribeAlarms', 'dynamodb:UpdateItem', 'kms:Decrypt', 'lambda:InvokeFunction']],
  ['send-message', ['dynamodb:GetItem', 'kms:Decrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'sns:Publish']],
  [
    'retry-failed',
    [
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'sqs:SendMessage',
      'states:StartExecution',
    ],
  ],
  ['retry-schedule', ['kms:Decrypt', 'kms:GenerateDataKey', 'lambda:InvokeFunction', 'sqs:SendMessage']],
])('%s may do this and no more', (name, allowed) => expect(actionsOf(name)).toEqual(allowed));

test('nothing but the sender may publish to the topic', () => {
  const [{ statements }] = policies(stack).filter(({ address }) => address.startsWith('aws_sns_topic_policy')) as [any];
  expect(statements.map(({ Sid, Effect }: Record<string, string>) => [Sid, Effect])).toEqual([
    ['NoOtherPublishers', 'Deny'],
    ['TlsOnly', 'Deny'],
  ]);
  expect(statements[0].Condition.ArnNotEquals['aws:PrincipalArn']).toEqual([
    expect.stringMatching(/^\$\{aws_iam_role\.send-message_role/),
  ]);
});

test('messages are mailed to whom the settings name', () => {
  expect(stack.counts.aws_sns_topic_subscription).toBeUndefined();
  const mailed = notifications({ OUTBOX_NOTIFICATION_EMAIL: 'news@example.com' });
  expect(mailed.one('aws_sns_topic_subscription')).toMatchObject({ protocol: 'email', endpoint: 'news@example.com' });
});

/** The alarm on a metric. */
function alarmOn(metric: string): Record<string, any> {
  const found = Object.values(stack.all('aws_cloudwatch_metric_alarm')).filter((it) => it.metric_name === metric);
  expect(found).toHaveLength(1);
  return found[0]!;
}

test('the breaker opens when three sends fail within a minute, and closes when none is tried', () => {
  const breaker = alarmOn('SendFailed');
  expect(breaker).toMatchObject({
    namespace: 'Outbox',
    dimensions: {
      service: 'send-message',
      function_name: expect.stringMatching(/^\$\{aws_lambda_function\.send-message_function\w+\.function_name\}$/),
    },
    statistic: 'Sum',
    period: 60,
    evaluation_periods: 1,
    threshold: 3,
    treat_missing_data: 'notBreaching',
  });
  for (const actions of [breaker.alarm_actions, breaker.ok_actions])
    expect(actions).toEqual([expect.stringContaining('terraform_remote_state')]);
  const { States } = JSON.parse(stack.one('aws_sfn_state_machine').definition);
  expect(States.ReadBreaker.Parameters.AlarmNames).toEqual([
    expect.stringMatching(/^\$\{aws_cloudwatch_metric_alarm\.send-message_sendFailures-alarm\w+\.alarm_name\}$/),
  ]);
});

test('abandoned messages keep the alarm on until a person has seen to them', () => {
  expect(alarmOn('Abandoned')).toMatchObject({ threshold: 1, statistic: 'Maximum', treat_missing_data: 'ignore' });
});

test('alarms watch everything that fails for good', () => {
  const watched = Object.values(stack.all('aws_cloudwatch_metric_alarm')).map(({ metric_name }) => String(metric_name));
  expect(watched.sort()).toEqual([
    'Abandoned',
    'ApproximateNumberOfMessagesVisible',
    'DroppedEventCount',
    'ExecutionsTimedOut',
    'IteratorAge',
    'OnFailureDestinationDeliveredEventCount',
    'SendFailed',
  ]);
});

const variables = (of: Synthesized, name: string) =>
  of.one('aws_lambda_function', `${name}_`).environment.variables as Record<string, string>;

test('a claim holds longer than an execution and all that it leaves running', () => {
  const { TimeoutSeconds, States } = JSON.parse(stack.one('aws_sfn_state_machine').definition);
  const sender = stack.one('aws_lambda_function', 'send-message_');
  expect(States.Send.TimeoutSeconds).toBeGreaterThan(sender.timeout);
  expect(Number(variables(stack, 'retry-failed').LEASE_SECONDS)).toBeGreaterThan(TimeoutSeconds + sender.timeout);
});

test('redelivers as often as the settings say', () => {
  const often = notifications({ OUTBOX_RETRY_RATE_MINUTES: '1' });
  expect(stack.one('aws_scheduler_schedule').schedule_expression).toBe('rate(5 minutes)');
  expect(often.one('aws_scheduler_schedule').schedule_expression).toBe('rate(1 minute)');
});

test('outside dev table and bucket cannot be deleted by mistake', () => {
  const prod = notifications({ OUTBOX_ENVIRONMENT: 'prod' });
  expect(prod.one('aws_dynamodb_table').deletion_protection_enabled).toBe(true);
  expect(prod.one('aws_s3_bucket')).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
});
