import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { consumeOnce } from '../shared/consume-once';
import { type UserCreated, userCreatedOf } from './user-event';

/**
 * A consumer of `UserCreated` whose effect happens once per event.
 *
 * @param consumer name of the function
 * @param effect the write that a created user causes
 */
export function consumeUserCreated(consumer: string, effect: (created: UserCreated) => TransactWriteItem) {
  return consumeOnce(consumer, (event) => {
    const created = userCreatedOf(event);
    const { id: eventId, subject: userId, time, correlationId } = created.metadata;
    return { eventId, occurredAt: Date.parse(time), ids: { userId, correlationId }, effect: effect(created) };
  });
}
