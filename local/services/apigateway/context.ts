import type { HttpRequest } from '../../protocols/http';
import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Overrides } from './template';

/** `$context` of one request; members come as the request goes on. */
export type Context = Record<string, unknown> & Overrides;

/** What of a request is known when it arrives. */
export interface Arrival {
  readonly request: HttpRequest;
  readonly apiId: string;
  readonly stage: string;
  readonly deploymentId: string;
  /** Path below the stage. */
  readonly path: string;
  /** Path of the resource that matched. */
  readonly resourcePath?: string;
  readonly principal?: Principal;
  readonly accessKeyId?: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Source: API Gateway developer guide, "Variables for access logging" and "Context variables for data transformations". */
export function newContext(runtime: Runtime, arrival: Arrival): Context {
  const { request, apiId, stage, deploymentId, path, resourcePath, principal, accessKeyId } = arrival;
  const now = runtime.clock.now();
  const domainName = request.headers.host ?? '';
  return {
    accountId: runtime.accountId,
    apiId,
    deploymentId,
    domainName,
    domainPrefix: domainName.split(/[.:]/)[0],
    extendedRequestId: `${runtime.random.uuid().replaceAll('-', '').slice(0, 15)}=`,
    httpMethod: request.method,
    identity: {
      sourceIp: '127.0.0.1',
      userAgent: request.headers['user-agent'],
      ...(principal && {
        accountId: runtime.accountId,
        caller: accessKeyId,
        user: accessKeyId,
        accessKey: accessKeyId,
      }),
      ...(principal && principal.kind !== 'service' && { userArn: principal.arn }),
    },
    path: `/${stage}${path}`,
    protocol: 'HTTP/1.1',
    requestId: runtime.random.uuid(),
    requestTime: commonLogTime(now),
    requestTimeEpoch: now,
    ...(resourcePath !== undefined && { resourcePath, resourceId: resourcePath }),
    stage,
    requestOverride: { header: {}, path: {}, querystring: {} },
    responseOverride: { header: {} },
  };
}

/** `21/Nov/2026:00:12:34 +0000` */
function commonLogTime(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

/** Reads a variable by its dotted path. */
export function lookup(context: Context, path: string): unknown {
  let value: unknown = context;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
