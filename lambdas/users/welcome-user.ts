import { systemClock } from '../shared/clock';
import { env } from '../shared/env';
import { queueHandler } from '../shared/queue-handler';
import { consumeUserCreated } from './consume-user-created';
import { welcome } from './welcome';

const table = env('WELCOMES_TABLE');

/** Welcomes a created user, once for each event; its events wait in a queue. */
export const handler = queueHandler(
  'welcome-user',
  consumeUserCreated('welcome-user', (created) => welcome(table, created, systemClock.now())),
);
