import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

/** SHA-256, keyed if there is a secret, in the shape that the AWS SDK's signer takes. */
export class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: Data) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  /** Adds data; text counts as UTF-8. */
  update(data: Data): void {
    this.hash.update(bytes(data));
  }

  /** The 32 bytes of the hash; nothing can be added after that. */
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

function bytes(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
