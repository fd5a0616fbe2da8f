import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Order } from './order-event';

/** The write that confirms an order. */
export function confirmation(tableName: string, order: Order, now: number): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: {
        orderId: { S: order.orderId },
        createdAt: { N: String(order.createdAt) },
        status: { S: order.status },
        eventId: { S: order.eventId },
        confirmedAt: { N: String(now) },
      },
    },
  };
}
