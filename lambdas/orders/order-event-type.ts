/** How a change of an order is announced on the bus; the detail is the stream record. */
export const orderEvents = { source: 'order.event', detailType: 'OrderDetailsChanged' } as const;
