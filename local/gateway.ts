import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { AwsError, toAwsError } from './aws-error';
import type { Principal } from './principal';
import type { HttpRequest, HttpResponse, WireCall } from './protocols/http';
import { foreignOrigin } from './protocols/origin';
import { openConversation } from './protocols/read-call';
import { readSignature, type Signature } from './protocols/signature';
import type { Runtime } from './runtime';
import type { Service } from './service';

/** The largest request body. API Gateway's limit, and above that of every service run here. */
export const bodyLimit = 10 * 1024 * 1024;

/** Who calls, if the request is signed. */
export interface Caller {
  readonly principal: Principal;
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
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(runtime, port, request, response).catch(() => response.destroy());
  });
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
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
  const foreign = foreignOrigin(incoming.headers, port);
  if (foreign) return send(runtime, outgoing, plain(403, foreign));
  const url = incoming.url ?? '/';
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

async function readBody(incoming: IncomingMessage): Promise<Buffer | 'too large' | 'gone'> {
  if (Number(incoming.headers['content-length'] ?? 0) > bodyLimit) return 'too large';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bodyLimit) return 'too large';
      chunks.push(chunk);
    }
  } catch {
    return 'gone';
  }
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  return incoming.headers['content-encoding'] === 'gzip' && !isStored(incoming) ? unzip(body) : body;
}

/** S3 keeps a body as it comes. */
function isStored({ headers }: IncomingMessage): boolean {
  return headers.authorization?.includes('/s3/aws4_request') ?? false;
}

/** Clients compress large PutMetricData requests; what is not gzip is left to the protocol to refuse. */
function unzip(body: Buffer): Buffer | 'too large' {
  try {
    return gunzipSync(body, { maxOutputLength: bodyLimit });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : body;
  }
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
