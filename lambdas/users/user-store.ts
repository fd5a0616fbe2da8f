import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Scalar, attribute, attributes, scalars } from '../shared/attributes';
import type { Clock } from '../shared/clock';
import type { Origin } from '../shared/tracing';
import { type Profile, type ProfileChanges, profileFields } from './user';

/** There is a user of this id with another content. */
export class UserExists extends Error {
  override readonly name = 'UserExists';
}

/** There is no user of this id. */
export class UserNotFound extends Error {
  override readonly name = 'UserNotFound';
}

/** Somebody else changed the user meanwhile: read it and try again. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
}

/** A user after a change; versions count the changes. */
export interface Stored {
  readonly id: string;
  /** From 1. */
  readonly version: number;
}

/** Where users lie. */
export interface UserStoreOptions {
  /** Writes the table. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Table with the hash key `id`. */
  readonly tableName: string;
  /** Says when a user is changed. */
  readonly clock: Clock;
}

/** Writes users, each with why it was changed: the relay reads that from the stream. */
export class UserStore {
  constructor(private readonly options: UserStoreOptions) {}

  /**
   * Writes a user; writing the same user again changes nothing.
   *
   * @throws UserExists if there is one of this id with another content
   */
  async create(id: string, profile: Profile, origin: Origin): Promise<Stored & { created: boolean }> {
    const now = this.options.clock.now();
    const item = { id, ...profile, version: 1, createdAt: now, updatedAt: now, ...origin };
    const { existing } = await this.conditionally(
      new PutItemCommand({
        TableName: this.options.tableName,
        Item: attributes(item),
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    if (!existing) return { id, version: 1, created: true };
    if (profileFields.some((field) => existing[field] !== profile[field]))
      throw new UserExists(`The user ${id} exists with another content: take another id, or update it`);
    return { id, version: Number(existing['version']), created: false };
  }

  /**
   * Changes fields of a user.
   *
   * @param expectedVersion the only version to change. @default any
   * @throws UserNotFound, VersionConflict
   */
  async update(id: string, changes: ProfileChanges, origin: Origin, expectedVersion?: number): Promise<Stored> {
    const { refused, existing, written } = await this.write(id, changes, origin, expectedVersion);
    if (refused && existing) {
      const { version } = existing;
      throw new VersionConflict(`The user ${id} has version ${String(version)}, expected: ${expectedVersion}`);
    }
    if (refused) throw new UserNotFound(`There is no user ${id}`);
    return { id, version: Number(written!['version']) };
  }

  /**
   * Deletes a user; deleting it again changes nothing. The stream shows an item as it was before it was deleted, so why
   * it is deleted is written first.
   *
   * @throws VersionConflict if somebody else changes the user at the same time
   */
  async delete(id: string, origin: Origin): Promise<{ id: string; deleted: boolean }> {
    const marked = await this.write(id, {}, origin);
    if (marked.refused) return { id, deleted: false };
    const { refused, existing } = await this.conditionally(
      new DeleteItemCommand({
        TableName: this.options.tableName,
        Key: { id: { S: id } },
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': attribute(marked.written!['version']!) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    if (refused && existing) throw new VersionConflict(`The user ${id} was changed while it was deleted: try again`);
    return { id, deleted: true };
  }

  private async write(id: string, changes: ProfileChanges, origin: Origin, expectedVersion?: number) {
    const values = { traceparent: null, ...changes, ...origin, updatedAt: this.options.clock.now() };
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const set = given.filter((entry): entry is [string, Scalar] => entry[1] !== null);
    const removed = given.filter(([, value]) => value === null).map(([name]) => `#${name}`);
    const assignments = ['version = version + :one', ...set.map(([name]) => `#${name} = :${name}`)];
    return this.conditionally(
      new UpdateItemCommand({
        TableName: this.options.tableName,
        Key: { id: { S: id } },
        UpdateExpression: `SET ${assignments.join(', ')}${removed.length ? ` REMOVE ${removed.join(', ')}` : ''}`,
        ConditionExpression: `attribute_exists(id)${expectedVersion ? ' AND version = :expected' : ''}`,
        ExpressionAttributeNames: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: attributes({
          ':one': 1,
          ':expected': expectedVersion,
          ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        }),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** @returns what was written, or that the condition refused it and what is there instead */
  private async conditionally(command: PutItemCommand | UpdateItemCommand | DeleteItemCommand) {
    try {
      const { Attributes } = await this.options.client.send(command as UpdateItemCommand);
      return { refused: false, written: Attributes && scalars(Attributes) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { refused: true, existing: error.Item && scalars(error.Item) };
    }
  }
}
