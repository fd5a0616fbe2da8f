import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { consumeOnce } from '../shared/consume-once';
import { queueHandler } from '../shared/queue-handler';
import { type Order, orderOf } from './order-event';

/**
 * A handler for orders from a queue whose effect happens once per event.
 *
 * @param consumer name of the function
 * @param effect the write that an order causes
 */
export function consumeOrders(consumer: string, effect: (order: Order) => TransactWriteItem) {
  const consume = consumeOnce(consumer, (event) => {
    const order = orderOf(event);
    const { eventId, orderId, createdAt } = order;
    return { eventId, occurredAt: createdAt, ids: { orderId }, effect: effect(order) };
  });
  return queueHandler(consumer, consume);
}
