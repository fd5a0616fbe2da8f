import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { attributes } from '../shared/attributes';
import type { UserEvent } from './user-event';

/** The write that keeps a trace of an event: what happened to whom and why, nothing personal. */
export function auditEntry(TableName: string, { metadata, data }: UserEvent, now: number): TransactWriteItem {
  const { id: eventId, type, subject: userId, time, correlationId, causationId, traceparent } = metadata;
  const entry = { userId, eventId, type, time, version: data.version, correlationId, causationId, traceparent };
  return { Put: { TableName, Item: attributes({ ...entry, recordedAt: now }) } };
}
