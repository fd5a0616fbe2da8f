import { FailuresBucket } from '../../constructs/failures-bucket';
import { StreamConsumer } from '../../constructs/stream-consumer';
import { Table } from '../../constructs/table';
import { consumerStack } from './consumers';
import { statementsOf } from './stack';

const { stack, encryptionKey, alarmTopic, handler, synthesized } = consumerStack();
const hashKey = { name: 'id', type: 'S' as const };
new StreamConsumer(stack, 'it', {
  name: 'work',
  table: new Table(stack, 'table', { name: 'things', hashKey, stream: true, encryptionKey }),
  function: handler,
  filters: [{ eventName: ['INSERT'] }, { eventName: ['REMOVE'] }],
  failures: new FailuresBucket(stack, 'failures', { name: 'failures', encryptionKey }),
  alarmTopic,
});
const it = synthesized();

test('starts with the oldest change, gives up after finite tries and keeps what failed', () => {
  expect(it.one('aws_lambda_event_source_mapping')).toMatchObject({
    event_source_arn: expect.stringMatching(/^\$\{aws_dynamodb_table\.\w+\.stream_arn\}$/),
    starting_position: 'TRIM_HORIZON',
    batch_size: 10,
    parallelization_factor: 1,
    bisect_batch_on_function_error: true,
    maximum_retry_attempts: 5,
    maximum_record_age_in_seconds: 3600,
    function_response_types: ['ReportBatchItemFailures'],
    destination_config: { on_failure: { destination_arn: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}$/) } },
    metrics_config: { metrics: ['EventCount'] },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.function_role/)],
  });
});

test('each filter leaves out what DynamoDB deletes because it expired', () => {
  const { filter } = it.one('aws_lambda_event_source_mapping').filter_criteria;
  const userIdentity = { principalId: [{ exists: false }] };
  expect(filter.map(({ pattern }: { pattern: string }) => JSON.parse(pattern))).toEqual([
    { eventName: ['INSERT'], userIdentity },
    { eventName: ['REMOVE'], userIdentity },
  ]);
});

test('the function may read the stream and put into the bucket, each with the key, and no more', () => {
  const statements = statementsOf(it.one('aws_iam_role_policy').policy);
  expect(Object.keys(statements).sort()).toEqual([
    'DecryptInDynamodb',
    'EncryptInS3',
    'ListFailures',
    'PutFailures',
    'ReadStream',
    'Trace',
    'WriteLogs',
  ]);
});

test('alarms go off when changes fail, when they are lost and when they wait', () => {
  const alarms = Object.entries(it.all('aws_cloudwatch_metric_alarm')).filter(([key]) => key.startsWith('it_'));
  const uuid = { EventSourceMappingUUID: expect.stringMatching(/^\$\{aws_lambda_event_source_mapping\.\w+\.uuid\}$/) };
  const watched = alarms.map(([, { metric_name, dimensions, threshold }]) => [metric_name, dimensions, threshold]);
  expect(watched).toEqual([
    ['OnFailureDestinationDeliveredEventCount', uuid, 1],
    ['DroppedEventCount', uuid, 1],
    ['IteratorAge', { FunctionName: expect.stringMatching(/function_name\}$/) }, 300_000],
  ]);
});
