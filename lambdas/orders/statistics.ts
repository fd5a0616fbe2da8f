import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Order } from './order-event';

/** The write that counts an order under its status and the day (UTC) it was created. */
export function statistics(tableName: string, order: Order): TransactWriteItem {
  return {
    Update: {
      TableName: tableName,
      Key: {
        status: { S: order.status },
        day: { S: new Date(order.createdAt).toISOString().slice(0, 10) },
      },
      UpdateExpression: 'ADD orders :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
}
