/** How changes of a user are announced on the bus. */
export const userEvents = {
  source: 'user.event',
  created: 'UserCreated',
  updated: 'UserUpdated',
  deleted: 'UserDeleted',
} as const;
