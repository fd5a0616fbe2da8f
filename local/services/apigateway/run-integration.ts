import { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import { jsonText, parseJsonObject, writeJsonError } from '../../protocols/json';
import type { Runtime } from '../../runtime';
import { type Context, lookup } from './context';
import { GatewayError } from './gateway-response';
import type { Integration, IntegrationResponse } from './integration';
import { jsonPath } from './json-path';
import { assumeRole } from './session';
import { BodyNotJson, render, type RequestParameters, type Template } from './template';

/** A method request on its way through its integration. */
export interface IntegrationCall {
  readonly integration: Integration;
  readonly body: string;
  /** Media type of the body, without parameters. */
  readonly contentType: string;
  /** Media type that the client wants. */
  readonly accept: string | undefined;
  readonly params: RequestParameters;
  readonly context: Context;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly parents: readonly number[];
}

/** What the integration service answered. */
interface EndpointResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the method answers. */
export interface MethodResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Makes the body of the integration request.
 *
 * @throws GatewayError 415 where no template fits and the body may not pass through; 400 for a body that is not JSON
 */
export function integrationRequest(call: IntegrationCall): string {
  const { requestTemplates, passthrough } = call.integration;
  const template = requestTemplates.get(call.contentType);
  if (template) return transform(call, template, call.body);
  if (passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && requestTemplates.size > 0)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
  }
  return call.body;
}

/**
 * Calls the service in the integration's role.
 *
 * @throws GatewayError 500 if the role cannot be assumed, 504 if the answer takes too long
 */
export async function callEndpoint(runtime: Runtime, call: IntegrationCall, body: string): Promise<EndpointResponse> {
  const { integration, context, parents } = call;
  const principal = assume(runtime, integration.credentials);
  const started = runtime.clock.now();
  const response = await inTime(
    runtime,
    integration.timeout,
    endpointResponse(runtime, integration, body, principal, parents),
  );
  const latency = runtime.clock.now() - started;
  const { status } = response;
  const requestId = response.headers['x-amzn-RequestId'];
  Object.assign(context, {
    integration: { latency, requestId, status, integrationStatus: status },
    integrationLatency: latency,
    integrationStatus: status,
    awsEndpointRequestId: requestId,
  });
  return response;
}

function assume(runtime: Runtime, role: string): RolePrincipal {
  try {
    return assumeRole(runtime, role);
  } catch (error) {
    const detail = `API Gateway does not have permission to assume the provided role ${role}: ${(error as Error).message}`;
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error', detail);
  }
}

async function endpointResponse(
  runtime: Runtime,
  { service, operation }: Integration,
  body: string,
  principal: RolePrincipal,
  parents: readonly number[],
): Promise<EndpointResponse> {
  const requestId = runtime.random.uuid();
  try {
    const output: unknown = await runtime.call({
      service: service.name,
      operation,
      input: parseJsonObject(body),
      principal,
      parents,
    });
    return { status: 200, headers: { 'x-amzn-RequestId': requestId }, body: jsonText(output) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { status, headers, body: text } = writeJsonError(service, error, requestId);
    return { status, headers, body: String(text) };
  }
}

async function inTime<T>(runtime: Runtime, timeout: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = deferred();
  const timer = runtime.clock.schedule(timeout, () => {
    const detail = `The integration did not answer within ${timeout} ms`;
    reject(new GatewayError('INTEGRATION_TIMEOUT', 'Endpoint request timed out', detail));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.cancel();
  }
}

function deferred(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject!: (reason: Error) => void;
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}

/**
 * Makes the method's response of the integration's.
 *
 * @throws GatewayError 500 if no integration response fits, or its template fails
 */
export function methodResponse(call: IntegrationCall, endpoint: EndpointResponse): MethodResponse {
  const response = select(call.integration.responses, endpoint.status);
  const [contentType, template] = chooseTemplate(response.templates, call.accept);
  const body = template ? transform(call, template, endpoint.body) : endpoint.body;
  const headers: Record<string, string> = { 'Content-Type': contentType };
  for (const [name, expression] of Object.entries(response.headers)) {
    const value = mapHeader(expression, endpoint);
    if (value !== undefined) setHeader(headers, name, value);
  }
  const { header, status } = call.context.responseOverride;
  for (const [name, value] of Object.entries(header)) setHeader(headers, name, String(value));
  const isStatus = Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600;
  return { status: isStatus ? Number(status) : response.status, headers, body };
}

function select(responses: readonly IntegrationResponse[], status: number): IntegrationResponse {
  const found =
    responses.find((response) => response.pattern?.test(String(status))) ??
    responses.find((response) => !response.pattern);
  if (found) return found;
  const detail = `No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${status}`;
  throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error', detail);
}

function chooseTemplate(
  templates: ReadonlyMap<string, Template>,
  accept: string | undefined,
): [string, Template | undefined] {
  for (const type of [accept, 'application/json', templates.keys().next().value]) {
    const template = type === undefined ? undefined : templates.get(type);
    if (template) return [type!, template];
  }
  return ['application/json', undefined];
}

function mapHeader(expression: string, { headers, body }: EndpointResponse): string | undefined {
  if (expression.startsWith("'")) return expression.slice(1, -1);
  if (expression.startsWith('integration.response.header.')) {
    const wanted = expression.slice('integration.response.header.'.length).toLowerCase();
    return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  }
  const value = jsonPath(JSON.parse(body), `$.${expression.slice('integration.response.body.'.length)}`);
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

function setHeader(headers: Record<string, string>, name: string, value: string): void {
  for (const other of Object.keys(headers)) if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
  // eslint-disable-next-line no-control-regex -- what HTTP headers cannot hold
  headers[name] = value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}

function transform(call: IntegrationCall, template: Template, body: string): string {
  const { params, context, stageVariables } = call;
  try {
    return render(template, { body, params, context, stageVariables });
  } catch (error) {
    if (error instanceof BodyNotJson)
      throw new GatewayError('DEFAULT_4XX', `Could not parse request body into json: ${error.message}`);
    const detail = `Unable to transform: ${(error as Error).message}`;
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error', detail);
  }
}

/** The message of the integration's error, for `$context.integration.error`. */
export function integrationError(context: Context, detail: string | undefined): void {
  if (detail === undefined) return;
  const integration = lookup(context, 'integration');
  Object.assign(context, {
    integration: { ...(integration as object), error: detail },
    integrationErrorMessage: detail,
  });
}
