import type { DynamoDBRecord } from 'aws-lambda';
import { sequenceNumberOf } from '../shared/stream-record';
import type { Start } from './delivery-starter';

/** What became of an inserted message; the ids are for logs. */
export interface StartOutcome {
  readonly sequenceNumber: string;
  /** Id of the message. */
  readonly id: string;
  readonly outcome: 'started' | 'duplicate' | 'failed';
  /** Why it failed. */
  readonly error?: Error;
}

/** Starts the first delivery of each message that a batch of inserts has. */
export async function startNew(records: readonly DynamoDBRecord[], start: Start): Promise<StartOutcome[]> {
  const messages = records.map((record) => {
    const id = record.dynamodb?.Keys?.['id']?.S;
    if (id === undefined) throw new TypeError('A record has no key "id": is this function called by another stream?');
    return { sequenceNumber: sequenceNumberOf(record), id };
  });
  return Promise.all(
    messages.map(async ({ sequenceNumber, id }): Promise<StartOutcome> => {
      try {
        return { sequenceNumber, id, outcome: await start({ id, delivery: 1, insert: sequenceNumber }) };
      } catch (error) {
        return { sequenceNumber, id, outcome: 'failed', error: error as Error };
      }
    }),
  );
}
