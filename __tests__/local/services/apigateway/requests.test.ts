import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Json, openapi } from './openapi';
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

describe('refused requests', () => {
  test.each<[string, Sent, number, Json]>([
    [
      'no member',
      { body: '{}' },
      400,
      { message: 'Invalid request body', details: '[object has missing required properties (["Status"])]' },
    ],
    ['empty body', { body: '' }, 400, { message: 'Invalid request body' }],
    ['not JSON', { body: '{"Status":' }, 400, { message: 'Invalid request body' }],
    ['a list', { body: '[]' }, 400, { message: 'Invalid request body' }],
    ['wrong type', { body: '{"Status":1}' }, 400, { message: 'Invalid request body' }],
    ['null', { body: '{"Status":null}' }, 400, { message: 'Invalid request body' }],
    ['pattern', { body: '{"Status":"~"}' }, 400, { message: 'Invalid request body' }],
    ['extra member', { body: '{"Status":"A","x":1}' }, 400, { message: 'Invalid request body' }],
    ['unknown path', { path: '/create' }, 403, { message: 'Missing Authentication Token' }],
    ['root', { path: '/' }, 403, { message: 'Missing Authentication Token' }],
    ['trailing slash', { path: '/createId/' }, 403, { message: 'Missing Authentication Token' }],
    ['wrong method', { method: 'GET' }, 403, { message: 'Missing Authentication Token' }],
    ['content type', { headers: { 'Content-Type': 'text/plain' } }, 415, { message: 'Unsupported Media Type' }],
    [
      'content type XML',
      { headers: { 'Content-Type': 'application/xml' }, body: '<x/>' },
      415,
      { message: 'Unsupported Media Type' },
    ],
  ])('%s', async (_, sent, status, json) => {
    const it = await world();
    const response = await send(it, sent);
    expect(response.status).toBe(status);
    expect(response.headers['x-amzn-ErrorType']).toMatch(/Exception$/);
    expect(response.json).toMatchObject(json);
    expect(it.asked).toEqual([]);
    expect(it.runtime.timeline.hops.at(-1)!.outcome).toBe(status === 403 ? 'denied' : 'failed');
  });

  test('a content type with a charset fits the template', async () => {
    const it = await world();
    expect((await send(it, { headers: { 'Content-Type': 'application/json; charset=utf-8' } })).status).toBe(200);
  });

  test('a body of 1 MB is answered', async () => {
    const it = await world();
    expect((await send(it, { body: JSON.stringify({ Status: 'x'.repeat(1_000_000) }) })).status).toBe(200);
    expect((await send(it, { body: JSON.stringify({ Status: 'x'.repeat(1_000_000), y: 1 }) })).status).toBe(400);
  });

  test('another stage or API is forbidden', async () => {
    const it = await world();
    it.stageUrl = it.stageUrl.replace('/dev', '/prod');
    expect((await send(it)).body).toBe('{"message":"Forbidden"}');
  });

  test('required parameters are looked for', async () => {
    const document = structuredClone(openapi);
    document.paths['/createId'].post.parameters = [
      { name: 'Idempotency-Key', in: 'header', required: true },
      { name: 'q', in: 'query', required: true },
    ];
    const it = await world(document);
    expect((await send(it)).json.message).toBe('Missing required request parameters: [Idempotency-Key, q]');
    expect((await send(it, { path: '/createId?q=1', headers: { 'idempotency-key': 'k' } })).status).toBe(200);
  });

  test('a changed gateway response applies from the deployment after it', async () => {
    const it = await world();
    const { id } = await it.create('aws_api_gateway_rest_api', { name: 'two', body: JSON.stringify(openapi) }, 'two');
    await it.create('aws_api_gateway_gateway_response', {
      rest_api_id: id,
      response_type: 'DEFAULT_4XX',
      status_code: '404',
      response_templates: { 'application/json': '{"error":"$context.error.responseType","path":"$context.path"}' },
      response_parameters: { 'gatewayresponse.header.X-Why': "'because'" },
    });
    const deployed = await it.create('aws_api_gateway_deployment', { rest_api_id: id }, 'two');
    it.stageUrl = (
      await it.create('aws_api_gateway_stage', { rest_api_id: id, deployment_id: deployed.id, stage_name: 'x' })
    ).invoke_url as string;
    const response = await send(it, { path: '/none' });
    expect([response.status, response.json, response.headers['X-Why']]).toEqual([
      404,
      { error: 'MISSING_AUTHENTICATION_TOKEN', path: '/x/none' },
      'because',
    ]);
  });
});
