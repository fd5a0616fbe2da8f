import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Scalar, attributes, scalars } from '../shared/attributes';
import type { Clock } from '../shared/clock';
import { sendStatus, statusIndex } from './send-status';

/** A message that is to be sent again, as the index showed it. */
export interface Undelivered {
  readonly id: string;
  /** One of {@link sendStatus}. */
  readonly sendStatus: string;
  /** Number of its last delivery. */
  readonly deliveries?: number;
  /** Tries that failed. */
  readonly attempts?: number;
  /** ISO 8601. */
  readonly claimedAt?: string;
  /** The execution that claimed it last; absent if none did since it was last claimed for a delivery. */
  readonly execution?: string;
}

/** Where messages lie, and how long a claim holds. */
export interface MessageStoreOptions {
  /** Reads and writes the table. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Table with the hash key `id` and the index {@link statusIndex}. */
  readonly tableName: string;
  /** Says when a message is claimed or abandoned. */
  readonly clock: Clock;
  /** How long a claim holds, in seconds: longer than an execution may take. */
  readonly leaseSeconds: number;
}

/** What a message must still be like, when it is written to, as it was when it was read. */
const seen = ['sendStatus', 'deliveries', 'claimedAt'] as const;

/** Finds the messages that are to be sent again, and claims them. */
export class MessageStore {
  constructor(private readonly options: MessageStoreOptions) {}

  /** Messages whose claim has ended without a result, then those that failed; page by page, as they are asked for. */
  async *undelivered(): AsyncGenerator<Undelivered> {
    const expired = new Date(this.now() - this.options.leaseSeconds * 1000).toISOString();
    yield* this.having(sendStatus.sending, 'claimedAt <= :expired', { ':expired': expired });
    yield* this.having(sendStatus.failure);
  }

  /**
   * Claims a message for its next delivery. A claim that ended without a result counts as an attempt: it may have sent.
   *
   * @returns the number of the delivery; undefined if the message is not as it was read
   */
  async claim(message: Undelivered): Promise<number | undefined> {
    const delivery = (message.deliveries ?? 0) + 1;
    const changes = { sendStatus: sendStatus.sending, deliveries: delivery, claimedAt: this.isoNow() };
    return (await this.change(message, changes, lostAttempts(message))) ? delivery : undefined;
  }

  /** Leaves a message to a person. @returns false if the message is not as it was read */
  async abandon(message: Undelivered): Promise<boolean> {
    const changes = { sendStatus: sendStatus.abandoned, abandonedAt: this.isoNow() };
    return this.change(message, changes, lostAttempts(message));
  }

  /** How many messages wait for a person; thousands are not counted to the end. */
  async countAbandoned(): Promise<number> {
    const { Count = 0 } = await this.options.client.send(
      new QueryCommand({ ...this.query(sendStatus.abandoned), Select: 'COUNT' }),
    );
    return Count;
  }

  private async *having(status: string, FilterExpression?: string, values: Record<string, Scalar> = {}) {
    const query = this.query(status, values);
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await this.options.client.send(new QueryCommand({ ...query, FilterExpression, ExclusiveStartKey }));
      for (const item of page.Items ?? []) yield scalars(item) as unknown as Undelivered;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  private query(status: string, values: Record<string, Scalar> = {}) {
    return {
      TableName: this.options.tableName,
      IndexName: statusIndex.name,
      KeyConditionExpression: 'sendStatus = :status',
      ExpressionAttributeValues: attributes({ ':status': status, ...values }),
    };
  }

  /** The index lags, and another run may be at work: only a message that is as it was read is written to. */
  private async change(message: Undelivered, changes: Record<string, Scalar>, attempts: number): Promise<boolean> {
    const conditions = seen.map((name) =>
      message[name] === undefined ? `attribute_not_exists(${name})` : `${name} = :seen_${name}`,
    );
    const assignments = Object.keys(changes).map((name) => `${name} = :${name}`);
    const named = (prefix: string, values: object) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value as Scalar]));
    const read = Object.fromEntries(seen.map((name) => [name, message[name]]));
    try {
      await this.options.client.send(
        new UpdateItemCommand({
          TableName: this.options.tableName,
          Key: { id: { S: message.id } },
          UpdateExpression: `SET ${assignments.join(', ')} REMOVE execution ADD attempts :attempts`,
          ConditionExpression: ['attribute_exists(id)', ...conditions].join(' AND '),
          ExpressionAttributeValues: attributes({
            ':attempts': attempts,
            ...named(':', changes),
            ...named(':seen_', read),
          }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  private now(): number {
    return this.options.clock.now();
  }

  private isoNow(): string {
    return new Date(this.now()).toISOString();
  }
}

/** Attempts that nobody counted: an execution claimed the message and did not say what became of it. */
export function lostAttempts({ sendStatus: status, execution }: Undelivered): number {
  return status === sendStatus.sending && execution !== undefined ? 1 : 0;
}
