import type { Schema } from '@cfworker/json-schema';
import { schemaCheck } from '../shared/event-envelope';
import { UnexpectedEvent } from '../shared/unexpected-event';
import schema from './events/message.v1.schema.json';
import { parsed, Unprocessable } from './unprocessable';

/** What the queue of submissions takes; `events/message.v1.schema.json` describes each member. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
}

/** The largest message, in bytes: what a queue takes (SQS quotas, "Message size"). */
export const largestMessage = 1_048_576;

const check = schemaCheck(schema as Schema) as (value: unknown) => Message;

/**
 * Reads the body of a message.
 *
 * @throws Unprocessable naming what does not fit, never its value
 */
export function messageOf(body: string): Message {
  const bytes = Buffer.byteLength(body);
  if (bytes > largestMessage)
    throw new Unprocessable('TooLarge', `The message has ${bytes} bytes, allowed: ${largestMessage}`);
  const value = parsed(body, 'NotAMessage');
  try {
    return check(value);
  } catch (error) {
    if (!(error instanceof UnexpectedEvent)) throw error;
    throw new Unprocessable('NotAMessage', error.message);
  }
}
