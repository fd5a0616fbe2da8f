import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { attributes, scalars } from '../shared/attributes';
import type { Clock } from '../shared/clock';
import type { ObjectStore } from '../shared/object-store';
import { type Claim, sha256 } from './claim';
import { type Message, messageOf } from './message';
import { Unprocessable } from './unprocessable';

/** Bytes up to which a message lies in the table: an item has at most 409,600, names and other attributes included. */
export const largestItemPayload = 380_000;
/** The longest that a queue keeps a message, in seconds: 14 days (SQS quotas, "Message retention"). */
const queueSeconds = 1_209_600;
const daySeconds = 86_400;

/** Where messages are stored, and for how long. */
export interface ClaimStoreOptions {
  /** Writes and reads the table. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Table with the hash key `claimId` and the TTL attribute `expiresAt`. */
  readonly tableName: string;
  /** Holds what is too large for the table. */
  readonly objects: ObjectStore;
  /** Bucket of the objects, which a claim names. */
  readonly bucketName: string;
  /** How long a message can be fetched; objects must stay longer. */
  readonly claimDays: number;
  /** Says when a claim is stored, and whether it has expired. */
  readonly clock: Clock;
}

/** What the table tells of a message. */
interface Row {
  readonly claimId: string;
  readonly payloadType: string;
  readonly size: number;
  readonly store: 'table' | 'bucket';
  /** Epoch milliseconds. */
  readonly claimedAt: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** A message that is stored. */
export interface Stored {
  readonly claim: Claim;
  /** Epoch milliseconds at which it was stored first. */
  readonly claimedAt: number;
}

/** Keeps messages, small ones in a table, large ones in a bucket, and gives them back for their claim. */
export class ClaimStore {
  constructor(private readonly options: ClaimStoreOptions) {}

  /**
   * Stores a message; one that is stored already is left as it is, and its claim is the answer. A claim that would not
   * outlive a message that waits in a queue is renewed. The row comes last, so a claim always has its message.
   *
   * @param body the message as it came
   */
  async keep(body: string, { type }: Message): Promise<Stored> {
    const now = this.options.clock.now();
    const claimId = sha256(body);
    const size = Buffer.byteLength(body);
    const isLarge = size > largestItemPayload;
    const seconds = Math.floor(now / 1000);
    const renewable = seconds + queueSeconds;
    if (isLarge) {
      const existing = await this.find(claimId);
      if (existing && Number(existing['expiresAt']?.N) > renewable) return this.storedOf(existing);
      await this.options.objects.put(claimId, body);
    }
    const row = attributes({
      claimId,
      payloadType: type,
      size,
      store: isLarge ? 'bucket' : 'table',
      claimedAt: now,
      expiresAt: seconds + this.options.claimDays * daySeconds,
      payload: isLarge ? undefined : body,
    });
    return this.storedOf((await this.putUnlessExists(row, renewable)) ?? row);
  }

  /**
   * Fetches a message.
   *
   * @returns the claim, the message as it came, and what that says
   * @throws Unprocessable if there is none for the claim, or it is not the one that was claimed, or the row says of it what is not so
   */
  async fetch(claimId: string): Promise<{ claim: Claim; body: string; message: Message }> {
    const row = await this.find(claimId);
    if (!row)
      throw new Unprocessable('ClaimMissing', `There is no claim ${claimId}: it was never made, or has expired`);
    const { claim } = this.storedOf(row);
    if (Date.parse(claim.expiresAt) <= this.options.clock.now())
      throw new Unprocessable('ClaimExpired', `The claim ${claimId} expired at ${claim.expiresAt}`);
    const body = claim.location.store === 'table' ? row['payload']?.S : await this.options.objects.get(claimId);
    const { store, name } = claim.location;
    if (body === undefined)
      throw new Unprocessable(
        'PayloadMissing',
        `The ${store} ${name} does not have the message of the claim ${claimId}`,
      );
    if (sha256(body) !== claimId)
      throw new Unprocessable(
        'PayloadTampered',
        `The message in the ${store} ${name} is not that of the claim ${claimId}`,
      );
    const message = messageOf(body);
    if (claim.payloadType !== message.type || claim.size !== Buffer.byteLength(body))
      throw new Unprocessable(
        'PayloadTampered',
        `The row of the claim ${claimId} has another payloadType or size than its message`,
      );
    return { claim, body, message };
  }

  private async find(claimId: string): Promise<Record<string, AttributeValue> | undefined> {
    const Key = { claimId: { S: claimId } };
    const request = { TableName: this.options.tableName, Key, ConsistentRead: true };
    return (await this.options.client.send(new GetItemCommand(request))).Item;
  }

  /** @returns the row that is there already */
  private async putUnlessExists(Item: Record<string, AttributeValue>, renewable: number) {
    try {
      await this.options.client.send(
        new PutItemCommand({
          TableName: this.options.tableName,
          Item,
          ConditionExpression: 'attribute_not_exists(claimId) OR expiresAt <= :renewable',
          ExpressionAttributeValues: attributes({ ':renewable': renewable }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
      return error.Item;
    }
  }

  private storedOf(row: Record<string, AttributeValue>): Stored {
    const { claimId, payloadType, size, store, claimedAt, expiresAt } = scalars(row) as unknown as Row;
    const { tableName, bucketName } = this.options;
    const location = { store, name: store === 'table' ? tableName : bucketName, key: claimId };
    const expires = new Date(expiresAt * 1000).toISOString();
    return { claimedAt, claim: { claimId, payloadType, size, sha256: claimId, location, expiresAt: expires } };
  }
}
