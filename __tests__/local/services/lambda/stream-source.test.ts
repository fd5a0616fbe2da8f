import { readStream, streamFixture } from '../stream-fixture';

let fixture: Awaited<ReturnType<typeof streamFixture>>;
afterEach(async () => fixture.close());

const reports = { function_response_types: ['ReportBatchItemFailures'] };
const notes = `const ids = Records.map((r) => r.dynamodb.Keys.id.S); console.log('batch ' + JSON.stringify(ids));`;
const handler = (body = '') => `export const handler = async ({ Records }) => { ${notes} ${body} };`;
const failing = (condition: string) => handler(`if (${condition}) throw new Error('poison');`);
/** Reports the first record that fits. */
const reporting = (condition: string) =>
  handler(
    `return { batchItemFailures: Records.filter((r) => { const id = r.dynamodb.Keys.id.S; return ${condition}; }).slice(0, 1).map((r) => ({ itemIdentifier: r.dynamodb.SequenceNumber })) };`,
  );

async function started(...given: Parameters<typeof streamFixture>) {
  fixture = await streamFixture(...given);
  for (const id of ['a', 'b', 'c', 'd']) await fixture.put(id);
  await fixture.runtime.start();
  await fixture.runtime.idle();
}

test('brings records as AWS does, in order, and names their causes', async () => {
  fixture = await streamFixture('export const handler = async (event) => { console.log(JSON.stringify(event)); };');
  await fixture.runtime.start();
  await fixture.put('a', { n: { N: '1' } });
  await fixture.runtime.idle();
  const line = (await fixture.lines('relay')).find((text) => text.includes('Records'))!;
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    Records: [
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-west-1',
        dynamodb: {
          ApproximateCreationDateTime: 1_767_225_600,
          Keys: { id: { S: 'a' } },
          NewImage: { id: { S: 'a' }, n: { N: '1' } },
          SequenceNumber: expect.stringMatching(/^\d+$/),
          SizeBytes: expect.any(Number),
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: fixture.table.stream_arn,
      },
    ],
  });
  const write = fixture.runtime.timeline.hops.find((hop) => hop.operation === 'PutItem');
  expect(fixture.starts('relay')).toMatchObject([{ parents: [write!.id], summary: 'relay: 1 record, cold start' }]);
  expect(fixture.clock.step(Infinity)).toBe(false);
});

test('LATEST begins at the start, even if the first record comes after the iterator has expired', async () => {
  fixture = await streamFixture(handler(), { starting_position: 'LATEST' });
  await fixture.put('before');
  await fixture.pass(2000);
  await fixture.runtime.start();
  await fixture.runtime.idle();
  await fixture.pass(20 * 60_000);
  await fixture.put('after');
  await fixture.pass(1);
  expect(await fixture.batches()).toEqual([['after']]);
});

test('batches are full, or gathered in the window', async () => {
  await started(handler(), { batch_size: 3, maximum_batching_window_in_seconds: 5 });
  expect(await fixture.batches()).toEqual([['a', 'b', 'c']]);
  await fixture.pass(5000);
  expect(await fixture.batches()).toEqual([['a', 'b', 'c'], ['d']]);
});

test('an event stays below 6 MB', async () => {
  fixture = await streamFixture(handler(), { maximum_batching_window_in_seconds: 1 });
  const payload = { S: 'x'.repeat(390_000) };
  for (let i = 0; i < 20; i++) await fixture.put(`p${i}`, { payload });
  await fixture.runtime.start();
  await fixture.pass(1000);
  expect((await fixture.batches()).map((batch) => batch.length)).toEqual([16, 4]);
});

test('filters see the whole record; what does not fit only advances', async () => {
  fixture = await streamFixture(handler(), {
    metrics_config: { metrics: ['EventCount'] },
    filter_criteria: {
      filter: [
        { pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['user'] } } } }) },
        { pattern: JSON.stringify({ eventName: ['REMOVE'], userIdentity: { principalId: [{ exists: false }] } }) },
      ],
    },
  });
  await fixture.put('a', { kind: { S: 'user' } });
  await fixture.put('b', { kind: { S: 'robot' } });
  await fixture.call('dynamodb', 'DeleteItem', { TableName: 'users', Key: { id: { S: 'a' } } });
  await fixture.runtime.start();
  await fixture.runtime.idle();
  expect(await fixture.batches()).toEqual([['a', 'a']]);
  expect(fixture.hops('filter')).toMatchObject([{ outcome: 'filtered', summary: 'relay filters INSERT out' }]);
  expect(fixture.total('PolledEventCount')).toBe(3);
  expect(fixture.total('FilteredOutEventCount')).toBe(1);
  expect(fixture.total('InvokedEventCount')).toBe(2);
});

describe('failures', () => {
  test('block the shard and are tried again with pauses, until the attempts are used up', async () => {
    await started(failing(`ids.includes('b')`), ({ queue }) => ({
      batch_size: 2,
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination_arn: queue } },
    }));
    const start = fixture.clock.now();
    expect(await fixture.until(() => fixture.starts('relay').length === 4)).toBe(true);
    await fixture.runtime.idle();
    expect(await fixture.batches()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(fixture.starts('relay').map((hop) => hop.time - start)).toEqual([0, 1000, 3000, 3000]);
    const [message] = await fixture.messages('failures');
    const numbers = fixture.hops('dead-letter')[0]!.data!['sequenceNumbers'] as string[];
    expect(JSON.parse(message.Body)).toEqual({
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: fixture.relay.arn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: '2026-01-01T00:00:03.000Z',
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/),
        startSequenceNumber: numbers[0],
        endSequenceNumber: numbers[1],
        approximateArrivalOfFirstRecord: '2026-01-01T00:00:00.000Z',
        approximateArrivalOfLastRecord: '2026-01-01T00:00:00.000Z',
        batchSize: 2,
        streamArn: fixture.table.stream_arn,
      },
    });
  });

  test('bisecting isolates a poison record without using up attempts', async () => {
    await started(failing(`ids.includes('c')`), ({ queue }) => ({
      maximum_retry_attempts: 0,
      bisect_batch_on_function_error: true,
      destination_config: { on_failure: { destination_arn: queue } },
    }));
    expect(await fixture.batches()).toEqual([['a', 'b', 'c', 'd'], ['a', 'b'], ['c', 'd'], ['c'], ['d']]);
    const [message, ...others] = await fixture.messages('failures');
    expect(others).toEqual([]);
    expect(JSON.parse(message.Body).DDBStreamBatchInfo.batchSize).toBe(1);
  });

  test('reported: all from the lowest on is tried again, as an attempt', async () => {
    await started(reporting(`id >= 'c'`), ({ queue }) => ({
      ...reports,
      maximum_retry_attempts: 1,
      destination_config: { on_failure: { destination_arn: queue } },
    }));
    await fixture.pass(1000);
    expect(await fixture.batches()).toEqual([
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ]);
    const body = JSON.parse((await fixture.messages('failures'))[0].Body);
    expect(body.DDBStreamBatchInfo.batchSize).toBe(2);
    expect(body.responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST' });
  });

  test('reported and bisecting: split where the function says, then in halves', async () => {
    await started(reporting(`id === 'b'`), ({ queue }) => ({
      ...reports,
      maximum_retry_attempts: 0,
      bisect_batch_on_function_error: true,
      destination_config: { on_failure: { destination_arn: queue } },
    }));
    expect(await fixture.batches()).toEqual([['a', 'b', 'c', 'd'], ['b', 'c', 'd'], ['b', 'c'], ['b'], ['c'], ['d']]);
    expect(await fixture.messages('failures')).toHaveLength(1);
  });

  test.each(['[{ itemIdentifier: "" }]', '[{ itemIdentifier: null }]', '[{ id: "a" }]', '[{ itemIdentifier: "1" }]'])(
    'an invalid report, %s, fails the whole batch',
    async (list) => {
      await started(handler(`return { batchItemFailures: ${list} };`), { ...reports, maximum_retry_attempts: 0 });
      expect(await fixture.batches()).toHaveLength(1);
      expect(fixture.hops('dead-letter')).toMatchObject([
        {
          outcome: 'failed',
          summary: expect.stringContaining(
            '4 records dropped: RetryAttemptsExhausted, and the mapping has no destination',
          ),
        },
      ]);
    },
  );

  test('throttles do not count as attempts; age does', async () => {
    fixture = await streamFixture(handler(), ({ queue }) => ({
      maximum_retry_attempts: 0,
      maximum_record_age_in_seconds: 60,
      destination_config: { on_failure: { destination_arn: queue } },
    }));
    await fixture.runtime.start();
    fixture.runtime.faults.add({ service: 'lambda', operation: 'Invoke', effect: 'throttle', times: 3 });
    await fixture.put('a');
    await fixture.pass(30_000);
    expect(await fixture.batches()).toEqual([['a']]);
    fixture.runtime.faults.add({ service: 'lambda', operation: 'Invoke', effect: 'throttle', times: 100 });
    await fixture.put('b');
    await fixture.pass(300_000);
    expect(await fixture.batches()).toEqual([['a']]);
    const body = JSON.parse((await fixture.messages('failures'))[0].Body);
    expect(body.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 0 });
    expect(body).not.toHaveProperty('responseContext');
  });

  test('what nobody takes is dropped when the stream drops it', async () => {
    await started(failing('true'));
    await fixture.pass(90_000_000);
    expect(fixture.hops('dead-letter')).toMatchObject([{ summary: expect.stringContaining('24 hours') }]);
  });
});

describe('destinations', () => {
  test('a bucket gets the whole record, under a key that names mapping, shard and time', async () => {
    fixture = await streamFixture(failing('true'), {
      maximum_retry_attempts: 0,
      destination_config: { on_failure: { destination_arn: 'arn:aws:s3:::failures' } },
      metrics_config: { metrics: ['EventCount'] },
    });
    await fixture.create('aws_s3_bucket', 'failures', { bucket: 'failures' });
    await fixture.runtime.start();
    await fixture.put('a');
    await fixture.runtime.idle();
    const { Contents } = await fixture.call('s3', 'ListObjectsV2', { Bucket: 'failures' });
    const [{ Key }] = Contents;
    expect(Key).toMatch(
      new RegExp(
        `^aws/lambda/${fixture.mapping.uuid}/shardId-[0-9a-f-]+/2026/01/01/2026-01-01T00\\.00\\.00-[0-9a-f-]{36}$`,
      ),
    );
    const { Body } = await fixture.call('s3', 'GetObject', { Bucket: 'failures', Key });
    const record = JSON.parse(Buffer.from(Body).toString());
    expect(record.requestContext.condition).toBe('RetryAttemptsExhausted');
    expect(JSON.parse(record.payload)).toMatchObject({
      Records: [
        { eventName: 'INSERT', dynamodb: { Keys: { id: { S: 'a' } } }, eventSourceARN: fixture.table.stream_arn },
      ],
    });
    expect(fixture.total('OnFailureDestinationDeliveredEventCount')).toBe(1);
    expect(fixture.total('DroppedEventCount')).toBe(0);
    expect(fixture.total('FailedInvokeEventCount')).toBe(1);
  });

  test('a topic gets the metadata', async () => {
    fixture = await streamFixture(failing('true'), {
      maximum_retry_attempts: 0,
      destination_config: { on_failure: { destination_arn: 'arn:aws:sns:eu-west-1:000000000000:failures' } },
    });
    await fixture.create('aws_sns_topic', 'failures', { name: 'failures' });
    await fixture.runtime.start();
    await fixture.put('a');
    await fixture.runtime.idle();
    const published = fixture.runtime.timeline.hops.find((hop) => hop.operation === 'Publish');
    expect(JSON.parse(published!.data!['message'] as string)).toHaveProperty('DDBStreamBatchInfo.batchSize', 1);
  });

  test('one that refuses loses the records, and says so', async () => {
    await started(failing('true'), ({ queue }) => ({
      maximum_retry_attempts: 3,
      destination_config: { on_failure: { destination_arn: queue } },
      metrics_config: { metrics: ['EventCount'] },
    }));
    fixture.allow('logs:*', ...readStream);
    await fixture.pass(60_000);
    expect(await fixture.messages('failures')).toEqual([]);
    expect(fixture.hops('dead-letter')).toMatchObject([
      {
        outcome: 'failed',
        summary: expect.stringMatching(/4 records dropped: .*the destination refused: .*sqs:SendMessage/),
      },
    ]);
    expect(fixture.total('DestinationDeliveryFailures')).toBe(1);
    expect(fixture.total('DroppedEventCount')).toBe(4);
  });
});

describe('rights', () => {
  test.each(readStream)('does not start without %s', async (action) => {
    fixture = await streamFixture(handler());
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
    fixture = await streamFixture(handler(), { destination_config: { on_failure: { destination_arn: arn } } });
    fixture.allow('logs:*', ...readStream, allowed);
    await expect(fixture.runtime.start()).rejects.toThrow(`does not have permissions to call ${message}`);
  });

  test('needs nothing else, lambda:InvokeFunction included', async () => {
    fixture = await streamFixture(handler());
    fixture.allow('logs:*', ...readStream);
    await fixture.runtime.start();
    await fixture.put('a');
    await fixture.runtime.idle();
    expect(await fixture.batches()).toEqual([['a']]);
  });
});

test('switched off and on again, it goes on where it stopped', async () => {
  await started(handler(), { batch_size: 2 });
  const input = { UUID: fixture.mapping.uuid };
  await fixture.call('lambda', 'UpdateEventSourceMapping', { ...input, Enabled: false });
  await fixture.put('e');
  await fixture.runtime.idle();
  expect(await fixture.batches()).toHaveLength(2);
  await fixture.call('lambda', 'UpdateEventSourceMapping', { ...input, Enabled: true });
  await fixture.runtime.idle();
  expect((await fixture.batches()).flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('is told by the API, and measures how old the last record is', async () => {
  fixture = await streamFixture(handler(), ({ queue }) => ({
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
  fixture = await streamFixture(handler());
  const create = fixture.create('aws_lambda_event_source_mapping', 'other', {
    event_source_arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/other/stream/2026-01-01T00:00:00.000',
    function_name: 'relay',
    starting_position: 'TRIM_HORIZON',
    ...given,
  });
  await expect(create).rejects.toThrow(message);
});
