import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';
import { type ObjectStore, objectStore } from '../../lambdas/shared/object-store';
import { Sha256 } from '../../lambdas/shared/sha256';
import { simulatedClock } from '../../local/clock';
import { type Gateway, startGateway } from '../../local/gateway';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';
import { s3 } from '../../local/services/s3';

const region = 'eu-central-1';
const pauses: number[] = [];
const clock = { now: () => 0, jitter: async (longest: number) => void pauses.push(longest) };

beforeAll(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
});

beforeEach(() => void (pauses.length = 0));

describe('on the local runtime', () => {
  let gateway: Gateway;
  let store: ObjectStore;

  beforeAll(async () => {
    const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region });
    const service = s3(runtime);
    runtime.register(service);
    gateway = await startGateway(runtime, { port: 0 });
    const bucket = { address: 's/aws_s3_bucket.it', stack: 's', type: 'aws_s3_bucket', name: 'it' };
    await service.resources['aws_s3_bucket']!.create({ ...bucket, arguments: { bucket: 'payloads' } });
    store = objectStore({ bucket: 'payloads', region, endpoint: gateway.endpoint, clock });
  });

  afterAll(async () => gateway.close());

  test.each([
    ['text', 'hello'],
    ['characters of many bytes', 'ä€😀'.repeat(1000)],
    ['a megabyte', 'x'.repeat(1_048_576)],
  ])('%s comes back as it was put', async (_what, text) => {
    await store.put('a', text);
    expect(await store.get('a')).toBe(text);
  });

  test('a key may have any characters', async () => {
    await store.put('a b/ä?#%', 'there');
    expect(await store.get('a b/ä?#%')).toBe('there');
  });

  test('an object that is not there is none', async () => expect(await store.get('nothing')).toBeUndefined());

  test('a bucket that is not there is an error, and not tried again', async () => {
    const other = objectStore({ bucket: 'other', region, endpoint: gateway.endpoint, clock });
    await expect(other.get('a')).rejects.toThrow('GET of a in other: S3 answered 404, NoSuchBucket');
    await expect(other.put('a', 'b')).rejects.toThrow('PUT of a in other: S3 answered 404, NoSuchBucket');
    expect(pauses).toEqual([]);
  });
});

type Answering = (response: ServerResponse, request: IncomingMessage) => void;

/** What a put or get comes to if S3 answers so, one after the other. */
async function against(answers: Answering[], act: (store: ObjectStore) => Promise<unknown>) {
  const requests: { method?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      requests.push({ method: incoming.method!, headers: incoming.headers, body: Buffer.concat(chunks).toString() });
      answers[requests.length - 1]!(response, incoming);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const result = await act(objectStore({ bucket: 'b', region, endpoint, clock })).catch((error: Error) => error);
    return { result, requests };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const fails = (status: number, code: string): Answering => {
  return (response) => response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
};
const succeeds: Answering = (response) => response.writeHead(200).end('text');
const hangsUp: Answering = (_response, request) => request.socket.destroy();

test('a request is signed, with the checksum of what is put', async () => {
  const { requests } = await against([succeeds], async (store) => store.put('key', 'text'));
  const [{ headers, body, method }] = requests as [(typeof requests)[0]];
  expect([method, body]).toEqual(['PUT', 'text']);
  expect(headers).toMatchObject({
    authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-central-1\/s3\/aws4_request, /),
    'x-amz-security-token': 'token',
    'x-amz-content-sha256': createHash('sha256').update('text').digest('hex'),
    'x-amz-checksum-sha256': createHash('sha256').update('text').digest('base64'),
    'content-length': '4',
  });
});

test.each([
  ['is slow', fails(503, 'SlowDown')],
  ['fails', fails(500, 'InternalError')],
  ['hangs up', hangsUp],
])('is tried again if S3 %s', async (_what, failure) => {
  const { result, requests } = await against([failure, failure, failure, succeeds], async (store) => store.get('key'));
  expect(result).toBe('text');
  expect(requests).toHaveLength(4);
  expect(pauses).toEqual([100, 200, 400]);
});

test.each([
  ['is slow', fails(503, 'SlowDown'), 'GET of key in b: S3 answered 503, SlowDown'],
  ['hangs up', hangsUp, 'GET of key in b: S3 did not answer'],
  ['answers what it never should', (response: ServerResponse) => void response.writeHead(503).end(), /without a code$/],
])('is given up if S3 %s for good', async (_what, failure, message) => {
  const { result } = await against([failure, failure, failure, failure], async (store) => store.get('key'));
  expect(result).toMatchObject({ name: 'ObjectStoreError', message: expect.stringMatching(message) });
});

test('a denial is not tried again, and is not taken for a missing object', async () => {
  const { result, requests } = await against([fails(403, 'AccessDenied')], async (store) => store.get('key'));
  expect(result).toMatchObject({ message: 'GET of key in b: S3 answered 403, AccessDenied' });
  expect(requests).toHaveLength(1);
});

test('signs as AWS’s own example ("Authenticating Requests: Using the Authorization Header", GET Object)', async () => {
  const signer = new SignatureV4({
    service: 's3',
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  });
  const host = 'examplebucket.s3.amazonaws.com';
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname: host,
    path: '/test.txt',
    query: {},
    headers: { host, range: 'bytes=0-9' },
  };
  const { headers } = await signer.sign(request, { signingDate: new Date('2013-05-24T00:00:00Z') });
  expect(headers['authorization']).toContain(
    'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});
