import { AwsError } from '../aws-error';
import { unchunk } from './aws-chunked';
import type { HttpRequest, HttpResponse, WireCall } from './http';
import { escapeXml } from './query';
import { type S3Route, headerMembers, metadataPrefix, s3Routes } from './s3-routes';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Members that XML writes as a list in an element of their own; other lists repeat their name. */
const wrapped: Readonly<Record<string, string>> = { Buckets: 'Bucket' };

type Scalar = string | number | boolean;

interface Address {
  readonly bucket: string;
  readonly key: string;
}

/** Bucket and key: both in the path, or the bucket before `.localhost` in the host. */
function addressOf({ path, headers }: HttpRequest): Address {
  const [, host] = /^([a-z0-9][a-z0-9.-]*)\.localhost(?::\d+)?$/.exec(headers.host ?? '') ?? [];
  const rest = path.slice(1);
  const slash = rest.indexOf('/');
  try {
    if (host) return { bucket: host, key: decodeURIComponent(rest) };
    if (slash < 0) return { bucket: decodeURIComponent(rest), key: '' };
    return { bucket: decodeURIComponent(rest.slice(0, slash)), key: decodeURIComponent(rest.slice(slash + 1)) };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400);
  }
}

function routeOf(request: HttpRequest, { bucket, key }: Address): S3Route {
  const level = key ? 'object' : bucket ? 'bucket' : 'service';
  const parameters = [...request.query.keys()].filter((name) => !/^x-amz-/i.test(name) && name !== 'x-id');
  const route = s3Routes.find(
    (one) =>
      one.level === level &&
      one.method === request.method &&
      (one.marker === undefined || request.query.get(one.marker.name) === one.marker.value) &&
      parameters.every((name) => name in one.query || name === one.marker?.name),
  );
  const isCopy = request.headers['x-amz-copy-source'] !== undefined;
  if (route && !isCopy) return route;
  const asked = isCopy
    ? 'CopyObject'
    : `${request.method} of ${level} with ${parameters.join(', ') || 'no parameters'}`;
  throw new AwsError('NotImplemented', `The local runtime does not model this call of S3: ${asked}`, 501);
}

/**
 * Reads a call of S3.
 *
 * @throws AwsError `NotImplemented`, `IncompleteBody`, `InvalidURI`
 */
export function readS3(request: HttpRequest): WireCall {
  const address = addressOf(request);
  const route = routeOf(request, address);
  const { body, headers } = unwrapped(request);
  const input: Record<string, unknown> = {};
  if (address.bucket) input.Bucket = address.bucket;
  if (address.key) input.Key = address.key;
  for (const [parameter, member] of Object.entries(route.query)) {
    const value = request.query.get(parameter);
    if (value !== null) input[member] = value;
  }
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = value;
    else if (headerMembers[name]) input[headerMembers[name]] = value;
  }
  if (route.method === 'PUT') Object.assign(input, { Body: body, Metadata: metadata });
  return {
    service: 's3',
    operation: route.operation,
    input,
    success: (output, requestId) => writeOutput(route, (output ?? {}) as Record<string, unknown>, requestId),
  };
}

/** The body and the headers that speak of it, without the encoding that is only for the way. */
function unwrapped(request: HttpRequest): Pick<HttpRequest, 'body' | 'headers'> {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const isStreamed = request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
  if (!isStreamed && !encodings.includes('aws-chunked')) return request;
  const { body, trailer } = unchunk(request.body);
  const length = request.headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== body.length) {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  const kept = encodings.filter((name) => name !== 'aws-chunked' && name !== '').join(',');
  return { body, headers: { ...request.headers, ...trailer, 'content-encoding': kept || undefined } };
}

const memberHeaders: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(headerMembers).map(([header, member]) => [member, header])),
  // As the gateway spells it, whose own this takes the place of: the answer to HEAD has a length but no body.
  ContentLength: 'Content-Length',
};

function writeOutput(route: S3Route, output: Readonly<Record<string, unknown>>, requestId: string): HttpResponse {
  const headers: Record<string, string> = { 'x-amz-request-id': requestId };
  for (const [member, value] of Object.entries(output)) {
    const header = memberHeaders[member];
    if (header && value !== undefined)
      headers[header] = value instanceof Date ? value.toUTCString() : plain(value as Scalar);
  }
  for (const [name, value] of Object.entries((output.Metadata ?? {}) as Record<string, string>)) {
    headers[`${metadataPrefix}${name}`] = value;
  }
  if (route.result) {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${route.result} xmlns="${namespace}">${members(output)}</${route.result}>`;
    return { status: 200, headers: { ...headers, 'Content-Type': 'application/xml' }, body };
  }
  const status = output.ContentRange === undefined ? (route.status ?? 200) : 206;
  const content = output.Body as Uint8Array | undefined;
  return { status, headers, body: content ?? '' };
}

function members(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => (Array.isArray(member) ? list(name, member) : element(name, member)))
    .join('');
}

function list(name: string, items: readonly unknown[]): string {
  const item = wrapped[name];
  if (!item) return items.map((one) => element(name, one)).join('');
  return `<${name}>${items.map((one) => element(item, one)).join('')}</${name}>`;
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  return `<${name}>${typeof value === 'object' ? members(value) : escapeXml(plain(value as Scalar))}</${name}>`;
}

const plain = (value: Scalar): string => String(value);

/** Writes an error of S3; the answer to HEAD has no body. */
export function writeS3Error({ method, path }: HttpRequest, error: AwsError, requestId: string): HttpResponse {
  const headers: Record<string, string> = { 'x-amz-request-id': requestId };
  const { deleteMarker, versionId, ...fields } = error.fields as Record<string, string>;
  if (deleteMarker !== undefined) headers['x-amz-delete-marker'] = deleteMarker;
  if (versionId !== undefined) headers['x-amz-version-id'] = versionId;
  if (method === 'HEAD' || error.status === 304) return { status: error.status, headers, body: '' };
  const document = { Code: error.code, Message: error.message, ...fields, Resource: path, RequestId: requestId };
  return {
    status: error.status,
    headers: { ...headers, 'Content-Type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${members(document)}</Error>`,
  };
}
