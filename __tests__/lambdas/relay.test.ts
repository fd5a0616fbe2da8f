import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import { relay } from '../../lambdas/shared/relay';

const traceparent = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';

function record(sequence: string, user: string, secret = 'hunter2'): DynamoDBRecord {
  const Keys = { id: { S: user } };
  const NewImage = { ...Keys, secret: { S: secret } };
  return {
    eventID: `event-${sequence}`,
    dynamodb: { SequenceNumber: sequence, ApproximateCreationDateTime: 1_767_225_600, Keys, NewImage },
  };
}

/** Relays records of which those of `bob` are malformed and those of `eve` no events. */
async function relayed(...records: DynamoDBRecord[]) {
  const entries: PutEventsRequestEntry[] = [];
  const outcomes = await relay(records, {
    busName: 'events',
    clock: { now: () => 0, jitter: async () => {} },
    async send(given) {
      entries.push(...given);
      return given.map(() => ({ EventId: '1' }));
    },
    eventOf({ eventID, dynamodb }) {
      const subject = dynamodb!.Keys!.id!.S!;
      if (subject === 'bob') throw new TypeError('data.email: missing');
      if (subject === 'eve') return undefined;
      const ids = { correlationId: 'c', causationId: 'c', ...(subject === 'ada' && { traceparent }) };
      const metadata = { id: eventID!, source: 's', type: 'T', subject, dataversion: '1', ...ids };
      return { metadata: { ...metadata, time: '2026-01-01T00:00:00.000Z' }, data: { n: 1 } };
    },
  });
  return { entries, outcomes };
}

test('publishes an event as the entry that its metadata says, in the trace of the change', async () => {
  const { entries } = await relayed(record('1', 'ada'), record('2', 'joe'));
  expect(entries[0]).toEqual({
    EventBusName: 'events',
    Source: 's',
    DetailType: 'T',
    Detail: expect.any(String),
    Time: new Date('2026-01-01T00:00:00.000Z'),
    TraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  });
  expect(JSON.parse(entries[0]!.Detail!)).toMatchObject({ metadata: { id: 'event-1' }, data: { n: 1 } });
  expect(entries[1]).not.toHaveProperty('TraceHeader');
});

test('a malformed record fails alone, with what comes later of its item; a change that is no event is done', async () => {
  const records = [record('1', 'ada'), record('2', 'bob'), record('3', 'eve'), record('4', 'bob'), record('5', 'joe')];
  const { entries, outcomes } = await relayed(...records);
  expect(entries).toHaveLength(2);
  expect(outcomes).toEqual([
    {
      sequenceNumber: '1',
      eventId: 'event-1',
      type: 'T',
      subject: 'ada',
      changedAt: 1_767_225_600_000,
      outcome: 'published',
    },
    expect.objectContaining({ sequenceNumber: '2', outcome: 'failed', error: new TypeError('data.email: missing') }),
    expect.objectContaining({ sequenceNumber: '3', outcome: 'no event' }),
    expect.objectContaining({ sequenceNumber: '4', outcome: 'failed' }),
    expect.objectContaining({ sequenceNumber: '5', outcome: 'published' }),
  ]);
  expect(JSON.stringify(outcomes)).not.toContain('hunter2');
});

test('a record without a sequence number fails the batch: it could not be reported', async () => {
  const other = { ...record('1', 'ada'), dynamodb: {} };
  await expect(relayed(other)).rejects.toThrow('A record has no SequenceNumber');
});
