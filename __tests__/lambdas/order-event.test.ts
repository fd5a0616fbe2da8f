import { confirmation } from '../../lambdas/orders/confirmation';
import { type Order, orderOf } from '../../lambdas/orders/order-event';
import { statistics } from '../../lambdas/orders/statistics';

function event(image: Record<string, unknown> = {}): any {
  return {
    source: 'order.event',
    'detail-type': 'OrderDetailsChanged',
    detail: {
      eventID: 'record-1',
      dynamodb: {
        NewImage: { id: { S: 'order-1' }, createdAt: { N: '1767225600000' }, Status: { S: 'CREATED' }, ...image },
      },
    },
  };
}

const order: Order = { eventId: 'record-1', orderId: 'order-1', status: 'CREATED', createdAt: 1_767_225_600_000 };

test('reads the order, identified by the stream record', () => {
  expect(orderOf(event())).toEqual(order);
});

test('attributes that a fork adds do not disturb', () => {
  expect(orderOf(event({ total: { N: '12' } }))).toEqual(order);
});

test.each([
  ['nothing', undefined, 'event'],
  ['a string', 'x', 'event'],
  ['another source', { ...event(), source: 'user.event' }, 'source'],
  ['another type', { ...event(), 'detail-type': 'UserCreated' }, 'detail-type'],
  ['no id of the record', { ...event(), detail: { ...event().detail, eventID: undefined } }, 'detail.eventID'],
  ['an empty id of the record', { ...event(), detail: { ...event().detail, eventID: '' } }, 'detail.eventID'],
  ['no image', { ...event(), detail: { eventID: '1', dynamodb: {} } }, 'detail.dynamodb.NewImage'],
  ['a status that is a number', event({ Status: { N: '1' } }), 'detail.dynamodb.NewImage.Status.S'],
  ['a time that is no number', event({ createdAt: { N: 'soon' } }), 'detail.dynamodb.NewImage.createdAt.N'],
])('%s is refused, naming the member', (_what, value, member) => {
  expect(() => orderOf(value)).toThrow(
    expect.objectContaining({ name: 'UnexpectedEvent', message: expect.stringContaining(`${member}: `) }),
  );
});

test('an unexpected event does not leak its values into the error', () => {
  expect(() => orderOf(event({ Status: { S: 7, secret: 'hunter2' } }))).toThrow(/^(?!.*hunter2)/);
});

test('a confirmation is keyed by the order', () => {
  expect(confirmation('confirmations', order, 5)).toEqual({
    Put: {
      TableName: 'confirmations',
      Item: {
        orderId: { S: 'order-1' },
        createdAt: { N: '1767225600000' },
        status: { S: 'CREATED' },
        eventId: { S: 'record-1' },
        confirmedAt: { N: '5' },
      },
    },
  });
});

test('statistics add one to the day (UTC) on which the order was created', () => {
  const lastMillisecond = { ...order, createdAt: Date.UTC(2026, 0, 2) - 1 };
  expect(statistics('statistics', lastMillisecond)).toMatchObject({
    Update: { Key: { status: { S: 'CREATED' }, day: { S: '2026-01-01' } }, UpdateExpression: 'ADD orders :one' },
  });
});
