import { createHash } from 'node:crypto';

/**
 * An identifier as IAM gives its entities, always the same for one ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 *
 * @param prefix `AROA` for a role, `AIDA` for a user, `ANPA` for a managed policy
 */
export function uniqueId(prefix: 'AROA' | 'AIDA' | 'ANPA', arn: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha1').update(arn).digest();
  return prefix + [...digest.subarray(0, 17)].map((byte) => alphabet[byte % 32]).join('');
}
