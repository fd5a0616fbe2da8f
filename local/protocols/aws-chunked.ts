import { AwsError } from '../aws-error';

/** A body that came in chunks, put together, and what its trailer says. */
export interface Unchunked {
  readonly body: Buffer;
  /** By lower-case name. */
  readonly trailer: Readonly<Record<string, string>>;
}

const wrong = (what: string) =>
  new AwsError('IncompleteBody', `The request body terminated unexpectedly: ${what} is missing`, 400);

/**
 * Takes the chunks of a body in the content encoding `aws-chunked` apart. Signatures of chunks are not verified.
 *
 * Source: S3 API reference, "Signature calculations: transferring payload in multiple chunks" and "Trailing headers".
 *
 * @throws AwsError `IncompleteBody`
 */
export function unchunk(bytes: Buffer): Unchunked {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = () => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) throw wrong('the end of a line');
    const text = bytes.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const [, digits] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line()) ?? [];
    if (digits === undefined) throw wrong("a chunk's size");
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    if (at + size + 2 > bytes.length) throw wrong('a part of a chunk');
    chunks.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
  const trailer: Record<string, string> = {};
  while (at < bytes.length) {
    const [name, ...value] = line().split(':');
    if (name) trailer[name.toLowerCase()] = value.join(':').trim();
  }
  return { body: Buffer.concat(chunks), trailer };
}
