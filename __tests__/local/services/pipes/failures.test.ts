import { AwsError } from '../../../../local/aws-error';
import { type Entry, pipeArn, role, stream } from './harness';
import { bisecting, deadLetters, ids, started } from './stream-pipe';

describe('failures', () => {
  test('bisect isolates a poison record; it alone ends in the dead-letter queue, later ones are delivered', async () => {
    const harness = await started(bisecting);
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'o3' ? 'MalformedDetail' : undefined);
    for (const id of ids(12)) harness.write(id);
    await harness.until(() => harness.deadLetters.length === 1 && harness.delivered.length === 11);
    expect([...harness.delivered].sort()).toEqual(
      ids(12)
        .filter((id) => id !== 'o3')
        .sort(),
    );
    const alone = harness.sent.filter(({ entries }) => entries.some((entry) => entry.Detail.includes('"o3"')));
    expect(alone.map(({ entries }) => entries.length)).toEqual([10, 1, 1, 1]);
    expect(harness.deadLetters[0]).toMatchObject({
      QueueUrl: 'http://127.0.0.1:4566/000000000000/orders-dlq',
      body: {
        context: { partnerResourceArn: pipeArn, condition: 'RetryAttemptsExhausted' },
        version: '1.0',
        DDBStreamBatchInfo: {
          shardId: 'shard-1',
          startSequenceNumber: '4',
          endSequenceNumber: '4',
          approximateArrivalOfFirstRecord: '2026-01-01T00:00:00.000Z',
          approximateArrivalOfLastRecord: '2026-01-01T00:00:00.000Z',
          batchSize: 1,
          streamArn: stream,
        },
      },
    });
    expect(JSON.stringify(harness.deadLetters)).not.toContain('o3');
    expect(harness.hops('dead-letter')).toMatchObject([{ outcome: 'dead-lettered' }]);
  });

  test('a request refused as a whole is halved until the poison is alone', async () => {
    const harness = await started(bisecting);
    const { PutEvents } = harness.runtime.service('events').operations;
    const run = PutEvents!.run.bind(PutEvents);
    jest.spyOn(PutEvents!, 'run').mockImplementation((input: { Entries: Entry[] }, call) => {
      if (input.Entries.some((entry) => entry.Detail.includes('"o3"')))
        throw new AwsError('ValidationException', 'large');
      return run(input, call);
    });
    for (const id of ids(8)) harness.write(id);
    await harness.until(() => harness.deadLetters.length === 1 && harness.delivered.length === 7);
    expect(harness.delivered).toEqual(ids(8).filter((id) => id !== 'o3'));
    expect(harness.hops('bisect').map((hop) => Object(hop.data!['sequenceNumbers']).length)).toEqual([8, 4, 2]);
  });

  test('without bisect what failed is retried together, and blocks what is behind it', async () => {
    const harness = await started({ ...deadLetters, batch_size: 4, maximum_retry_attempts: 2 });
    harness.refuse = (detail) => (['o1', 'o2'].includes(detail.dynamodb.Keys.id.S) ? 'Refused' : undefined);
    for (const id of ids(5)) harness.write(id);
    await harness.until(() => harness.delivered.includes('o4'));
    expect(harness.sent.map(({ entries }) => entries.length)).toEqual([4, 2, 2, 1]);
    expect(harness.deadLetters[0]!.body.DDBStreamBatchInfo).toMatchObject({
      startSequenceNumber: '2',
      endSequenceNumber: '3',
      batchSize: 2,
    });
    expect(harness.deadLetters[0]!.at).toBeLessThanOrEqual(harness.sent[3]!.at);
  });

  test('the time between retries doubles', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 4 });
    harness.refuse = () => 'Refused';
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.until(() => harness.deadLetters.length === 1);
    expect(harness.sent.map(({ at }) => (at - begin) / 1000)).toEqual([0, 1, 3, 7, 15]);
  });

  test.each(['throttle', 'failBefore'] as const)('%s does not count as an attempt', async (effect) => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
    harness.runtime.faults.add({ operation: 'PutEvents', effect, times: 20 });
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.deadLetters).toEqual([]);
    expect(harness.hops('retry')).toHaveLength(20);
    expect(harness.hops('bisect')).toEqual([]);
  });

  test('a throttled batch stays whole', async () => {
    const harness = await started(bisecting);
    harness.runtime.faults.add({ operation: 'PutEvents', effect: 'throttle', times: 2 });
    for (const id of ids(4)) harness.write(id);
    await harness.until(() => harness.delivered.length === 4);
    expect(harness.hops('bisect')).toEqual([]);
    expect(harness.sent.map(({ entries }) => entries.length)).toEqual([4]);
  });

  test('new records do not hurry a retry', async () => {
    const harness = await started(deadLetters);
    harness.refuse = () => 'Refused';
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.runtime.idle();
    harness.clock.moveTo(begin + 500);
    harness.write('o1');
    await harness.until(() => harness.sent.length === 2);
    expect(harness.clock.now() - begin).toBe(1000);
  });

  test('what is behind a blocked batch is not read', async () => {
    const filter = { filter_criteria: { filter: [{ pattern: '{"eventName":["INSERT"]}' }] } };
    const dynamodb_stream_parameters = { starting_position: 'TRIM_HORIZON', batch_size: 1 };
    const harness = await started({}, { source_parameters: { dynamodb_stream_parameters, ...filter } });
    harness.refuse = () => 'Refused';
    harness.write('o0');
    for (const id of ids(5)) harness.write(id, {}, 'MODIFY');
    await harness.pass(600);
    expect(harness.hops('filter')).toEqual([]);
    harness.refuse = () => undefined;
    await harness.until(() => harness.hops('filter').length === 5);
    expect(harness.delivered).toEqual(['o0']);
  });

  test('internal errors of single entries do not count either', async () => {
    const harness = await started({ ...bisecting, maximum_retry_attempts: 1 });
    let left = 10;
    harness.refuse = () => (left-- > 0 ? 'InternalFailure' : undefined);
    harness.write('o0');
    harness.write('o1');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.deadLetters).toEqual([]);
  });

  test('a denied target counts', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 2 });
    harness.runtime.faults.add({ operation: 'PutEvents', effect: 'deny', times: 3 });
    harness.write('o0');
    await harness.until(() => harness.deadLetters.length === 1);
    expect(harness.deadLetters[0]!.body.context.condition).toBe('RetryAttemptsExhausted');
    expect(harness.runtime.timeline.hops.filter((hop) => hop.outcome === 'denied')).toHaveLength(3);
  });

  test('a record older than the maximum age is given up', async () => {
    const harness = await started({ ...deadLetters, maximum_record_age_in_seconds: 120 });
    harness.refuse = () => 'InternalFailure';
    harness.write('old');
    await harness.until(() => harness.deadLetters.length === 1);
    const { at, body } = harness.deadLetters[0]!;
    expect(body.context.condition).toBe('RecordAgeExceeded');
    expect(at - Date.UTC(2026, 0, 1)).toBeGreaterThan(120_000);
    expect(at - Date.UTC(2026, 0, 1)).toBeLessThanOrEqual(180_000);
    harness.refuse = () => undefined;
    harness.write('young');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.delivered).toEqual(['young']);
  });

  test('without a maximum age a record is lost when the stream forgets it', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: -1 });
    harness.refuse = () => 'Refused';
    harness.write('o0');
    await harness.until(() => harness.hops('dead-letter').length === 1, 2 * 86_400_000);
    expect(harness.hops('dead-letter')[0]).toMatchObject({
      outcome: 'failed',
      summary: expect.stringContaining('dropped'),
    });
    expect(harness.clock.now() - Date.UTC(2026, 0, 1)).toBeGreaterThan(86_400_000);
    expect(harness.deadLetters).toEqual([]);
  });
});

describe('dead-letter queue', () => {
  test('one that refuses loses the record, says so, and the shard goes on', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1, batch_size: 1 });
    harness.runtime.iam.putRolePolicy(role, 'all', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 'events:*'], Resource: '*' }],
    });
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? 'Refused' : undefined);
    harness.write('bad');
    harness.write('good');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.hops('dead-letter')).toMatchObject([
      { outcome: 'failed', summary: expect.stringMatching(/1 record dropped: .*sqs:SendMessage/) },
    ]);
  });

  test('one that is out of order for a while gets the message later', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
    harness.refuse = () => 'Refused';
    harness.runtime.faults.add({ operation: 'SendMessage', effect: 'failBefore', times: 3 });
    harness.write('bad');
    expect(await harness.until(() => harness.deadLetters.length === 1)).toBe(true);
    expect(harness.sent).toHaveLength(2);
  });

  test('none: the record is dropped, and said so', async () => {
    const harness = await started({ maximum_retry_attempts: 1 });
    harness.refuse = () => 'Refused';
    harness.write('bad');
    await harness.until(() => harness.hops('dead-letter').length === 1);
    expect(harness.hops('dead-letter')[0]!.summary).toContain('no dead-letter queue');
  });
});
