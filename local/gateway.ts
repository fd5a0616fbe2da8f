import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AwsError, toAwsError } from './aws-error';
import type { Principal } from './principal';
import type { HttpRequest, HttpResponse, WireCall } from './protocols/http';
import { foreignOrigin } from './protocols/origin';
import { openConversation } from './protocols/read-call';
import { bodyLimit, readBody, splitTarget, unzipped } from './protocols/receive';
import { headerLimit, refuse } from './protocols/refusal';
import { readSignature, type Signature } from './protocols/signature';
import type { Runtime } from './runtime';
import type { Service } from './service';

/** Milliseconds in which a request must have arrived. */
const arrivalLimit = 60_000;

/** Milliseconds that a refused client has to read why. */
const lingerLimit = 500;

/** Who calls, if the request is signed. */
export interface Caller {
  /** Whom the key belongs to. */
  readonly principal: Principal;
  /** Hops that the call is caused by. */
  readonly parents: readonly number[];
  readonly signature: Signature;
}

/** A service that serves paths of its own on the endpoint: the APIs of API Gateway. */
export interface HttpService extends Service {
  /** Beginning of the paths that it serves, such as `/execute-api/`. */
  readonly pathPrefix: string;
  /** Answers any request, also a wrong one. */
  handle(request: HttpRequest, caller: () => Caller | undefined): Promise<HttpResponse>;
}

/** A listening AWS endpoint. */
export interface Gateway {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** Stops listening and ends all connections, those with a request under way too. */
  close(): Promise<void>;
}

/**
 * Serves the runtime on the AWS wire protocols, on the loopback interface only, and sets `runtime.endpoint`.
 *
 * @param options port to listen on; 0 picks a free one
 * @throws Error if the port is taken
 */
export async function startGateway(runtime: Runtime, options: { readonly port: number }): Promise<Gateway> {
  let port = options.port;
  /** By connection: the request that came last, and the answers to all of it. */
  const latest = new WeakMap<Duplex, { request: IncomingMessage; served: Promise<void> }>();
  const server = createServer(
    {
      keepAliveTimeout: 60_000,
      maxHeaderSize: headerLimit,
      requireHostHeader: false,
      headersTimeout: arrivalLimit,
      requestTimeout: arrivalLimit,
      connectionsCheckingInterval: 5000,
    },
    (request, response) => {
      const served = serve(runtime, port, request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else send(runtime, response, message(500, `The local runtime failed: ${(error as Error).message}`));
      });
      const before = latest.get(request.socket)?.served;
      latest.set(request.socket, { request, served: Promise.all([before, served]).then(() => undefined) });
    },
  );
  server.maxHeadersCount = 0;
  const refuseRest = async (error: NodeJS.ErrnoException & { reason?: string }, socket: Duplex) => {
    const last = latest.get(socket);
    // What arrived whole is answered first, or its client would take this for the answer.
    if (last?.request.complete) await last.served;
    end(socket, refuse(error));
  };
  server.on('clientError', (error, socket) => void refuseRest(error, socket));
  server.on('connect', (_, socket: Socket) => end(socket, refuse({ code: 'CONNECT' })));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    send(runtime, response, message(417, `Expect: ${request.headers.expect} cannot be met, only 100-continue`));
  });
  await listen(server, options.port);
  port = (server.address() as AddressInfo).port;
  runtime.endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint: runtime.endpoint,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Answers and ends a connection; what still comes is read, or the client would see a reset instead of the answer. */
function end(stream: Duplex, answered: string): void {
  const socket = stream as Socket;
  socket.on('error', () => socket.destroy());
  if (!socket.writable) return void socket.destroy();
  socket.removeAllListeners('data').resume();
  socket.setTimeout(lingerLimit, () => socket.destroy());
  return void socket.end(answered);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        fail(
          new Error(`port ${port} is in use: stop what listens there, or choose another with --port`, { cause: error }),
        );
      } else fail(new Error(`cannot listen on 127.0.0.1:${port}: ${error.message}`, { cause: error }));
    });
    server.listen(port, '127.0.0.1', done);
  });
}

async function serve(
  runtime: Runtime,
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  incoming.on('error', () => undefined);
  outgoing.on('error', () => undefined);
  const { host = incoming.headers.host, url } = splitTarget(incoming.url ?? '/');
  const foreign = foreignOrigin({ ...incoming.headers, host }, port);
  if (foreign) return send(runtime, outgoing, plain(host === undefined ? 400 : 403, foreign));
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const body = await readBody(incoming);
  if (body === 'gone') return undefined;
  const request: HttpRequest = {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: incoming.headers as Record<string, string | undefined>,
    rawHeaders: incoming.rawHeaders,
    body: body === 'too large' ? Buffer.alloc(0) : body,
    isTooLarge: body === 'too large',
  };
  const response = await answer(runtime, request);
  if (!response) outgoing.destroy();
  else send(runtime, outgoing, response);
  return undefined;
}

/** @returns undefined where the caller was killed: it never gets an answer */
async function answer(runtime: Runtime, request: HttpRequest): Promise<HttpResponse | undefined> {
  const owner = runtime.registered.find((service): service is HttpService => {
    return 'pathPrefix' in service && request.path.startsWith(service.pathPrefix as string);
  });
  if (owner) return owner.handle(request, () => callerOf(runtime, request));
  if (isGreeting(request)) return plain(200, greeting(runtime));
  return callService(runtime, unzipped(request));
}

async function callService(runtime: Runtime, request: HttpRequest): Promise<HttpResponse | undefined> {
  const requestId = runtime.random.uuid();
  let signature: Signature | undefined;
  let conversation = openConversation(request, undefined);
  try {
    signature = readSignature(request);
    conversation = openConversation(request, signature);
    if (request.isTooLarge) throw new AwsError('RequestEntityTooLargeException', contentTooLong, 413);
    const call = conversation.read();
    const caller = callerOf(runtime, request);
    if (!signature || !caller)
      throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
    checkScope(runtime, signature, conversation.service!);
    if (!Object.hasOwn(runtime.service(call.service).operations, call.operation)) throw unknownOperation(call);
    const { principal, parents } = caller;
    const output = await runtime.call({
      service: call.service,
      operation: call.operation,
      input: call.input,
      principal,
      parents,
    });
    return call.success(output, requestId);
  } catch (thrown) {
    const error = toAwsError(thrown);
    return error.code === 'SandboxKilled' ? undefined : conversation.writeError(error, requestId);
  }
}

/** Session token of every sandbox: with it, a key that nobody holds is a revoked one and not the person's. */
const sandboxToken = 'local';

/**
 * Who sent a request: the holder of the access key, or the person at the terminal.
 *
 * @returns undefined for an unsigned request
 * @throws AwsError `UnrecognizedClientException` for a key that was revoked
 */
function callerOf(runtime: Runtime, request: HttpRequest): Caller | undefined {
  const signature = readSignature(request);
  if (!signature) return undefined;
  const holder = runtime.credentials.find(signature.accessKeyId);
  if (!holder && request.headers['x-amz-security-token'] === sandboxToken) {
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  return { signature, principal: holder?.principal ?? runtime.administrator, parents: holder?.parents ?? [] };
}

function checkScope(
  runtime: Runtime,
  signature: Signature,
  service: { name: string; signingName?: string; global?: boolean },
): void {
  const signingName = service.signingName ?? service.name;
  if (signature.service !== signingName) {
    throw new AwsError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${signingName}'.`,
      403,
    );
  }
  if (signature.region === runtime.region || service.global) return;
  throw new AwsError(
    'InvalidSignatureException',
    `Credential should be scoped to a valid region: the request is signed for ${signature.region}, the local runtime runs ${runtime.region}. ` +
      `Set AWS_REGION=${runtime.region}.`,
    403,
  );
}

function unknownOperation({ service, operation }: WireCall): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `${service} has no operation ${operation} in the local runtime`,
    404,
  );
}

const contentTooLong = `HTTP content length exceeded ${bodyLimit} bytes.`;

function isGreeting({ method, path, headers, query }: HttpRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') && path === '/' && headers.authorization === undefined && query.size === 0
  );
}

function greeting(runtime: Runtime): string {
  return `Local AWS runtime of the transactional outbox: account ${runtime.accountId}, region ${runtime.region}, endpoint ${runtime.endpoint}`;
}

function plain(status: number, text: string): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}

function message(status: number, text: string): HttpResponse {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: text }) };
}

function send(runtime: Runtime, outgoing: ServerResponse, response: HttpResponse): void {
  if (outgoing.destroyed) return;
  const length = typeof response.body === 'string' ? Buffer.byteLength(response.body) : response.body.length;
  outgoing.sendDate = false;
  outgoing.writeHead(response.status, {
    Date: new Date(runtime.clock.now()).toUTCString(),
    'Content-Length': length,
    ...response.headers,
  });
  outgoing.end(response.body);
}
