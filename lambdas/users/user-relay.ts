import { relayHandler } from '../shared/relay-handler';
import { userEventOf } from './user-change';

/** Publishes each change of a user as `UserCreated`, `UserUpdated` or `UserDeleted`. */
export const handler = relayHandler('user-relay', userEventOf);
