import { policies, synthesize } from '../synthesis';

const core = synthesize()['outbox-core'];

test('makes exactly these resources', () => {
  expect(core.counts).toEqual({
    aws_api_gateway_account: 1,
    aws_api_gateway_deployment: 1,
    aws_api_gateway_method_settings: 1,
    aws_api_gateway_rest_api: 1,
    aws_api_gateway_stage: 1,
    aws_cloudwatch_event_archive: 1,
    aws_cloudwatch_event_bus: 1,
    aws_cloudwatch_log_group: 2,
    aws_cloudwatch_log_resource_policy: 1,
    aws_cloudwatch_metric_alarm: 3,
    aws_dynamodb_table: 1,
    aws_iam_role: 3,
    aws_iam_role_policy: 3,
    aws_kms_alias: 1,
    aws_kms_key: 1,
    aws_pipes_pipe: 1,
    aws_sns_topic: 1,
    aws_sns_topic_policy: 1,
    aws_sqs_queue: 1,
  });
});

test('the orders table is an outbox: restorable, encrypted, with a stream of both images', () => {
  expect(core.one('aws_dynamodb_table')).toMatchObject({
    name: 'outbox-dev-orders',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    range_key: 'createdAt',
    attribute: [
      { name: 'id', type: 'S' },
      { name: 'createdAt', type: 'N' },
    ],
    stream_enabled: true,
    stream_view_type: 'NEW_AND_OLD_IMAGES',
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true, kms_key_arn: expect.stringMatching(/aws_kms_key/) },
    deletion_protection_enabled: false,
  });
});

test('the pipe gives up on a record after finite tries, and starts with the oldest', () => {
  const pipe = core.one('aws_pipes_pipe');
  expect(pipe.source_parameters.dynamodb_stream_parameters).toMatchObject({
    starting_position: 'TRIM_HORIZON',
    batch_size: 10,
    maximum_batching_window_in_seconds: 1,
    maximum_record_age_in_seconds: 3600,
    maximum_retry_attempts: 10,
    on_partial_batch_item_failure: 'AUTOMATIC_BISECT',
    parallelization_factor: 1,
    dead_letter_config: { arn: expect.stringContaining('aws_sqs_queue.orders-pipe_dead-letters') },
  });
  expect(pipe.target_parameters.eventbridge_event_bus_parameters).toEqual({
    source: 'order.event',
    detail_type: 'OrderDetailsChanged',
  });
  expect(pipe.log_configuration.level).toBe('ERROR');
  expect(pipe.depends_on).toEqual([
    expect.stringMatching(/^aws_iam_role_policy\.orders-pipe_role/),
    expect.stringMatching(/^aws_cloudwatch_log_resource_policy\./),
  ]);
});

test('the pipe passes orders that were written or changed, not markers and not deletions', () => {
  const [filter] = core.one('aws_pipes_pipe').source_parameters.filter_criteria.filter;
  expect(JSON.parse(filter.pattern)).toEqual({
    eventName: ['INSERT', 'MODIFY'],
    dynamodb: { NewImage: { Status: { S: [{ exists: true }] } } },
  });
});

test('the API checks the body against its model before anything is written', () => {
  const body = JSON.parse(core.one('aws_api_gateway_rest_api').body);
  const { post } = body.paths['/createId'];
  expect(body['x-amazon-apigateway-request-validators'][body['x-amazon-apigateway-request-validator']]).toMatchObject({
    validateRequestBody: true,
  });
  expect(post.requestBody.content).toEqual({ 'application/json': { schema: { $ref: '#/components/schemas/Order' } } });
  expect(body.components.schemas.Order).toEqual({
    type: 'object',
    required: ['Status'],
    additionalProperties: false,
    properties: { Status: { type: 'string', pattern: '^[A-Z][A-Z_]{0,63}$' } },
  });
  expect(post['x-amazon-apigateway-integration']).toMatchObject({
    type: 'aws',
    passthroughBehavior: 'never',
    uri: expect.stringMatching(/:apigateway:eu-central-1:dynamodb:action\/TransactWriteItems$/),
  });
});

test('the stage is traced, throttled and logged in the reference format', () => {
  expect(core.one('aws_api_gateway_stage')).toMatchObject({ xray_tracing_enabled: true });
  expect(JSON.parse(core.one('aws_api_gateway_stage').access_log_settings.format)).toEqual({
    requestId: '$context.requestId',
    'integration-error': '$context.integration.error',
    'integration-status': '$context.integration.status',
    'integration-latency': '$context.integration.latency',
    'integration-requestId': '$context.integration.requestId',
    'integration-integrationStatus': '$context.integration.integrationStatus',
    'response-latency': '$context.responseLatency',
    status: '$context.status',
  });
  expect(core.one('aws_api_gateway_method_settings').settings).toMatchObject({
    throttling_burst_limit: 500,
    throttling_rate_limit: 1000,
    metrics_enabled: true,
  });
  expect(core.one('aws_api_gateway_deployment').triggers.body).toMatch(/^\$\{sha1\(aws_api_gateway_rest_api\./);
});

test('requests are signed in staging and prod, not in dev', () => {
  const security = (env: Record<string, string>) =>
    JSON.parse(synthesize(env)['outbox-core'].one('aws_api_gateway_rest_api').body).paths['/createId'].post.security;
  expect(security({})).toBeUndefined();
  expect(security({ OUTBOX_ENVIRONMENT: 'staging' })).toEqual([{ sigv4: [] }]);
  expect(security({ OUTBOX_ENVIRONMENT: 'prod' })).toEqual([{ sigv4: [] }]);
});

test('the key policy names these services and nobody else', () => {
  const { statements } = policies(core).find(({ address }) => address.startsWith('aws_kms_key'))!;
  expect(statements.map(({ Principal }) => Principal.Service ?? Principal.AWS)).toEqual([
    expect.stringMatching(/^arn:.*:root$/),
    'events.amazonaws.com',
    'logs.eu-central-1.amazonaws.com',
    'cloudwatch.amazonaws.com',
  ]);
  expect(statements.slice(1).every(({ Condition }) => Condition)).toBe(true);
});

test('the archive keeps thirty days, log groups as long as the settings say', () => {
  expect(core.one('aws_cloudwatch_event_archive').retention_days).toBe(30);
  for (const group of Object.values(core.all('aws_cloudwatch_log_group'))) {
    expect(group).toMatchObject({ retention_in_days: 30, kms_key_id: expect.stringMatching(/aws_kms_key/) });
  }
});

test('an alarm e-mail subscribes to the topic of the alarms', () => {
  expect(core.counts.aws_sns_topic_subscription).toBeUndefined();
  const mailed = synthesize({ OUTBOX_ALARM_EMAIL: 'on-call@example.com' })['outbox-core'];
  expect(mailed.one('aws_sns_topic_subscription')).toMatchObject({
    protocol: 'email',
    endpoint: 'on-call@example.com',
  });
});

test('outside dev the table and the key cannot be deleted by mistake', () => {
  const prod = synthesize({ OUTBOX_ENVIRONMENT: 'prod' })['outbox-core'];
  expect(prod.one('aws_dynamodb_table').deletion_protection_enabled).toBe(true);
  expect(prod.one('aws_kms_key').lifecycle).toEqual({ prevent_destroy: true });
});

test('outputs the address to send orders to and the name of the table', () => {
  expect(core.json.output).toMatchObject({
    ApiRootUrl: { value: expect.stringMatching(/invoke_url\}\/createId$/) },
    DynamoDBTableName: { value: expect.stringMatching(/aws_dynamodb_table\..*\.name/) },
  });
});
