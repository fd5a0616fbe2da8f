import { createHash } from 'node:crypto';

/** Where a payload lies: the item `key` of a table, or the object `key` of a bucket. */
export interface Location {
  readonly store: 'table' | 'bucket';
  /** Name of the table or bucket. */
  readonly name: string;
  /** The claim's id, or the object's key. */
  readonly key: string;
}

/** What travels in place of a message. */
export interface Claim {
  /** The SHA-256 of the message, in hex: equal messages are one claim, different ones never are. */
  readonly claimId: string;
  /** The `type` of the message. */
  readonly payloadType: string;
  /** Bytes of the message. */
  readonly size: number;
  /** The SHA-256 of the message, in hex: what whoever fetches it compares. */
  readonly sha256: string;
  /** For those who may read the store themselves. */
  readonly location: Location;
  /** ISO 8601; from then on the message cannot be fetched. */
  readonly expiresAt: string;
}

/** The SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
