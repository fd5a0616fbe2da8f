import { readStream } from '../../stream-fixture';
import { failing, fixture, mapped, started } from './mapped-stream';

describe('destinations', () => {
  test('a bucket gets the whole record, under a key that names mapping, shard and time', async () => {
    await mapped(failing('true'), {
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
    await mapped(failing('true'), {
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
