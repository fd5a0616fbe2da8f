import type { SQSRecord } from 'aws-lambda';
import { Unprocessable } from './unprocessable';

/** Takes a message that cannot be processed, with why. @throws if it does not: then nothing of the batch is done */
export type DeadLetter = (record: SQSRecord, why: Unprocessable) => Promise<void>;

/**
 * Works on each message of a batch. A pipe cannot be told that one message failed: an enrichment answers for all or
 * fails for all. So what cannot be processed goes to the dead-letter queue from here, once all else has succeeded.
 *
 * @param work throws Unprocessable if the message can never be processed, anything else if it is to be tried again
 * @returns what came of the others, in order
 * @throws what `work` throws otherwise; the whole batch comes back then, so `work` must bear repetition
 */
export async function eachMessage<Result>(
  records: readonly SQSRecord[],
  work: (record: SQSRecord) => Promise<Result>,
  deadLetter: DeadLetter,
): Promise<Result[]> {
  const results: Result[] = [];
  const refused: [SQSRecord, Unprocessable][] = [];
  for (const record of records) {
    try {
      results.push(await work(record));
    } catch (error) {
      if (!(error instanceof Unprocessable)) throw error;
      refused.push([record, error]);
    }
  }
  for (const [record, why] of refused) await deadLetter(record, why);
  return results;
}
