import { readStream } from '../../stream-fixture';
import { fixture, handler, mapped } from './mapped-stream';

test('is told by the API, and measures how old the last record is', async () => {
  await mapped(handler(), ({ queue }) => ({
    bisect_batch_on_function_error: true,
    parallelization_factor: 2,
    destination_config: { on_failure: { destination_arn: queue } },
    filter_criteria: { filter: [{ pattern: '{"eventName":["INSERT"]}' }] },
  }));
  await fixture.put('a');
  await fixture.pass(90_000);
  await fixture.runtime.start();
  await fixture.runtime.idle();
  const { EventSourceMappings } = await fixture.call('lambda', 'ListEventSourceMappings', { FunctionName: 'relay' });
  expect(EventSourceMappings).toMatchObject([
    {
      BatchSize: 100,
      StartingPosition: 'TRIM_HORIZON',
      ParallelizationFactor: 2,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:000000000000:failures' } },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      LastProcessingResult: 'OK',
      State: 'Enabled',
    },
  ]);
  expect(fixture.metrics.filter(({ name }) => name === 'IteratorAge')).toEqual([
    { namespace: 'AWS/Lambda', name: 'IteratorAge', dimensions: { FunctionName: 'relay' }, value: 90_000 },
  ]);
});

test.each([
  [{ starting_position: undefined }, 'starting_position'],
  [{ starting_position: 'AT_TIMESTAMP' }, 'starting_position'],
  [{ scaling_config: { maximum_concurrency: 2 } }, 'scaling_config is for queues'],
  [{ tumbling_window_in_seconds: 30 }, 'tumbling window is not modelled'],
  [{ provisioned_poller_config: { minimum_pollers: 1 } }, 'provisioned mode is not modelled'],
  [{ maximum_record_age_in_seconds: 59 }, 'must be -1 or 60 to 604800'],
  [{ maximum_retry_attempts: -2 }, 'maximum_retry_attempts'],
  [{ parallelization_factor: 11 }, 'parallelization_factor'],
  [{ destination_config: { on_failure: { destination_arn: 'arn:aws:sqs:eu-west-1:1:a.fifo' } } }, 'FIFO'],
  [{ destination_config: { on_failure: { destination_arn: 'arn:aws:lambda:eu-west-1:1:function:a' } } }, 'must be of'],
])('refuses %j', async (given, message) => {
  await mapped(handler());
  const create = fixture.create('aws_lambda_event_source_mapping', 'other', {
    event_source_arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/other/stream/2026-01-01T00:00:00.000',
    function_name: 'relay',
    starting_position: 'TRIM_HORIZON',
    ...given,
  });
  await expect(create).rejects.toThrow(message);
});

describe('rights', () => {
  test.each(readStream)('does not start without %s', async (action) => {
    await mapped(handler());
    fixture.allow('logs:*', ...readStream.filter((other) => other !== action));
    await expect(fixture.runtime.start()).rejects.toThrow(
      `test/aws_lambda_event_source_mapping.users: Cannot access stream ${fixture.table.stream_arn}. Please ensure the role can perform`,
    );
  });

  test.each([
    ['arn:aws:s3:::failures', 's3:PutObject', 's3:ListBucket', 'ListBucket on S3'],
    ['arn:aws:s3:::failures', 's3:ListBucket', 's3:PutObject', 'PutObject on S3'],
    ['arn:aws:sqs:eu-west-1:000000000000:failures', 'sns:Publish', 'sqs:SendMessage', 'SendMessage on SQS'],
    ['arn:aws:sns:eu-west-1:000000000000:failures', 'sqs:SendMessage', 'sns:Publish', 'Publish on SNS'],
  ])('to %s: %s is not enough, %s is missing', async (arn, allowed, _missing, message) => {
    await mapped(handler(), { destination_config: { on_failure: { destination_arn: arn } } });
    fixture.allow('logs:*', ...readStream, allowed);
    await expect(fixture.runtime.start()).rejects.toThrow(`does not have permissions to call ${message}`);
  });

  test('needs nothing else, lambda:InvokeFunction included', async () => {
    await mapped(handler());
    fixture.allow('logs:*', ...readStream);
    await fixture.runtime.start();
    await fixture.put('a');
    await fixture.runtime.idle();
    expect(await fixture.batches()).toEqual([['a']]);
  });
});
