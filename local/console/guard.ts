import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused. */
export interface Refused {
  readonly status: number;
  readonly message: string;
}

/**
 * Whether a request may be served: it must name this machine and the port (else a foreign name that resolves to loopback could
 * read it: DNS rebinding), and come from a page of the console if it comes from a page; a change also needs the token that
 * only such a page has (else any page could send it: cross-site request forgery).
 *
 * @param port listened on
 * @param token given out with the page
 * @returns why not, or undefined
 */
export function refusal({ method, headers }: IncomingMessage, port: number, token: string): Refused | undefined {
  const { host, origin } = headers;
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  if (!host || !names.includes(host.toLowerCase())) {
    return { status: 403, message: `Host '${host ?? ''}' is not this machine: open http://${names[0]}` };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, message: `Pages of ${origin} may not use the console` };
  }
  const isNavigation = headers['sec-fetch-dest'] === 'document' && method === 'GET';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return { status: 403, message: 'Pages of other sites may not use the console' };
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return { status: 405, message: `${method} is not served: use GET or POST` };
  if (origin === undefined) return { status: 403, message: 'A change must come from the page of the console' };
  const given = headers['x-console-token'];
  if (typeof given !== 'string' || !isEqual(given, token)) {
    return { status: 403, message: 'The token of the page is missing or of another run: load the page again' };
  }
  if (!/^application\/json(;|$)/.test(headers['content-type'] ?? ''))
    return { status: 415, message: 'A change must be application/json' };
  return undefined;
}

function isEqual(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
