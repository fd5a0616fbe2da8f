import { systemClock } from '../shared/clock';
import { env } from '../shared/env';
import { confirmation } from './confirmation';
import { consumeOrders } from './consume-order';

const table = env('CONFIRMATIONS_TABLE');

/** Confirms a created order, once for each event. */
export const handler = consumeOrders('order-confirmation', (order) => confirmation(table, order, systemClock.now()));
