import { systemClock } from '../shared/clock';
import { env } from '../shared/env';
import { eventHandler } from '../shared/event-handler';
import { auditEntry } from './audit-entry';
import { consumeUserCreated } from './consume-user-created';

const table = env('AUDIT_TABLE');

/** Records a created user, once for each event; the rule invokes it directly. */
export const handler = eventHandler(
  'audit-user',
  consumeUserCreated('audit-user', (created) => auditEntry(table, created, systemClock.now())),
);
