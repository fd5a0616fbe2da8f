import type { IncomingHttpHeaders } from 'node:http';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a request may be served: it names a loopback host and the port listened on, and no web page of another
 * site sends it. Without this, any page open in a browser could read and write through the endpoint (DNS rebinding,
 * cross-site requests).
 *
 * @returns why not, or undefined
 */
export function foreignOrigin(headers: IncomingHttpHeaders, port: number): string | undefined {
  if (!isLoopback(headers.host, port))
    return `Host '${headers.host ?? ''}' is not this machine: use 127.0.0.1:${port} or localhost:${port}`;
  const { origin } = headers;
  if (origin !== undefined && !isLoopback(/^https?:\/\/(.+)$/.exec(origin)?.[1]))
    return `Pages of ${origin} may not call this endpoint`;
  if (headers['sec-fetch-site'] === 'cross-site' && origin === undefined)
    return 'Pages of other sites may not call this endpoint';
  return undefined;
}

function isLoopback(host: string | undefined, port?: number): boolean {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host?.toLowerCase() ?? '');
  if (!match) return false;
  if (port !== undefined && Number(match[2] ?? 80) !== port) return false;
  return loopback.has(match[1]!) || match[1]!.endsWith('.localhost');
}
