import type { SQSRecord } from 'aws-lambda';
import type { ClaimStore } from './claim-store';
import { messageOf } from './message';
import { type PayloadClaimed, payloadClaimed } from './payload-claimed';

/** Stores the message of a queue. @returns the event that announces its claim. @throws Unprocessable */
export async function claimed(
  { messageId, body }: SQSRecord,
  claims: Pick<ClaimStore, 'keep'>,
): Promise<PayloadClaimed> {
  const message = messageOf(body);
  const { claim, claimedAt } = await claims.keep(body, message);
  return payloadClaimed(claim, message, claimedAt, messageId);
}
