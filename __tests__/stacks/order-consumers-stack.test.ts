import { policies, synthesize } from '../synthesis';

const consumers = synthesize()['order-consumers'];

test('makes exactly these resources', () => {
  expect(consumers.counts).toEqual({
    aws_cloudwatch_event_rule: 1,
    aws_cloudwatch_event_target: 2,
    aws_cloudwatch_log_group: 2,
    aws_cloudwatch_metric_alarm: 5,
    aws_dynamodb_table: 3,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_lambda_event_source_mapping: 2,
    aws_lambda_function: 2,
    aws_sqs_queue: 5,
  });
});

test('one rule takes created orders, by source and type too', () => {
  expect(JSON.parse(consumers.one('aws_cloudwatch_event_rule').event_pattern)).toEqual({
    source: ['order.event'],
    'detail-type': ['OrderDetailsChanged'],
    detail: { dynamodb: { NewImage: { Status: { S: [{ prefix: 'CREATED' }] } } } },
  });
});

test('both targets retry four times within 400 seconds, then dead-letter to the one queue of the rule', () => {
  for (const target of Object.values(consumers.all('aws_cloudwatch_event_target'))) {
    expect(target).toMatchObject({
      event_bus_name: expect.stringContaining('terraform_remote_state'),
      retry_policy: { maximum_retry_attempts: 4, maximum_event_age_in_seconds: 400 },
      dead_letter_config: { arn: expect.stringContaining('aws_sqs_queue.order-created_dead-letters') },
    });
  }
});

test('queues redrive after five receives and hide a message six times as long as its function may take', () => {
  const functions = Object.values(consumers.all('aws_lambda_function'));
  for (const name of ['confirmation-queue_', 'statistics-queue_']) {
    const [queue, deadLetters] = Object.entries(consumers.all('aws_sqs_queue'))
      .filter(([key]) => key.startsWith(name))
      .sort(([a], [b]) => a.length - b.length)
      .map(([, args]) => args);
    expect(JSON.parse(queue!.redrive_policy).maxReceiveCount).toBe(5);
    expect(queue!.visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * Math.max(...functions.map((f) => f.timeout)));
    expect(JSON.parse(queue!.redrive_allow_policy)).toEqual({ redrivePermission: 'denyAll' });
    expect(JSON.parse(deadLetters!.redrive_allow_policy)).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [expect.stringMatching(new RegExp(`:${queue!.name}$`))],
    });
  }
});

test('every queue is encrypted, keeps messages 14 days and takes them over TLS from its rule alone', () => {
  const documents = policies(consumers).filter(({ address }) => address.startsWith('aws_sqs_queue'));
  expect(documents).toHaveLength(5);
  for (const queue of Object.values(consumers.all('aws_sqs_queue'))) {
    expect(queue).toMatchObject({
      kms_master_key_id: expect.stringContaining('terraform_remote_state'),
      message_retention_seconds: 1_209_600,
      max_message_size: 1_048_576,
    });
  }
  for (const { statements } of documents) {
    expect(statements[0]).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    for (const { Principal, Condition } of statements.slice(1)) {
      expect(Principal).toEqual({ Service: 'events.amazonaws.com' });
      expect(Condition.ArnEquals['aws:SourceArn']).toMatch(/:rule\/.*\/outbox-dev-order-created$/);
    }
  }
});

test('functions report partial failures and run ten at a time', () => {
  for (const mapping of Object.values(consumers.all('aws_lambda_event_source_mapping'))) {
    expect(mapping).toMatchObject({
      batch_size: 10,
      function_response_types: ['ReportBatchItemFailures'],
      scaling_config: { maximum_concurrency: 10 },
    });
  }
});

test('functions are traced, log JSON to their own group and run what the archive holds', () => {
  for (const lambda of Object.values(consumers.all('aws_lambda_function'))) {
    expect(lambda).toMatchObject({
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      memory_size: 256,
      tracing_config: { mode: 'Active' },
      logging_config: { log_format: 'JSON', log_group: expect.stringContaining('aws_cloudwatch_log_group.') },
      filename: expect.stringMatching(/data\.archive_file\..*\.output_path/),
      source_code_hash: expect.stringMatching(/output_base64sha256/),
    });
  }
});

test('the inbox forgets, the effects stay', () => {
  expect(consumers.one('aws_dynamodb_table', 'inbox').ttl).toEqual({ attribute_name: 'expiresAt', enabled: true });
  expect(consumers.one('aws_dynamodb_table', 'confirmations').ttl).toBeUndefined();
  expect(consumers.one('aws_dynamodb_table', 'statistics').ttl).toBeUndefined();
});
