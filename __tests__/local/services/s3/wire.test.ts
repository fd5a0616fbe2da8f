import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { simulatedClock } from '../../../../local/clock';
import { type Gateway, startGateway } from '../../../../local/gateway';
import { unchunk } from '../../../../local/protocols/aws-chunked';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import { s3 } from '../../../../local/services/s3';

const region = 'eu-central-1';
const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/s3/aws4_request, SignedHeaders=host, Signature=0`;

let gateway: Gateway;

beforeAll(async () => {
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region });
  const service = s3(runtime);
  runtime.register(service);
  gateway = await startGateway(runtime, { port: 0 });
  await service.resources.aws_s3_bucket!.create({
    address: 'wire/aws_s3_bucket.it',
    stack: 'wire',
    type: 'aws_s3_bucket',
    name: 'it',
    arguments: { bucket: 'files' },
  });
});

afterAll(async () => gateway.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

async function ask(method: string, path: string, headers: object = {}, body?: Buffer | string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(gateway.endpoint);
    const options = { host: url.hostname, port: url.port, method, path, headers: { authorization, ...headers } };
    const outgoing = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const signature = ';chunk-signature=0000000000000000000000000000000000000000000000000000000000000000';

function chunked(body: Buffer, size: number, trailer = '', extension = ''): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size);
    parts.push(Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0${extension}\r\n${trailer}\r\n`)]);
}

test('a body in chunks with a checksum after it is stored without them', async () => {
  const body = Buffer.from('123456789');
  const headers = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '9',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const put = await ask('PUT', '/files/chunked', headers, chunked(body, 4, 'x-amz-checksum-crc32:y/Q5Jg==\r\n'));
  expect(put.status).toBe(200);
  expect(put.headers['x-amz-checksum-crc32']).toBe('y/Q5Jg==');
  const got = await ask('GET', '/files/chunked', { 'x-amz-checksum-mode': 'ENABLED' });
  expect(got.body.toString()).toBe('123456789');
  expect(got.headers['content-encoding']).toBeUndefined();
  expect(got.headers['x-amz-checksum-crc32']).toBe('y/Q5Jg==');
  const wrong = await ask('PUT', '/files/chunked', headers, chunked(body, 4, 'x-amz-checksum-crc32:AAAAAA==\r\n'));
  expect(wrong.status).toBe(400);
  expect(wrong.body.toString()).toContain('<Code>BadDigest</Code>');
  const short = await ask('PUT', '/files/chunked', headers, chunked(body.subarray(1), 4));
  expect(short.body.toString()).toContain('<Code>IncompleteBody</Code>');
});

test('chunks of any size, signed or not, come apart', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 500 }),
      fc.integer({ min: 1, max: 600 }),
      fc.boolean(),
      (bytes, size, signed) => {
        const body = Buffer.from(bytes);
        const sent = chunked(body, size, 'x-a:1\r\n', signed ? signature : '');
        const read = unchunk(sent);
        expect(read.body.equals(body)).toBe(true);
        expect(read.trailer).toEqual({ 'x-a': '1' });
      },
    ),
  );
});

test.each(['', '5\r\nabc', 'zz\r\n', '3\r\nabc\r\n'])('chunks that are cut off are refused: %j', (text) => {
  expect(() => unchunk(Buffer.from(text))).toThrow('terminated unexpectedly');
});

test('a compressed object is kept compressed', async () => {
  const body = gzipSync('x'.repeat(1000));
  await ask('PUT', '/files/page.gz', { 'content-encoding': 'gzip' }, body);
  const got = await ask('GET', '/files/page.gz');
  expect(got.body.equals(body)).toBe(true);
  expect(got.headers['content-encoding']).toBe('gzip');
});

test('keys with any characters, in the path or with the bucket in the host', async () => {
  const path = `/files/${encodeURIComponent('a b/ß+&<>').replaceAll('%2F', '/')}`;
  await ask('PUT', path, { 'content-type': 'application/x-www-form-urlencoded' }, 'Action=x');
  expect((await ask('GET', path)).body.toString()).toBe('Action=x');
  const { port } = new URL(gateway.endpoint);
  const virtual = await ask('GET', path.slice('/files'.length), { host: `files.localhost:${port}` });
  expect(virtual.body.toString()).toBe('Action=x');
  const listed = await ask('GET', '/files?list-type=2&prefix=a');
  expect(listed.body.toString()).toContain('<Key>a b/ß+&amp;&lt;&gt;</Key>');
});

test('HEAD answers length and status, and no body', async () => {
  await ask('PUT', '/files/five', {}, 'hello');
  const found = await ask('HEAD', '/files/five');
  expect([found.status, found.headers['content-length'], found.body.length]).toEqual([200, '5', 0]);
  const missing = await ask('HEAD', '/files/none');
  expect([missing.status, missing.body.length]).toEqual([404, 0]);
});

test('a presigned request', async () => {
  await ask('PUT', '/files/signed', {}, 'hello');
  const credential = encodeURIComponent(`test/20260101/${region}/s3/aws4_request`);
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Signature=0`;
  const url = new URL(gateway.endpoint);
  const answer = await fetch(`http://127.0.0.1:${url.port}/files/signed?${query}`);
  expect(await answer.text()).toBe('hello');
});

test.each([
  ['GET', '/files/five?acl', 'NotImplemented'],
  ['POST', '/files/five?uploads', 'NotImplemented'],
  ['GET', '/files', 'NotImplemented'],
  ['GET', '/none/x', 'NoSuchBucket'],
  ['GET', '/files/%zz', 'InvalidURI'],
])('%s %s answers %s', async (method, path, code) => {
  expect((await ask(method, path)).body.toString()).toContain(`<Code>${code}</Code>`);
});

test('a copy is refused by name', async () => {
  const copy = await ask('PUT', '/files/copy', { 'x-amz-copy-source': '/files/five' });
  expect(copy.body.toString()).toContain('CopyObject');
});
