import type { SQSRecord } from 'aws-lambda';
import type { Claim } from './claim';
import type { ClaimStore } from './claim-store';
import { messageOf } from './message';
import { payloadClaimedOf } from './payload-claimed';

/** Bytes that an execution takes as its input, which a pipe makes of a whole batch (Step Functions quotas). */
const largestInput = 262_144;

/** What the workflow works on: a message, or where it lies if it is too large for an execution. */
export type Retrieved = { readonly id: string; readonly claim: Claim } & (
  | { readonly delivery: 'inline'; readonly payload: unknown }
  | { readonly delivery: 'reference' }
);

/**
 * Fetches the message that a claim stands for.
 *
 * @param batchSize messages that share an execution
 * @throws Unprocessable if the claim is none, or its message is not there any more as it was
 */
export async function retrieved(
  { body: event }: SQSRecord,
  claims: Pick<ClaimStore, 'fetch'>,
  batchSize: number,
): Promise<Retrieved> {
  const { claim, body } = await claims.fetch(payloadClaimedOf(event).data.claimId);
  const { id, payload } = messageOf(body);
  const inline = { id, claim, delivery: 'inline', payload } as const;
  // Brackets around the batch, or a comma before each further message.
  const bytes = Buffer.byteLength(JSON.stringify(inline)) + 2;
  return bytes * batchSize <= largestInput ? inline : { id, claim, delivery: 'reference' };
}
