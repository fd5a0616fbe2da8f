import type { SQSRecord } from 'aws-lambda';
import type { Claim } from './claim';
import type { ClaimStore } from './claim-store';
import { payloadClaimedOf } from './payload-claimed';

/**
 * Bytes of the input that a pipe may make of a whole batch. An execution takes 262,144 (Step Functions quotas); a tenth is kept
 * in reserve, since the pipe writes the JSON anew, and may write it longer than it is counted here.
 */
export const largestInput = 235_929;

/** What the workflow works on: a message, or where it lies if it is too large for an execution. */
export type Retrieved = {
  /** What the queue calls the message that brought the claim: what a pipe would find it by. */
  readonly messageId: string;
  readonly id: string;
  readonly claim: Claim;
} & ({ readonly delivery: 'inline'; readonly payload: unknown } | { readonly delivery: 'reference' });

/**
 * Fetches the message that a claim stands for.
 *
 * @param batchSize messages that share an execution
 * @throws Unprocessable if the claim is none, or its message is not there any more as it was
 */
export async function retrieved(
  { messageId, body: event }: SQSRecord,
  claims: Pick<ClaimStore, 'fetch'>,
  batchSize: number,
): Promise<Retrieved> {
  const { claim, message } = await claims.fetch(payloadClaimedOf(event).data.claimId);
  const { id, payload } = message;
  const inline = { messageId, id, claim, delivery: 'inline', payload } as const;
  // Brackets around the batch, or a comma before each further message.
  const bytes = Buffer.byteLength(JSON.stringify(inline)) + 2;
  return bytes * batchSize <= largestInput ? inline : { messageId, id, claim, delivery: 'reference' };
}
