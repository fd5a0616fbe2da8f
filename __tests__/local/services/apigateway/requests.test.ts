import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { openapi } from './openapi';
import { send, type Sent, tree, world } from './stage';

describe('a compressed body', () => {
  const json = '{"Status":"CREATED"}';

  test.each([
    ['gzip', gzipSync(json)],
    ['GZIP', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['identity', Buffer.from(json)],
  ])('in %s is read, also by an API without a minimum size', async (coding, body) => {
    const it = await world();
    expect((await send(it, { headers: { 'Content-Encoding': coding }, body })).status).toBe(200);
    expect(it.asked[0]!.input.TransactItems[0].Put.Item.Status).toEqual({ S: 'CREATED' });
  });

  test.each([
    ['in a coding that API Gateway does not know', 'br', brotliCompressSync(json)],
    ['in two codings', 'gzip, gzip', gzipSync(gzipSync(json))],
    ['that is not what it says', 'gzip', Buffer.from(json)],
    ['that is cut off', 'gzip', gzipSync(json).subarray(0, 20)],
    ['in a coding of Object', 'constructor', Buffer.from(json)],
  ])('%s is an unsupported media type', async (_, coding, body) => {
    const it = await world();
    const response = await send(it, { headers: { 'Content-Encoding': coding }, body });
    expect([response.status, response.json]).toEqual([415, { message: 'Unsupported Media Type' }]);
    expect(it.asked).toEqual([]);
    expect(tree(it).at(-1)).toMatch(/^response failed 415 .*(content coding|the body is not gzip)/);
  });

  test('of more than 10 MB is too long', async () => {
    const it = await world();
    const body = gzipSync(Buffer.alloc(10 * 1024 * 1024 + 1));
    const response = await send(it, { headers: { 'Content-Encoding': 'gzip' }, body });
    expect([response.status, response.json]).toEqual([413, { message: 'Request Too Long' }]);
  });

  test('below the minimum size of the API is left as it is', async () => {
    const it = await world(openapi, { api: { minimum_compression_size: 1000 } });
    const response = await send(it, { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(json) });
    expect(response.status).toBe(400);
  });
});

describe('request line and headers', () => {
  test('of 10,240 bytes are taken, of more refused before any API is looked for', async () => {
    const it = await world();
    const fitting = await send(it, { headers: { 'X-A': 'a'.repeat(10_000) } });
    expect(fitting.status).toBe(200);
    const hops = it.runtime.timeline.hops.length;
    const refused: Sent[] = [
      { headers: { 'X-A': 'a'.repeat(10_241) } },
      { headers: { 'X-A': 'a'.repeat(5200), 'X-B': 'a'.repeat(5200) } },
      { path: `/createId?a=${'a'.repeat(10_241)}` },
    ];
    for (const sent of refused) {
      const response = await send(it, sent);
      expect([response.status, response.json]).toEqual([431, { message: 'HTTP header is larger than 10240 bytes.' }]);
    }
    expect(it.runtime.timeline.hops).toHaveLength(hops);
  });
});
