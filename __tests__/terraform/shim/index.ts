import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Asked, Gap, Next } from './gap';
import { functionLogging, invokeConfigs } from './lambda';
import { bucketPolicies } from './s3';
import { queueAttributes } from './sqs';
import { stateMachines } from './states';

/** A shim in front of the mock. */
export interface Shim {
  readonly url: string;
  /** Requests that the mock answered with an error of its own (500), which AWS would not. */
  readonly unknown: readonly string[];
  stop(): Promise<void>;
}

/**
 * Stands in front of a mock of AWS and fills what the mock lacks, and nothing else: each gap is a module beside this one.
 * What it keeps is in memory, so it lives exactly as long as its mock.
 *
 * @param port where the mock listens on 127.0.0.1
 */
export async function startShim(port: number): Promise<Shim> {
  const gaps: Gap[] = [queueAttributes(), functionLogging(), invokeConfigs, stateMachines, bucketPolicies()];
  const unknown: string[] = [];
  const last: Next = async (asked) => {
    const answer = await forward(asked, port);
    if (answer.status === 500) unknown.push(`${asked.target || asked.method} ${asked.path}`);
    return answer;
  };
  const handle = gaps.reduceRight<Next>((next, gap) => async (asked) => gap(asked, next), last);
  const server = createServer((incoming, outgoing) => {
    read(incoming)
      .then(async (body) => handle(ask(incoming, body)))
      .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body))
      .catch((error: unknown) => outgoing.writeHead(502).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unknown,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function ask({ method, url, headers }: IncomingMessage, body: Buffer): Asked {
  const target = headers['x-amz-target'];
  return {
    method: method!,
    path: url!,
    headers: headers as Record<string, string>,
    body,
    target: typeof target === 'string' ? target : '',
  };
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Connection of its own per request; lengths anew, since a gap may have changed the body. */
async function forward({ method, path, headers, body }: Asked, port: number): Promise<Answer> {
  const { expect: _, 'transfer-encoding': __, connection: ___, 'content-length': ____, ...others } = headers;
  const length = method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(body.length) };
  const sent = { ...others, ...length, connection: 'close' };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers: sent }, (response) => {
      read(response).then((answer) => resolve(received(response, answer)), reject);
    })
      .on('error', reject)
      .end(body);
  });
}

function received({ statusCode, headers }: IncomingMessage, body: Buffer): Answer {
  const { 'content-length': length, 'transfer-encoding': _, connection: __, ...others } = headers;
  // An answer to HEAD has a length and no body.
  const kept = length && !body.length ? { ...others, 'content-length': length } : others;
  return { status: statusCode!, headers: kept as Record<string, string>, body };
}
