import { type Synthesized, policies, synthesize } from '../synthesis';

const users = synthesize()['user-events'];

test('makes exactly these resources', () => {
  expect(users.counts).toEqual({
    aws_cloudwatch_event_rule: 1,
    aws_cloudwatch_event_target: 2,
    aws_cloudwatch_log_group: 6,
    aws_cloudwatch_metric_alarm: 7,
    aws_dynamodb_table: 4,
    aws_iam_role: 6,
    aws_iam_role_policy: 6,
    aws_lambda_event_source_mapping: 2,
    aws_lambda_function: 6,
    aws_lambda_function_event_invoke_config: 1,
    aws_lambda_permission: 1,
    aws_s3_bucket: 1,
    aws_s3_bucket_lifecycle_configuration: 1,
    aws_s3_bucket_policy: 1,
    aws_s3_bucket_public_access_block: 1,
    aws_s3_bucket_server_side_encryption_configuration: 1,
    aws_sqs_queue: 4,
  });
});

test('the users table is an outbox: restorable, encrypted, with a stream of both images', () => {
  expect(users.one('aws_dynamodb_table', 'users')).toMatchObject({
    name: 'outbox-dev-users',
    hash_key: 'id',
    stream_enabled: true,
    stream_view_type: 'NEW_AND_OLD_IMAGES',
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true, kms_key_arn: expect.stringContaining('terraform_remote_state') },
    deletion_protection_enabled: false,
  });
});

test('the relay takes every change that a caller made, ten at once', () => {
  const mapping = users.one('aws_lambda_event_source_mapping', 'relay');
  expect(mapping).toMatchObject({ starting_position: 'TRIM_HORIZON', batch_size: 10 });
  expect(mapping.filter_criteria.filter).toHaveLength(1);
  expect(JSON.parse(mapping.filter_criteria.filter[0].pattern)).toEqual({
    eventName: ['INSERT', 'MODIFY', 'REMOVE'],
    userIdentity: { principalId: [{ exists: false }] },
  });
});

test('one rule takes created users and hands them to a function and to a queue', () => {
  expect(JSON.parse(users.one('aws_cloudwatch_event_rule').event_pattern)).toEqual({
    source: ['user.event'],
    'detail-type': ['UserCreated'],
  });
  const targets = Object.values(users.all('aws_cloudwatch_event_target'));
  expect(targets.map(({ target_id, arn }) => [target_id, /^\$\{(\w+)\.([\w-]+?)_/.exec(arn)!.slice(1)])).toEqual([
    ['audit-user', ['aws_lambda_function', 'audit-user']],
    ['welcome-user', ['aws_sqs_queue', 'welcome-queue']],
  ]);
  for (const target of targets) {
    expect(target).toMatchObject({
      event_bus_name: expect.stringContaining('terraform_remote_state'),
      retry_policy: { maximum_retry_attempts: 4, maximum_event_age_in_seconds: 400 },
      dead_letter_config: { arn: expect.stringContaining('aws_sqs_queue.user-created_dead-letters') },
    });
  }
});

/** What a function's role may do, beyond logs and traces. */
function actionsOf(stack: Synthesized, name: string): string[] {
  const policy = policies(stack).find(({ address }) => address.startsWith(`aws_iam_role_policy.${name}_role`))!;
  const own = policy.statements.filter(({ Sid }) => !['Trace', 'WriteLogs'].includes(Sid));
  return own.flatMap(({ Action }) => Action as string[]).sort();
}

test.each([
  ['create-user', ['dynamodb:PutItem', 'kms:Decrypt']],
  ['update-user', ['dynamodb:UpdateItem', 'kms:Decrypt']],
  ['delete-user', ['dynamodb:DeleteItem', 'dynamodb:UpdateItem', 'kms:Decrypt']],
  [
    'user-relay',
    [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'events:PutEvents',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      's3:ListBucket',
      's3:PutObject',
    ],
  ],
  ['audit-user', ['dynamodb:PutItem', 'kms:Decrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'sqs:SendMessage']],
  [
    'welcome-user',
    [
      'dynamodb:PutItem',
      'kms:Decrypt',
      'kms:Decrypt',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ],
  ],
])('%s may do this and no more', (name, allowed) => expect(actionsOf(users, name)).toEqual(allowed));

test('every queue is encrypted, keeps messages 14 days and takes them over TLS, from its rule if from anybody', () => {
  for (const queue of Object.values(users.all('aws_sqs_queue'))) {
    expect(queue).toMatchObject({
      kms_master_key_id: expect.stringContaining('terraform_remote_state'),
      message_retention_seconds: 1_209_600,
    });
    const [tls, ...senders] = JSON.parse(queue.policy).Statement;
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    for (const { Condition } of senders) {
      expect(Condition.ArnEquals['aws:SourceArn']).toMatch(/:rule\/.*\/outbox-dev-user-created$/);
    }
  }
});

test('the inbox forgets, users and effects stay', () => {
  const expiring = Object.values(users.all('aws_dynamodb_table')).filter(({ ttl }) => ttl);
  expect(expiring.map(({ name }) => name)).toEqual(['outbox-dev-user-inbox']);
});

test('outside dev tables and bucket cannot be deleted by mistake', () => {
  const prod = synthesize({ OUTBOX_ENVIRONMENT: 'prod' })['user-events'];
  expect(prod.one('aws_s3_bucket')).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
  for (const table of Object.values(prod.all('aws_dynamodb_table')))
    expect(table.deletion_protection_enabled).toBe(true);
});
