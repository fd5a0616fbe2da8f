import { userRemoval } from './user';
import { userCommand } from './user-command';

/** Deletes a user; a repetition changes nothing. */
export const handler = userCommand('delete-user', userRemoval, async (users, { id }, origin) =>
  users.delete(id, origin),
);
