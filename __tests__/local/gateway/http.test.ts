import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { realClock } from '../../../local/clock';
import { type HttpService, startGateway } from '../../../local/gateway';
import type { HttpRequest } from '../../../local/protocols/http';
import { refuse } from '../../../local/protocols/refusal';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import { jsonErrors } from '../../../local/service';
import { authorization, port, region } from './listening';

describe('on the level of HTTP', () => {
  /** Sends bytes, and returns all that comes until the connection ends. */
  const exchange = async (bytes: string | Buffer): Promise<string> => {
    const socket = connect(port(), '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
    await new Promise((done) => socket.once('close', done));
    return Buffer.concat(chunks).toString();
  };
  const head = (line = 'GET / HTTP/1.1', ...more: string[]) =>
    [line, `Host: 127.0.0.1:${port()}`, 'Connection: close', ...more, '', ''].join('\r\n');

  test.each<[string, () => string | Buffer, number, RegExp]>([
    ['no HTTP', () => 'what?\r\n\r\n', 400, /not valid HTTP\/1\.1: Invalid method/],
    ['TLS', () => Buffer.from('16030100020100', 'hex'), 400, /not valid HTTP/],
    ['another method', () => head('BREW / HTTP/1.1'), 400, /Invalid method/],
    ['two lengths', () => head(undefined, 'Content-Length: 1', 'Content-Length: 2'), 400, /Content-Length/],
    ['a negative length', () => head(undefined, 'Content-Length: -1'), 400, /Content-Length/],
    ['a length and chunks', () => head(undefined, 'Content-Length: 1', 'Transfer-Encoding: chunked'), 400, /Transfer-/],
    ['a zero byte in a header', () => head(undefined, 'X-A: a\0b'), 400, /header value/],
    ['a wrong chunk', () => `${head('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}zz\r\n`, 400, /chunk size/],
    [
      'a long chunk extension',
      () => `${head('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}1;${'a'.repeat(20_000)}\r\n`,
      413,
      /extensions of a chunk/,
    ],
    ['a header of 300 KB', () => head(undefined, `X-A: ${'a'.repeat(300_000)}`), 431, /larger than 262144 bytes/],
    ['a URL of 300 KB', () => head(`GET /${'a'.repeat(300_000)} HTTP/1.1`), 431, /larger than 262144 bytes/],
    ['no host', () => 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, /Host '' is not this machine/],
    ['HTTP/1.0 without a host', () => 'GET / HTTP/1.0\r\n\r\n', 400, /Host '' is not this machine/],
    ['an expectation', () => head(undefined, 'Expect: 200-ok'), 417, /Expect: 200-ok cannot be met/],
    ['CONNECT', () => head('CONNECT 127.0.0.1:1 HTTP/1.1'), 405, /not a proxy/],
    ['the URL of another host', () => head('GET http://evil.example/ HTTP/1.1'), 403, /'evil.example' is not this/],
  ])('%s is refused in words', async (_, bytes, status, words) => {
    const [headers, body] = (await exchange(bytes())).split('\r\n\r\n', 2) as [string, string];
    expect(headers.split(' ')[1]).toBe(String(status));
    expect(body).toMatch(words);
    expect(headers).toMatch(/^Content-Length: [1-9]/m);
    expect(`${headers}\n${body}`).not.toMatch(/^\s+at /m);
  });

  test('a request that never ends is refused in words', () => {
    expect(refuse({ code: 'ERR_HTTP_REQUEST_TIMEOUT' })).toMatch(/^HTTP\/1\.1 408 .*did not arrive in time/s);
  });

  test('a whole URL as target is served', async () => {
    expect(await exchange(head(`GET http://localhost:${port()} HTTP/1.1`))).toContain('Local AWS runtime');
  });

  test('Expect: 100-continue is met', async () => {
    const sent = head('POST / HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 2');
    expect(await exchange(`${sent}{}`)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 403 .*Missing Authentication/s,
    );
  });

  test('requests sent at once are answered in turn', async () => {
    const [first = '', ...rest] = (await exchange(`${head().replace('close', 'keep-alive')}${head('BREW')}`))
      .split('HTTP/1.1 ')
      .slice(1);
    expect([first, ...rest].map((text) => text.slice(0, 3))).toEqual(['200', '400']);
  });

  test('chunks of 11 MB, from a client that reads only after it has sent all', async () => {
    const size = 11 * 1024 * 1024;
    const chunk = Buffer.concat([
      Buffer.from(`${size.toString(16)}\r\n`),
      Buffer.alloc(size),
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const start = head(
      'POST / HTTP/1.1',
      'Transfer-Encoding: chunked',
      'X-Amz-Target: DynamoDB_20120810.Scan',
      `Authorization: ${authorization('dynamodb')}`,
    );
    expect(await exchange(Buffer.concat([Buffer.from(start), chunk]))).toMatch(
      /^HTTP\/1\.1 413 .*content length exceeded/s,
    );
  });

  test('services of paths of their own get the body as it was sent', async () => {
    const got: HttpRequest[] = [];
    const other = new Runtime({ clock: realClock(), random: seededRandom(1), region });
    const files: HttpService = {
      name: 'files',
      errors: jsonErrors,
      operations: {},
      resources: {},
      pathPrefix: '/files/',
      handle: async (request) => {
        got.push(request);
        return { status: 200, headers: {}, body: '' };
      },
    };
    other.register(files);
    const listening = await startGateway(other, { port: 0 });
    const body = gzipSync('x');
    await fetch(`${listening.endpoint}/files/a`, { method: 'POST', headers: { 'Content-Encoding': 'gzip' }, body });
    await listening.close();
    expect(got[0]!.body).toEqual(body);
  });
});
