import { urlOf } from '../system';

/** A message body of this many bytes. */
export const body = (size: number) => 'a'.repeat(size);
/** Names the queue `orders` in the input of an operation. */
export const url = { QueueUrl: urlOf('orders') };
