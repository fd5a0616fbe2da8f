import type { DynamoDBRecord } from 'aws-lambda';
import type { Envelope } from './event-envelope';
import { type Bus, type Publication, publishInOrder } from './publisher';
import { sequenceNumberOf } from './stream-record';
import { traceHeaderOf } from './tracing';

/** Which changes are told as which events, and where. */
export interface RelayOptions extends Bus {
  /** Name of the bus. */
  readonly busName: string;
  /** The event that a change is, or undefined if it is none. @throws if the record cannot be told */
  eventOf(record: DynamoDBRecord): Envelope | undefined;
}

/** What became of a change; the ids are for logs. */
export interface Relayed {
  readonly sequenceNumber: string;
  readonly eventId: string;
  /** Type and subject of the event, if it could be told. */
  readonly type: string | undefined;
  readonly subject: string | undefined;
  /** Epoch milliseconds at which the change was made. */
  readonly changedAt: number;
  readonly outcome: 'published' | 'no event' | 'failed';
  /** Why it failed. */
  readonly error: Error | undefined;
}

/** A change, whether it is an event or not. */
interface Change extends Publication, Pick<Relayed, 'sequenceNumber' | 'eventId' | 'changedAt'> {
  readonly isEvent: boolean;
  readonly type?: string;
  readonly subject?: string;
}

/** Publishes the changes of a batch that are events, in the order of each item. */
export async function relay(records: readonly DynamoDBRecord[], options: RelayOptions): Promise<Relayed[]> {
  const changes = records.map((record) => changeOf(record, options));
  const failed = await publishInOrder(
    changes.filter(({ isEvent }) => isEvent),
    options,
  );
  return changes.map((change) => {
    const { sequenceNumber, eventId, type, subject, changedAt, isEvent } = change;
    const error = failed.get(change);
    const outcome = error ? 'failed' : isEvent ? 'published' : 'no event';
    return { sequenceNumber, eventId, type, subject, changedAt, outcome, error };
  });
}

/** @throws TypeError if the record has no sequence number: then only the batch as a whole can fail */
function changeOf(record: DynamoDBRecord, { busName, eventOf }: RelayOptions): Change {
  const sequenceNumber = sequenceNumberOf(record);
  const { Keys, ApproximateCreationDateTime: seconds = 0 } = record.dynamodb ?? {};
  const ids = { sequenceNumber, eventId: record.eventID ?? '', changedAt: seconds * 1000, key: JSON.stringify(Keys) };
  try {
    const event = eventOf(record);
    if (!event) return { ...ids, isEvent: false, entry: {} };
    const { type, subject } = event.metadata;
    return { ...ids, isEvent: true, type, subject, entry: entryOf(event, busName) };
  } catch (error) {
    return { ...ids, isEvent: true, entry: error as Error };
  }
}

/** An event as PutEvents takes it; X-Ray follows it from the request that made the change. */
function entryOf(event: Envelope, EventBusName: string) {
  const { source, type, time, traceparent } = event.metadata;
  const TraceHeader = traceHeaderOf(traceparent);
  return {
    EventBusName,
    Source: source,
    DetailType: type,
    Detail: JSON.stringify(event),
    Time: new Date(time),
    ...(TraceHeader && { TraceHeader }),
  };
}
