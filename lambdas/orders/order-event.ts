import * as z from 'zod/mini';
import { faultsOf } from '../shared/faults';
import { UnexpectedEvent } from '../shared/unexpected-event';
import { orderEvents } from './order-event-type';

/** An order as an event tells of it. */
export interface Order {
  /** The stream record's id: the same however often the event is delivered. */
  readonly eventId: string;
  readonly orderId: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

const schema = z.object({
  source: z.literal(orderEvents.source),
  'detail-type': z.literal(orderEvents.detailType),
  detail: z.object({
    eventID: z.string().check(z.minLength(1)),
    dynamodb: z.object({
      NewImage: z.object({
        id: z.object({ S: z.string() }),
        createdAt: z.object({ N: z.string().check(z.regex(/^\d{1,15}$/)) }),
        Status: z.object({ S: z.string() }),
      }),
    }),
  }),
});

/**
 * Reads an order from an event of the bus.
 *
 * @throws UnexpectedEvent naming the members that do not fit (never their values)
 */
export function orderOf(event: unknown): Order {
  const result = schema.safeParse(event);
  if (!result.success)
    throw new UnexpectedEvent(`Not an ${orderEvents.detailType} event: ${faultsOf(result.error, 'event')}`);
  const { eventID, dynamodb } = result.data.detail;
  const { id, createdAt, Status } = dynamodb.NewImage;
  return { eventId: eventID, orderId: id.S, status: Status.S, createdAt: Number(createdAt.N) };
}
