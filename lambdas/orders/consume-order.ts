import { DynamoDBClient, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../shared/clock';
import { env } from '../shared/env';
import { dynamoInbox } from '../shared/inbox';
import { queueHandler } from '../shared/queue-handler';
import { type Order, orderOf } from './order-event';

/**
 * A handler for orders from a queue whose effect happens once per event.
 *
 * @param consumer name of the function; its inbox is the table `INBOX_TABLE`
 * @param effect the write that an order causes
 */
export function consumeOrders(consumer: string, effect: (order: Order) => TransactWriteItem) {
  const inbox = dynamoInbox({
    client: new DynamoDBClient(),
    tableName: env('INBOX_TABLE'),
    consumer,
    clock: systemClock,
  });
  return queueHandler(consumer, async (body) => {
    const order = orderOf(body);
    const outcome = await inbox.once(order.eventId, effect(order));
    return { outcome, eventId: order.eventId, occurredAt: order.createdAt, ids: { orderId: order.orderId } };
  });
}
