import type { Schema } from '@cfworker/json-schema';
import { type Check, type Envelope, envelopeCheck } from '../shared/event-envelope';
import { UnexpectedEvent } from '../shared/unexpected-event';
import createdSchema from './events/user-created.v1.schema.json';
import deletedSchema from './events/user-deleted.v1.schema.json';
import updatedSchema from './events/user-updated.v1.schema.json';
import type { Profile, ProfileChanges } from './user';
import { userEvents } from './user-event-type';

interface Identified {
  readonly id: string;
  /** Counts the changes of the user. */
  readonly version: number;
}

/** A user as it was created; `version` is 1. */
export type UserCreated = Envelope<Identified & Profile>;
/** `changes` is a JSON merge patch: new values, null for what was removed. */
export type UserUpdated = Envelope<Identified & { readonly changes: ProfileChanges }>;
/** The id of a user that was deleted, and its last version. */
export type UserDeleted = Envelope<Identified>;
/** What is told of users. */
export type UserEvent = UserCreated | UserUpdated | UserDeleted;

/** The check of each type's envelope; they throw UnexpectedEvent. */
export const checks = {
  [userEvents.created]: envelopeCheck(createdSchema as Schema) as Check<UserCreated>,
  [userEvents.updated]: envelopeCheck(updatedSchema as Schema) as Check<UserUpdated>,
  [userEvents.deleted]: envelopeCheck(deletedSchema as Schema) as Check<UserDeleted>,
};

/** Version of the schemas, one for all three types. */
export const dataversion = '1';

/**
 * Reads a created user from an event of the bus.
 *
 * @throws UnexpectedEvent naming the members that do not fit (never their values)
 */
export function userCreatedOf(event: unknown): UserCreated {
  const { source, 'detail-type': type, detail } = Object(event) as Record<string, unknown>;
  if (source !== userEvents.source || type !== userEvents.created)
    throw new UnexpectedEvent(`Not a ${userEvents.created} event: source or detail-type is another`);
  return checks[userEvents.created](detail);
}
