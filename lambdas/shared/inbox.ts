import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from './clock';

/** Whether an event took effect now, or had done so before. */
export type Outcome = 'processed' | 'duplicate';

/** Makes the effects of events happen once, however often the events arrive. */
export interface Inbox {
  /**
   * Applies an effect unless the event has had it already: effect and inbox record are one transaction.
   *
   * @param eventId the event's own id, the same in each delivery
   * @param effect one write to another table
   * @throws whatever DynamoDB refuses the write with; nothing has happened then
   */
  once(eventId: string, effect: TransactWriteItem): Promise<Outcome>;
}

/** Whose inbox it is, and where it lies. */
export interface InboxOptions {
  /** Makes the transactions. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Table with the hash key `id` and the TTL attribute `expiresAt`. */
  readonly tableName: string;
  /** Who consumes: two consumers of one event each have a record. */
  readonly consumer: string;
  /** Says when a record expires, and how long to pause after a conflict. */
  readonly clock: Clock;
}

/**
 * 60 days, longer than an event stays: 30 in the archive, 14 as a dead letter of the rule, 14 in a queue are 58. A redrive policy
 * gives no more: a standard queue's dead letter keeps the time it was sent at (SQS developer guide, "Dead-letter queue
 * retention"). What is redriven is a new message, with 14 days more.
 */
const rememberedSeconds = 60 * 86_400;
/** Transactions on one item conflict; those of a busy counter are tried again at once, not a visibility timeout later. */
const conflictRetries = 5;
/** Milliseconds. */
const longestPause = 100;

/** An inbox in a DynamoDB table. */
export function dynamoInbox({ client, tableName, consumer, clock }: InboxOptions): Inbox {
  const record = (eventId: string): TransactWriteItem => ({
    Put: {
      TableName: tableName,
      Item: {
        id: { S: `${consumer}#${eventId}` },
        expiresAt: { N: String(Math.floor(clock.now() / 1000) + rememberedSeconds) },
      },
      ConditionExpression: 'attribute_not_exists(id)',
    },
  });
  return {
    async once(eventId, effect) {
      for (let retries = 0; ; retries++) {
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems: [record(eventId), effect] }));
          return 'processed';
        } catch (error) {
          if (!(error instanceof TransactionCanceledException)) throw error;
          const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
          if (codes[0] === 'ConditionalCheckFailed') return 'duplicate';
          if (!codes.includes('TransactionConflict') || retries >= conflictRetries) throw error;
          await clock.jitter(longestPause);
        }
      }
    },
  };
}
