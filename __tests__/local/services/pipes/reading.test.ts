import { AwsError } from '../../../../local/aws-error';
import { entryParents } from '../../../../local/services/events/entry';
import { bus, Harness, stream } from './harness';
import { bisecting, ids, started } from './stream-pipe';

describe('reading', () => {
  test('TRIM_HORIZON takes what was written before, LATEST does not', async () => {
    for (const [position, expected] of [
      ['TRIM_HORIZON', ['before', 'after']],
      ['LATEST', ['after']],
    ] as const) {
      const harness = new Harness();
      await harness.pipe({ starting_position: position });
      harness.write('before');
      await harness.start();
      await harness.runtime.idle();
      harness.write('after');
      await harness.until(() => harness.delivered.includes('after'));
      expect(harness.delivered).toEqual(expected);
    }
  });

  test('nothing is read and no timer is left while nothing is written', async () => {
    const harness = await started({ maximum_batching_window_in_seconds: 5 });
    await harness.runtime.idle();
    const reads = harness.reads;
    expect(harness.clock.step(Infinity)).toBe(false);
    expect(harness.reads).toBe(reads);
  });

  test('a failed read is tried again and loses nothing', async () => {
    const harness = await started();
    harness.runtime.faults.add({ operation: 'GetRecords', effect: 'throttle', times: 3 });
    for (const id of ids(3)) harness.write(id);
    expect(await harness.until(() => harness.delivered.length === 3)).toBe(true);
    expect(harness.delivered).toEqual(ids(3));
  });

  test('an iterator that expired is replaced', async () => {
    const harness = await started();
    harness.write('o1');
    await harness.until(() => harness.delivered.length === 1);
    const { GetRecords, GetShardIterator } = harness.runtime.service('dynamodbstreams').operations;
    const asked = jest.spyOn(GetShardIterator!, 'run');
    jest.spyOn(GetRecords!, 'run').mockImplementationOnce(() => {
      throw new AwsError('ExpiredIteratorException', 'Iterator expired');
    });
    harness.write('o2');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.delivered).toEqual(['o1', 'o2']);
    expect(asked.mock.calls[0]![0]).toMatchObject({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: '1' });
  });
});

describe('filter', () => {
  const filter = (...patterns: object[]) => ({
    source_parameters: {
      dynamodb_stream_parameters: { starting_position: 'TRIM_HORIZON', batch_size: 10, maximum_retry_attempts: 3 },
      filter_criteria: { filter: patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
    },
  });

  test('any of the patterns lets a record through; the others leave a filtered hop', async () => {
    const harness = await started(
      {},
      filter({ eventName: ['INSERT'] }, { dynamodb: { NewImage: { vip: { BOOL: [true] } } } }),
    );
    harness.write('new');
    const cause = harness.write('changed', {}, 'MODIFY');
    harness.write('vip', { vip: { BOOL: true } }, 'MODIFY');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.delivered).toEqual(['new', 'vip']);
    expect(harness.hops('filter')).toMatchObject([{ outcome: 'filtered', parents: [cause] }]);
    expect(harness.total('EventCount')).toBe(2);
  });

  test('filtered records do not fill batches', async () => {
    const harness = await started({}, filter({ eventName: ['INSERT'] }));
    for (const id of ids(40)) harness.write(id, {}, 'MODIFY');
    harness.write('new');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.sent).toHaveLength(1);
    expect(harness.hops('filter')).toHaveLength(40);
  });

  test('a pattern that Pipes does not know is refused at create', async () => {
    await expect(
      new Harness().pipe({}, filter({ dynamodb: { NewImage: { S: [{ 'anything-but': { prefix: 'x' } }] } } })),
    ).rejects.toThrow('anything-but');
  });
});

describe('what the bus receives', () => {
  test('the bare record, under the names AWS gives', async () => {
    const harness = await started();
    const cause = harness.write('o1', { Status: { S: 'CREATED' } });
    await harness.until(() => harness.sent.length === 1);
    const entry = harness.sent[0]!.entries[0]!;
    expect(entry).toMatchObject({
      EventBusName: bus,
      Source: 'Pipe orders',
      DetailType: 'Event from aws:dynamodb',
      Resources: [],
    });
    expect(entry).not.toHaveProperty('Time');
    expect(JSON.parse(entry.Detail)).toEqual({
      eventID: 'e0',
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      eventSourceARN: stream,
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_767_225_600,
        Keys: { id: { S: 'o1' } },
        NewImage: { id: { S: 'o1' }, Status: { S: 'CREATED' } },
        SequenceNumber: '1',
        SizeBytes: 26,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    const [hop] = harness.hops('batch');
    expect(hop!.parents).toEqual([cause]);
    expect(entry[entryParents]).toEqual([hop!.id]);
  });

  test('parameters, as text and as paths', async () => {
    const parameters = {
      source: 'shop.orders',
      detail_type: '$.dynamodb.NewImage.type.S',
      time: '$.dynamodb.NewImage.at.S',
      resources: ['$.dynamodb.Keys.id.S'],
    };
    const harness = await started({}, { target_parameters: [{ eventbridge_event_bus_parameters: [parameters] }] });
    harness.write('o1', { type: { S: 'OrderPlaced' }, at: { S: '2026-01-02T00:00:00Z' } });
    await harness.until(() => harness.sent.length === 1);
    expect(harness.sent[0]!.entries[0]).toMatchObject({
      Source: 'shop.orders',
      DetailType: 'OrderPlaced',
      Time: Date.UTC(2026, 0, 2) / 1000,
      Resources: ['o1'],
    });
  });

  test('a path that leads nowhere fails that record only', async () => {
    const parameters = { detail_type: '$.dynamodb.NewImage.type.S' };
    const harness = await started(bisecting, { target_parameters: { eventbridge_event_bus_parameters: parameters } });
    harness.write('bad');
    harness.write('good', { type: { S: 'OrderPlaced' } });
    await harness.until(() => harness.deadLetters.length === 1);
    expect(harness.delivered).toEqual(['good']);
    expect(harness.deadLetters[0]!.body.DDBStreamBatchInfo.startSequenceNumber).toBe('1');
  });
});
