import { createHash } from 'node:crypto';
import type { Principal } from '../../principal';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `SenderId`: the unique id of the user, or that of the role with the session's name. */
export function senderId(principal: Principal): string {
  if (principal.kind === 'role')
    return `AROA${unique(principal.roleArn)}:${principal.arn.slice(principal.arn.lastIndexOf('/') + 1)}`;
  return `AIDA${unique(principal.kind === 'user' ? principal.arn : principal.service)}`;
}

function unique(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 17);
  return Array.from(bytes, (byte) => alphabet[byte % 32]).join('');
}
