import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { attributes } from '../shared/attributes';
import type { UserCreated } from './user-event';

/** The write that welcomes a user. */
export function welcome(TableName: string, { metadata, data }: UserCreated, now: number): TransactWriteItem {
  const greeting = `Welcome, ${data.displayName ?? data.username}!`;
  const { id: userId, email, locale } = data;
  return {
    Put: { TableName, Item: attributes({ userId, eventId: metadata.id, email, locale, greeting, welcomedAt: now }) },
  };
}
