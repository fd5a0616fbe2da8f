import { env } from '../shared/env';
import { consumeOrders } from './consume-order';
import { statistics } from './statistics';

const table = env('STATISTICS_TABLE');

/** Counts each event of a created order, once. */
export const handler = consumeOrders('order-statistics', (order) => statistics(table, order));
