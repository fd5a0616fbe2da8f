import { failing, fixture, handler, mapped, started } from './mapped-stream';

const reports = { function_response_types: ['ReportBatchItemFailures'] };

/** Reports the first record that fits. */
const reporting = (condition: string) =>
  handler(
    `return { batchItemFailures: Records.filter((r) => { const id = r.dynamodb.Keys.id.S; return ${condition}; }).slice(0, 1).map((r) => ({ itemIdentifier: r.dynamodb.SequenceNumber })) };`,
  );

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
    await mapped(handler(), ({ queue }) => ({
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
