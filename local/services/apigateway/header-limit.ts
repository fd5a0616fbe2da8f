import type { HttpRequest, HttpResponse } from '../../protocols/http';
import type { Runtime } from '../../runtime';

/** Bytes of request line and header values together. Source: API Gateway developer guide, quotas of REST APIs. */
const headerLimit = 10_240;

/**
 * What API Gateway answers, before it looks for an API, to more headers than it takes.
 *
 * @returns undefined for a request that it takes
 */
export function refuseLongHeaders(request: HttpRequest, runtime: Runtime): HttpResponse | undefined {
  let size = `${request.method} ${request.path}?${request.query.toString()} HTTP/1.1`.length;
  for (let i = 1; i < request.rawHeaders.length; i += 2) size += request.rawHeaders[i]!.length;
  if (size <= headerLimit) return undefined;
  return {
    status: 431,
    headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': runtime.random.uuid() },
    body: JSON.stringify({ message: `HTTP header is larger than ${headerLimit} bytes.` }),
  };
}
