import { claimEvents } from '../../lambdas/claim-check/claim-event-type';
import { policies, synthesize } from '../synthesis';

const stack = synthesize()['claim-check'];
const values = (type: string) => Object.values(stack.all(type));

test('makes exactly these resources', () => {
  expect(stack.counts).toEqual({
    aws_cloudwatch_event_rule: 2,
    aws_cloudwatch_event_target: 2,
    aws_cloudwatch_log_group: 7,
    aws_cloudwatch_log_resource_policy: 4,
    aws_cloudwatch_metric_alarm: 10,
    aws_dynamodb_table: 2,
    aws_iam_role: 6,
    aws_iam_role_policy: 6,
    aws_lambda_function: 3,
    aws_pipes_pipe: 2,
    aws_s3_bucket: 1,
    aws_s3_bucket_lifecycle_configuration: 1,
    aws_s3_bucket_policy: 1,
    aws_s3_bucket_public_access_block: 1,
    aws_s3_bucket_server_side_encryption_configuration: 1,
    aws_s3_bucket_versioning: 1,
    aws_sfn_state_machine: 1,
    aws_sqs_queue: 6,
  });
});

test('has the outputs of the reference, and where to send and to look', () => {
  expect(Object.keys(stack.json.output).sort()).toEqual([
    'ClaimCheckAuditLogGroup',
    'ClaimCheckOutcomesTableName',
    'ClaimCheckSampleDataCreatorLambdaArn',
    'ClaimCheckSubmissionQueueUrl',
    'ClaimCheckTableName',
    'ClaimCheckTargetWorkflowArn',
  ]);
});

test('claims expire and are restorable, outcomes stay', () => {
  for (const table of values('aws_dynamodb_table')) {
    expect(table).toMatchObject({
      hash_key: 'claimId',
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: expect.stringContaining('terraform_remote_state') },
    });
  }
  expect(stack.one('aws_dynamodb_table', 'claims').ttl).toEqual({ attribute_name: 'expiresAt', enabled: true });
  expect(stack.one('aws_dynamodb_table', 'outcomes')).not.toHaveProperty('ttl');
});

test('objects and their old versions outlive the claims to them', () => {
  const [rule] = stack.one('aws_s3_bucket_lifecycle_configuration').rule;
  const claimDays = Number(stack.one('aws_lambda_function', 'store-payload').environment.variables.CLAIM_DAYS);
  expect(rule.expiration[0].days).toBeGreaterThan(claimDays);
  expect(rule.noncurrent_version_expiration[0].noncurrent_days).toBeGreaterThan(claimDays);
  expect(stack.one('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
});

test('a claim outlives its way through a queue and the dead letters of it', () => {
  const claimDays = Number(stack.one('aws_lambda_function', 'store-payload').environment.variables.CLAIM_DAYS);
  const longest = Math.max(...values('aws_sqs_queue').map((queue) => queue.message_retention_seconds));
  expect(claimDays * 86_400).toBeGreaterThan(2 * longest);
});

test('messages go to the bus in twos: more of the largest do not fit into an invocation', () => {
  const largest = stack.one('aws_sqs_queue', 'submission_queue').max_message_size;
  const pipe = stack.one('aws_pipes_pipe', 'submission');
  const { batch_size } = pipe.source_parameters.sqs_queue_parameters;
  // Each character of a message may take two in a JSON string; attributes and ids take less than 10 KiB.
  expect(batch_size * (2 * largest + 10_240)).toBeLessThan(6 * 1_048_576);
  expect((batch_size + 1) * (2 * largest + 10_240)).toBeGreaterThan(6 * 1_048_576);
  expect(pipe).toMatchObject({
    source: expect.stringContaining('aws_sqs_queue.submission_queue'),
    enrichment: expect.stringContaining('aws_lambda_function.store-payload'),
    target: expect.stringContaining('event_bus'),
    target_parameters: {
      eventbridge_event_bus_parameters: { source: '$.metadata.source', detail_type: '$.metadata.type' },
    },
  });
});

test('claims go to the workflow one by one, and the pipe does not wait', () => {
  expect(stack.one('aws_pipes_pipe', 'processing')).toMatchObject({
    source: expect.stringContaining('aws_sqs_queue.processing_queue'),
    source_parameters: { sqs_queue_parameters: { batch_size: 1 } },
    enrichment: expect.stringContaining('aws_lambda_function.retrieve-payload'),
    target: expect.stringContaining('aws_sfn_state_machine.process-message'),
    target_parameters: { step_function_state_machine_parameters: { invocation_type: 'FIRE_AND_FORGET' } },
  });
});

test('no message is received again while a pipe may still be at work on it', () => {
  for (const pipe of values('aws_pipes_pipe')) {
    const [, queue] = /aws_sqs_queue\.([\w-]+)\./.exec(pipe.source)!;
    const [, enrichment] = /aws_lambda_function\.([\w-]+)\./.exec(pipe.enrichment)!;
    const { visibility_timeout_seconds, redrive_policy } = stack.one('aws_sqs_queue', queue);
    expect(visibility_timeout_seconds).toBeGreaterThan(300);
    const { timeout } = stack.one('aws_lambda_function', enrichment);
    expect(visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * timeout);
    expect(JSON.parse(redrive_policy)).toMatchObject({ maxReceiveCount: 5 });
  }
});

test('one rule takes claims to the queue, one takes all that is published to the log', () => {
  const patterns = values('aws_cloudwatch_event_rule').map(({ event_pattern }) => JSON.parse(event_pattern));
  expect(patterns).toEqual([
    { source: [claimEvents.source] },
    { source: [claimEvents.source], 'detail-type': [claimEvents.claimed] },
  ]);
  expect(values('aws_cloudwatch_event_target').map(({ arn }) => /^\$\{(\w+)/.exec(arn)![1])).toEqual([
    'aws_cloudwatch_log_group',
    'aws_sqs_queue',
  ]);
  expect(stack.one('aws_cloudwatch_log_group', 'claim-audit').name).toBe('/aws/events/outbox-dev-claim-audit');
});

test('every event of an execution is logged, none of its data', () => {
  expect(stack.one('aws_sfn_state_machine')).toMatchObject({
    logging_configuration: { level: 'ALL', include_execution_data: false },
    tracing_configuration: { enabled: true },
  });
});

/** What a role may do, beyond logs and traces. */
function actionsOf(name: string): string[] {
  const policy = policies(stack).find(({ address }) => address.startsWith(`aws_iam_role_policy.${name}_role`))!;
  const own = policy.statements.filter(({ Sid }) => !['Trace', 'WriteLogs', 'DeliverLogs'].includes(Sid));
  return own.flatMap(({ Action, Condition }) =>
    (Action as string[]).map((action) => {
      const via = Condition?.StringEquals['kms:ViaService'] as string | undefined;
      return via ? `${action} ${via.split('.')[0]}` : action;
    }),
  );
}

const consume = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'kms:Decrypt sqs'];
const deadLetter = ['sqs:SendMessage', 'kms:Decrypt sqs', 'kms:GenerateDataKey sqs'];

test.each([
  ['submit-sample', deadLetter],
  [
    'store-payload',
    [
      ...deadLetter,
      'dynamodb:GetItem',
      'kms:Decrypt dynamodb',
      'dynamodb:PutItem',
      's3:PutObject',
      'kms:GenerateDataKey s3',
    ],
  ],
  [
    'retrieve-payload',
    [...deadLetter, 'dynamodb:GetItem', 'kms:Decrypt dynamodb', 's3:GetObject', 's3:ListBucket', 'kms:Decrypt s3'],
  ],
  ['process-message', ['dynamodb:PutItem', 'kms:Decrypt dynamodb']],
  ['submission-pipe', [...consume, 'lambda:InvokeFunction', 'events:PutEvents']],
  ['processing-pipe', [...consume, 'lambda:InvokeFunction', 'states:StartExecution']],
])('%s may do this and no more', (name, allowed) => expect(actionsOf(name)).toEqual(allowed));

test('an enrichment sends to the dead letters of its own queue, and knows how large they may be', () => {
  for (const [name, queue] of [
    ['store-payload', 'submission'],
    ['retrieve-payload', 'processing'],
  ] as const) {
    const { variables } = stack.one('aws_lambda_function', name).environment;
    expect(variables.DEAD_LETTER_QUEUE_URL).toMatch(new RegExp(`^\\$\\{aws_sqs_queue\\.${queue}_dead-letters`));
    const target = policies(stack)
      .find(({ address }) => address.startsWith(`aws_iam_role_policy.${name}_role`))!
      .statements.find(({ Sid }) => Sid === 'SendToQueue');
    expect(target!.Resource).toMatch(new RegExp(`^\\$\\{aws_sqs_queue\\.${queue}_dead-letters`));
    expect(variables.MAX_MESSAGE_SIZE).toBe(
      String(stack.one('aws_sqs_queue', `${queue}_dead-letters`).max_message_size),
    );
  }
});

test('alarms watch everything that fails for good', () => {
  const watched = values('aws_cloudwatch_metric_alarm').map(({ alarm_name }) => String(alarm_name));
  expect(watched.sort()).toEqual([
    'outbox-dev-claim-audit-rule-dlq-ApproximateNumberOfMessagesVisible',
    'outbox-dev-payload-claimed-rule-dlq-ApproximateNumberOfMessagesVisible',
    'outbox-dev-process-message-ExecutionsFailed',
    'outbox-dev-process-message-ExecutionsTimedOut',
    'outbox-dev-processing-ApproximateAgeOfOldestMessage',
    'outbox-dev-processing-dlq-ApproximateNumberOfMessagesVisible',
    'outbox-dev-processing-pipe-ExecutionFailed',
    'outbox-dev-submission-ApproximateAgeOfOldestMessage',
    'outbox-dev-submission-dlq-ApproximateNumberOfMessagesVisible',
    'outbox-dev-submission-pipe-ExecutionFailed',
  ]);
});

test('outside dev tables and bucket cannot be deleted by mistake', () => {
  const prod = synthesize({ OUTBOX_ENVIRONMENT: 'prod' })['claim-check'];
  expect(prod.one('aws_s3_bucket')).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
  for (const table of Object.values(prod.all('aws_dynamodb_table')))
    expect(table.deletion_protection_enabled).toBe(true);
});
