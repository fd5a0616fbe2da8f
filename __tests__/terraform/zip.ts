import { crc32 } from 'node:zlib';

/** A file of an archive: its path there and its content. */
export interface ZipEntry {
  readonly path: string;
  readonly content: Uint8Array;
}

/** 1 January 1980, the first date that the format knows. */
const date = 0x21;

/** A ZIP archive without compression; the same entries make the same bytes (APPNOTE.TXT 6.3.10 of PKWARE). */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = Buffer.from(path);
    const local = header(0x04034b50, 30, name, content);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(20, 4);
    local.copy(central, 6, 4, 30);
    central.writeUInt32LE(offset, 42);
    directory.push(central, name);
    parts.push(local, name, Buffer.from(content));
    offset += local.length + name.length + content.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function header(signature: number, length: number, name: Buffer, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature);
  bytes.writeUInt16LE(20, 4);
  bytes.writeUInt16LE(date, 12);
  bytes.writeUInt32LE(crc32(content), 14);
  bytes.writeUInt32LE(content.length, 18);
  bytes.writeUInt32LE(content.length, 22);
  bytes.writeUInt16LE(name.length, 26);
  return bytes;
}
