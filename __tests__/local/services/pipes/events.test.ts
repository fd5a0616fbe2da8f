import { entryParents } from '../../../../local/services/events/entry';
import { bus, stream } from './harness';
import { bisecting, started } from './stream-pipe';

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
