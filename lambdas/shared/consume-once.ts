import { DynamoDBClient, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { systemClock } from './clock';
import { env } from './env';
import { dynamoInbox, type Outcome } from './inbox';

/** What logs and metrics tell of an event; the ids are logged, the payload never. */
export interface Described {
  /** The event's own id: the same however often it is delivered. */
  readonly eventId: string;
  /** Epoch milliseconds at which what the event tells of happened. */
  readonly occurredAt: number;
  /** Further ids to log, such as `orderId`. */
  readonly ids: Readonly<Record<string, string>>;
}

/** What a consumer says of an event it has dealt with. */
export interface Consumed extends Described {
  readonly outcome: Outcome;
}

/** What a consumer means to do about an event. */
export interface Intended extends Described {
  /** The write that the event causes. */
  readonly effect: TransactWriteItem;
}

/**
 * A consumer whose effect happens once per event, however it is invoked.
 *
 * @param consumer name of the function; its inbox is the table `INBOX_TABLE`
 * @param intend reads an event as it arrives; what it throws is the event's failure
 */
export function consumeOnce(consumer: string, intend: (event: unknown) => Intended) {
  const inbox = dynamoInbox({
    client: new DynamoDBClient(),
    tableName: env('INBOX_TABLE'),
    consumer,
    clock: systemClock,
  });
  return async (event: unknown): Promise<Consumed> => {
    const { effect, ...described } = intend(event);
    return { ...described, outcome: await inbox.once(described.eventId, effect) };
  };
}
