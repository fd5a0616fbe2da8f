/** A timestamp in CBOR: tag 1 before a number of epoch seconds. RFC 8949, section 3.4.2. */
const epochTag = 0xc1;

/**
 * Encodes what the operations answer: maps, lists, text, bytes, numbers, booleans, null and `Date`.
 *
 * Source: RFC 8949; Smithy RPC v2 CBOR.
 */
export function encodeCbor(value: unknown): Buffer {
  const chunks: Buffer[] = [];
  encode(value, chunks);
  return Buffer.concat(chunks);
}

function encode(value: unknown, out: Buffer[]): void {
  if (value === null || value === undefined) out.push(Buffer.of(0xf6));
  else if (typeof value === 'boolean') out.push(Buffer.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') encodeNumber(value, out);
  else if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    out.push(head(3, bytes.length), bytes);
  } else if (value instanceof Date) {
    out.push(Buffer.of(epochTag));
    encodeNumber(value.getTime() / 1000, out);
  } else if (value instanceof Uint8Array) out.push(head(2, value.length), Buffer.from(value));
  else if (Array.isArray(value)) {
    out.push(head(4, value.length));
    for (const item of value) encode(item, out);
  } else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    out.push(head(5, entries.length));
    for (const [key, item] of entries) {
      encode(key, out);
      encode(item, out);
    }
  }
}

function encodeNumber(value: number, out: Buffer[]): void {
  if (Number.isSafeInteger(value)) {
    out.push(value >= 0 ? head(0, value) : head(1, -1 - value));
    return;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  out.push(bytes);
}

function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.of(type | argument);
  if (argument < 0x100) return Buffer.of(type | 24, argument);
  if (argument < 0x10000) return Buffer.of(type | 25, argument >> 8, argument & 0xff);
  const wide = argument >= 0x100000000;
  const bytes = Buffer.alloc(wide ? 9 : 5);
  bytes[0] = type | (wide ? 27 : 26);
  if (wide) bytes.writeBigUInt64BE(BigInt(argument), 1);
  else bytes.writeUInt32BE(argument, 1);
  return bytes;
}

/**
 * Decodes a CBOR document; timestamps come out as epoch seconds, as in JSON.
 *
 * @throws Error for what is not CBOR, is cut off or is nested more than 64 deep
 */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.item(0);
  if (reader.position !== bytes.length)
    throw new Error(`${bytes.length - reader.position} bytes after the CBOR document`);
  return value;
}

const breakCode = Symbol('break');

class Reader {
  position = 0;

  constructor(private readonly bytes: Buffer) {}

  item(depth: number): unknown {
    const value = this.next(depth);
    if (value === breakCode) throw new Error('CBOR break outside of an indefinite item');
    return value;
  }

  private next(depth: number): unknown {
    if (depth > 64) throw new Error('CBOR is nested more than 64 deep');
    const initial = this.take(1)[0]!;
    const major = initial >> 5;
    const info = initial & 31;
    if (major === 7) return this.simple(info);
    const argument = info === 31 ? undefined : this.argument(info);
    switch (major) {
      case 0:
        return argument!;
      case 1:
        return -1 - argument!;
      case 2:
      case 3:
        return this.string(major, argument, depth);
      case 4:
        return this.items(argument, depth);
      case 5:
        return this.map(argument, depth);
      default:
        if (argument !== 1) throw new Error(`CBOR tag ${argument} is not used by AWS`);
        return this.item(depth + 1);
    }
  }

  private argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return this.take(1).readUInt8();
    if (info === 25) return this.take(2).readUInt16BE();
    if (info === 26) return this.take(4).readUInt32BE();
    if (info === 27) return Number(this.take(8).readBigUInt64BE());
    throw new Error(`CBOR length code ${info} is reserved`);
  }

  private take(count: number): Buffer {
    if (this.position + count > this.bytes.length) throw new Error('CBOR is cut off');
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  private string(major: 2 | 3, length: number | undefined, depth: number): string | Buffer {
    if (length === undefined) {
      const parts = this.items(undefined, depth) as (string | Buffer)[];
      return major === 3 ? parts.join('') : Buffer.concat(parts as Buffer[]);
    }
    const bytes = this.take(length);
    return major === 3 ? bytes.toString('utf8') : bytes;
  }

  private items(length: number | undefined, depth: number): unknown[] {
    const items: unknown[] = [];
    for (let count = 0; count < (length ?? Number.POSITIVE_INFINITY); count++) {
      const value = length === undefined ? this.next(depth + 1) : this.item(depth + 1);
      if (value === breakCode) break;
      items.push(value);
    }
    return items;
  }

  private map(length: number | undefined, depth: number): Record<string, unknown> {
    const flat = this.items(length === undefined ? undefined : length * 2, depth);
    if (flat.length % 2 !== 0) throw new Error('CBOR map has a key without a value');
    const map: Record<string, unknown> = {};
    for (let i = 0; i < flat.length; i += 2) {
      Object.defineProperty(map, String(flat[i]), {
        value: flat[i + 1],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return map;
  }

  private simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return undefined;
    if (info === 25) return halfFloat(this.take(2).readUInt16BE());
    if (info === 26) return this.take(4).readFloatBE();
    if (info === 27) return this.take(8).readDoubleBE();
    if (info === 31) return breakCode;
    throw new Error(`CBOR simple value ${info} is not used by AWS`);
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
