import { userChange } from './user';
import { userCommand } from './user-command';

/** Changes fields of a user that exists. */
export const handler = userCommand('update-user', userChange, async (users, request, origin) => {
  const { id, expectedVersion, correlationId: _, ...changes } = request;
  return users.update(id, changes, origin, expectedVersion);
});
