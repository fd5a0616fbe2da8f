import { AwsError } from '../aws-error';
import type { HttpRequest, HttpResponse, WireCall } from './http';
import { jsonText, parseJsonObject } from './json';
import { type Route, routes } from './routes';

const compiled = routes.map((route) => {
  const names: string[] = [];
  const pattern = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return { route, names, pattern: new RegExp(`^${pattern}/?$`) };
});

/**
 * Finds the operation of a REST service that a request calls.
 *
 * @param service the service that signed; any if undefined
 */
export function matchRoute(
  request: HttpRequest,
  service?: string,
): { route: Route; uri: Record<string, string> } | undefined {
  for (const { route, names, pattern } of compiled) {
    if (route.method !== request.method || (service && route.service !== service)) continue;
    const match = pattern.exec(request.path);
    if (match) return { route, uri: Object.fromEntries(names.map((name, i) => [name, decode(match[i + 1]!)])) };
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError('BadRequestException', `The path holds a wrong percent-encoding: ${segment}`);
  }
}

/** Reads a call of REST JSON: members come from path, query, headers and body. */
export function readRestJson(request: HttpRequest, route: Route, uri: Readonly<Record<string, string>>): WireCall {
  const input: Record<string, unknown> = route.payload
    ? { ...(request.body.length > 0 && { [route.payload]: request.body }) }
    : { ...parseJsonObject(request.body.toString('utf8')) };
  for (const [parameter, member] of Object.entries(route.query ?? {})) {
    const value = request.query.get(parameter);
    if (value === null) continue;
    if (typeof member === 'string') input[member] = value;
    else input[member.number] = Number(value);
  }
  for (const [header, member] of Object.entries(route.headers ?? {})) {
    const value = request.headers[header];
    if (value !== undefined) input[member] = value;
  }
  Object.assign(input, uri);
  return {
    service: route.service,
    operation: route.operation,
    input,
    success: (output, requestId) => writeOutput(route, (output ?? {}) as Record<string, unknown>, requestId),
  };
}

function writeOutput(route: Route, output: Readonly<Record<string, unknown>>, requestId: string): HttpResponse {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId };
  for (const [member, header] of Object.entries(route.responseHeaders ?? {})) {
    const value = output[member];
    if (typeof value === 'string') headers[header] = value;
  }
  const status = route.statusMember ? Number(output[route.statusMember] ?? 200) : (route.status ?? 200);
  if (status === 204) return { status, headers, body: '' };
  if (!route.payload) return { status, headers, body: jsonText(output) };
  const payload = output[route.payload];
  return { status, headers, body: payload instanceof Uint8Array || typeof payload === 'string' ? payload : '' };
}

/** Writes an error of REST JSON: its name in a header, its message in the body. */
export function writeRestJsonError(error: AwsError, requestId: string): HttpResponse {
  return {
    status: error.status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId, 'x-amzn-ErrorType': error.code },
    body: jsonText({ ...error.fields, message: error.message }),
  };
}
