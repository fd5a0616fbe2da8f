import { gunzipSync, inflateSync } from 'node:zlib';
import { GatewayError } from './gateway-response';

/** Bytes of a body, also of one that arrives compressed. Source: API Gateway developer guide, quotas of REST APIs. */
const payloadLimit = 10 * 1024 * 1024;

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  identity: (body) => body,
  gzip: (body) => gunzipSync(body, { maxOutputLength: payloadLimit }),
  deflate: (body) => inflateSync(body, { maxOutputLength: payloadLimit }),
};

/**
 * Takes the content coding off a request's body, before validation and mapping.
 *
 * API Gateway does so whether or not it compresses answers. Source: API Gateway developer guide, "Payload compression
 * for REST APIs" and "Call an API method with a compressed payload".
 *
 * @param from size from which the API compresses and decompresses; undefined for an API without a minimum
 * @throws GatewayError 415 for a coding that is not known or not that of the body, 413 for too much of it
 */
export function decodeContent(body: Buffer, coding: string | undefined, from: number | undefined): Buffer {
  const name = coding?.trim().toLowerCase() || 'identity';
  if (!Object.hasOwn(decoders, name)) throw unsupported(`the content coding ${name} is not supported`);
  if (body.length < (from ?? 0)) return body;
  try {
    return decoders[name]!(body);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new GatewayError('REQUEST_TOO_LARGE', 'Request Too Long');
    throw unsupported(`the body is not ${name}`);
  }
}

function unsupported(detail: string): GatewayError {
  return new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type', detail);
}
