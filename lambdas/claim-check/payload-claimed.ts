import type { Schema } from '@cfworker/json-schema';
import { type Check, type Envelope, envelopeCheck } from '../shared/event-envelope';
import { UnexpectedEvent } from '../shared/unexpected-event';
import type { Claim } from './claim';
import { claimEvents } from './claim-event-type';
import schema from './events/payload-claimed.v1.schema.json';
import type { Message } from './message';
import { parsed, Unprocessable } from './unprocessable';

/** The event that a message has been stored, and can be fetched by its claim. */
export interface PayloadClaimed extends Envelope<Claim> {
  /** What the queue calls the message: by it a pipe knows whose event was not delivered. Older events have none. */
  readonly messageId?: string | undefined;
}

/** Gives an event back if it is one. @throws UnexpectedEvent */
const check = envelopeCheck(schema as Schema) as Check<PayloadClaimed>;

/**
 * The event that a claim is announced by; its id is the claim's, so that a repetition is known as one.
 *
 * @param claimedAt epoch milliseconds at which the message was stored first
 * @param messageId what the queue calls the message
 */
export function payloadClaimed(claim: Claim, { id }: Message, claimedAt: number, messageId: string): PayloadClaimed {
  return check({
    messageId,
    metadata: {
      id: claim.claimId,
      source: claimEvents.source,
      type: claimEvents.claimed,
      subject: claim.claimId,
      time: new Date(claimedAt).toISOString(),
      dataversion: '1',
      correlationId: id,
      causationId: messageId,
    },
    data: claim,
  });
}

/**
 * Reads a claim from a message that a rule has sent.
 *
 * @param body the event, as JSON
 * @throws Unprocessable naming what does not fit
 */
export function payloadClaimedOf(body: string): PayloadClaimed {
  const { source, 'detail-type': type, detail } = Object(parsed(body, 'NotAClaim')) as Record<string, unknown>;
  if (source !== claimEvents.source || type !== claimEvents.claimed)
    throw new Unprocessable('NotAClaim', `Not a ${claimEvents.claimed} event: source or detail-type is another`);
  try {
    return check(detail);
  } catch (error) {
    if (!(error instanceof UnexpectedEvent)) throw error;
    throw new Unprocessable('NotAClaim', error.message);
  }
}
