import { gzipSync } from 'node:zlib';
import { toAwsError } from '../../aws-error';
import type { FaultEffect } from '../../faults';
import type { Caller } from '../../gateway';
import type { HttpRequest, HttpResponse } from '../../protocols/http';
import { principalName } from '../../principal';
import type { Runtime } from '../../runtime';
import { authorize } from './authorize';
import { decodeContent } from './content-coding';
import { type Context, lookup, newContext } from './context';
import { GatewayError, type GatewayResponses, renderGatewayResponse, substitute } from './gateway-response';
import type { Method } from './openapi';
import { matchPath, type RoutedMethod } from './path';
import {
  callEndpoint,
  integrationError,
  integrationRequest,
  type IntegrationCall,
  methodResponse,
} from './run-integration';
import type { TokenBucket } from './throttle';

/** A stage as requests find it: the deployment's state of the API and the stage's own settings. */
export interface LiveStage {
  readonly apiId: string;
  readonly apiName: string;
  readonly stageName: string;
  readonly deploymentId: string;
  /** `arn:aws:execute-api:region:account:api` */
  readonly executionArn: string;
  /** In the order they are tried. */
  readonly routes: readonly RoutedMethod[];
  readonly gatewayResponses: GatewayResponses;
  /** The API's resource policy, a JSON document. */
  readonly policy: string | undefined;
  /** Bytes from which answers are compressed for clients that accept it, and bodies decompressed; undefined without. */
  readonly compressFrom: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** A line per request: its format, and where it goes. @default none */
  readonly accessLog?: { readonly format: string; readonly write: (line: string) => void };
  /** What throttles a method; undefined if nothing does. */
  readonly bucket: (method: Method) => TokenBucket | undefined;
  /** Whether the method reports metrics of its own. */
  readonly hasDetailedMetrics: (method: Method) => boolean;
}

/** A request in the middle of API Gateway. */
interface Invocation {
  readonly stage: LiveStage;
  readonly request: HttpRequest;
  readonly context: Context;
  readonly match: { readonly method: Method; readonly parameters: Readonly<Record<string, string>> } | undefined;
  readonly methodArn: string;
  readonly caller: Caller | undefined;
  readonly callerError: unknown;
  /** The hop of the request. */
  readonly hop: number;
}

/** Answers one request to a stage, from routing to access log. */
export async function invoke(
  runtime: Runtime,
  stage: LiveStage,
  path: string,
  request: HttpRequest,
  findCaller: () => Caller | undefined,
): Promise<HttpResponse> {
  const invocation = arrive(runtime, stage, path, request, findCaller);
  const { context } = invocation;
  const started = runtime.clock.now();
  let failure: GatewayError | undefined;
  let response: { status: number; headers: Readonly<Record<string, string>>; body: string };
  try {
    response = await process(runtime, invocation);
  } catch (thrown) {
    const error =
      thrown instanceof GatewayError
        ? thrown
        : new GatewayError('DEFAULT_5XX', 'Internal server error', toAwsError(thrown).message);
    failure = error;
    integrationError(context, error.detail);
    context.error = {
      message: error.message,
      messageString: JSON.stringify(error.message),
      responseType: error.type,
      // Escaped, so that templates can put it between quotes.
      validationErrorString: error.validationErrorString && JSON.stringify(error.validationErrorString).slice(1, -1),
    };
    response = renderGatewayResponse(error, stage.gatewayResponses, (variable) => lookup(context, variable));
  }
  const latency = runtime.clock.now() - started;
  Object.assign(context, {
    status: response.status,
    responseLatency: latency,
    responseLength: Buffer.byteLength(response.body),
  });
  report(runtime, invocation, response.status, latency, failure);
  return finish(stage, request, context, response);
}

function arrive(
  runtime: Runtime,
  stage: LiveStage,
  path: string,
  request: HttpRequest,
  findCaller: () => Caller | undefined,
): Invocation {
  const match = matchPath(stage.routes, request.method, path);
  const methodArn = `${stage.executionArn}/${stage.stageName}/${request.method}${path}`;
  let caller: Caller | undefined;
  let callerError: unknown;
  if (match?.method.authorization === 'AWS_IAM') {
    try {
      caller = findCaller();
    } catch (error) {
      callerError = error;
    }
  }
  const context = newContext(runtime, {
    request,
    apiId: stage.apiId,
    stage: stage.stageName,
    deploymentId: stage.deploymentId,
    path,
    ...(match && { resourcePath: match.method.resourcePath }),
    ...(caller && { principal: caller.principal, accessKeyId: caller.signature.accessKeyId }),
  });
  const hop = runtime.timeline.record({
    service: 'execute-api',
    operation: 'Invoke',
    resource: methodArn,
    ...(caller && { principal: principalName(caller.principal) }),
    parents: caller?.parents ?? [],
    summary: `${request.method} ${path}`,
    data: { requestId: context.requestId, body: request.body.toString('utf8', 0, 4096) },
  });
  return { stage, request, context, match, methodArn, caller, callerError, hop };
}

async function process(
  runtime: Runtime,
  invocation: Invocation,
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const { stage, request, match, context, methodArn, caller, hop } = invocation;
  if (!match) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
  const { method, parameters } = match;
  if (invocation.callerError) throw new GatewayError('INVALID_SIGNATURE', (invocation.callerError as Error).message);
  authorize(runtime, { method, caller, methodArn, policy: stage.policy });
  const fault = takeFault(runtime, invocation);
  if (stage.bucket(method)?.take() === false) throw new GatewayError('THROTTLED', 'Too Many Requests');
  if (request.isTooLarge) throw new GatewayError('REQUEST_TOO_LARGE', 'Request Too Long');
  const body = decodeContent(request.body, request.headers['content-encoding'], stage.compressFrom);
  const call: IntegrationCall = {
    integration: method.integration,
    body: body.toString('utf8'),
    contentType: mediaType(request.headers['content-type']) ?? 'application/json',
    accept: mediaType(request.headers.accept),
    params: {
      path: parameters,
      querystring: Object.fromEntries(request.query),
      header: headersAsSent(request.rawHeaders),
    },
    context,
    stageVariables: stage.variables,
    parents: [hop],
  };
  validate(method, call, request);
  const mapped = integrationRequest(call);
  let endpoint = await callEndpoint(runtime, call, mapped);
  if (fault === 'duplicate') endpoint = await callEndpoint(runtime, call, mapped);
  if (fault === 'failAfter' || fault === 'killAfter')
    throw new GatewayError('INTEGRATION_FAILURE', 'Internal server error', 'a fault loses the answer');
  return { ...methodResponse(call, endpoint) };
}

function takeFault(runtime: Runtime, { methodArn, caller }: Invocation): FaultEffect | undefined {
  const principal = caller?.principal;
  const fault = runtime.faults.take({
    service: 'execute-api',
    operation: 'Invoke',
    resources: [methodArn],
    principal: principal?.kind === 'role' ? principal.roleArn : principal ? principalName(principal) : 'anonymous',
  });
  if (fault === 'throttle') throw new GatewayError('THROTTLED', 'Too Many Requests', 'a fault throttles it');
  if (fault === 'deny') throw new GatewayError('ACCESS_DENIED', 'Access Denied', 'a fault denies it');
  if (fault === 'failBefore' || fault === 'kill')
    throw new GatewayError('INTEGRATION_FAILURE', 'Internal server error', 'a fault fails it');
  return fault;
}

function validate(method: Method, call: IntegrationCall, request: HttpRequest): void {
  const missing = method.requiredParameters.filter(({ location, name }) =>
    location === 'header' ? !request.headers[name.toLowerCase()] : !call.params[location][name],
  );
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new GatewayError('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${names}]`);
  }
  const problem = method.validateBody ? method.models.get(call.contentType)?.(call.body) : undefined;
  if (problem !== undefined) throw new GatewayError('BAD_REQUEST_BODY', 'Invalid request body', undefined, problem);
}

function mediaType(header: string | undefined): string | undefined {
  return header?.split(/[;,]/)[0]!.trim().toLowerCase();
}

function headersAsSent(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < raw.length; i += 2) headers[raw[i]!] = raw[i + 1]!;
  return headers;
}

function report(
  runtime: Runtime,
  { stage, context, match, methodArn, hop, request }: Invocation,
  status: number,
  latency: number,
  error?: GatewayError,
): void {
  const { message, detail } = error ?? {};
  const reason = detail ?? error?.validationErrorString ?? message;
  runtime.timeline.record({
    service: 'execute-api',
    operation: 'response',
    resource: methodArn,
    parents: [hop],
    outcome: status < 400 ? 'ok' : status === 403 ? 'denied' : status === 429 ? 'throttled' : 'failed',
    summary: `${status} in ${latency} ms${reason === undefined ? '' : `: ${reason}`}`,
    data: { status, latency, requestId: context.requestId },
  });
  const integrationLatency = context.integrationLatency as number | undefined;
  const dimensions: Record<string, string>[] = [{ ApiName: stage.apiName, Stage: stage.stageName }];
  if (match && stage.hasDetailedMetrics(match.method)) {
    dimensions.push({ ...dimensions[0], Method: request.method, Resource: match.method.resourcePath });
  }
  const values: [string, number | undefined][] = [
    ['Count', 1],
    ['4XXError', status >= 400 && status < 500 ? 1 : 0],
    ['5XXError', status >= 500 ? 1 : 0],
    ['Latency', latency],
    ['IntegrationLatency', integrationLatency],
  ];
  for (const to of dimensions) {
    for (const [name, value] of values) {
      if (value !== undefined) runtime.measure({ namespace: 'AWS/ApiGateway', name, dimensions: to, value });
    }
  }
  if (stage.accessLog) stage.accessLog.write(substitute(stage.accessLog.format, (path) => lookup(context, path), '-'));
}

function finish(
  stage: LiveStage,
  request: HttpRequest,
  context: Context,
  { status, headers, body }: { status: number; headers: Readonly<Record<string, string>>; body: string },
): HttpResponse {
  const all = {
    ...headers,
    'x-amzn-RequestId': String(context.requestId),
    'x-amz-apigw-id': String(context.extendedRequestId),
  };
  const compress = stage.compressFrom !== undefined && Buffer.byteLength(body) >= stage.compressFrom;
  if (!compress || !/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return { status, headers: all, body };
  return { status, headers: { ...all, 'Content-Encoding': 'gzip' }, body: gzipSync(body) };
}
