import { randomUUID } from 'node:crypto';
import { newUser } from './user';
import { userCommand } from './user-command';

/** Creates a user; a repetition with the same id and content changes nothing. */
export const handler = userCommand('create-user', newUser, async (users, request, origin) => {
  const { id = randomUUID(), correlationId: _, ...profile } = request;
  return users.create(id, profile, origin);
});
