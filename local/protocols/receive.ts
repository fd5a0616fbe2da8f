import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { HttpRequest } from './http';

/** The largest request body. API Gateway's limit, and above that of every service run here. */
export const bodyLimit = 10 * 1024 * 1024;

/** Bytes of a body that are read to their end only to be refused. */
const drainLimit = 10 * bodyLimit;

/** A request may name the whole URL (RFC 9112, "absolute-form"); its host then counts, not the header. */
export function splitTarget(target: string): { host?: string; url: string } {
  const [, host, url] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target) ?? [];
  if (host === undefined) return { url: target };
  return { host, url: url!.startsWith('/') ? url! : `/${url!}` };
}

/**
 * Reads a body to its end, also one that is too large: a client that still sends would miss the answer.
 *
 * @returns 'gone' where the client left
 */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | 'too large' | 'gone'> {
  if (Number(incoming.headers['content-length'] ?? 0) > drainLimit) return 'too large';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > drainLimit) return 'too large';
      if (size <= bodyLimit) chunks.push(chunk);
    }
  } catch {
    return 'gone';
  }
  if (size > bodyLimit) return 'too large';
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * Clients compress large calls such as PutMetricData. S3 keeps a body as it comes; what is not gzip is left to the
 * protocol to refuse.
 */
export function unzipped(request: HttpRequest): HttpRequest {
  const { headers, body } = request;
  if (headers['content-encoding']?.toLowerCase() !== 'gzip') return request;
  if (headers.authorization?.includes('/s3/aws4_request')) return request;
  try {
    return { ...request, body: gunzipSync(body, { maxOutputLength: bodyLimit }) };
  } catch (error) {
    return { ...request, isTooLarge: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' };
  }
}
