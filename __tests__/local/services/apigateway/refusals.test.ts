import { type Json, openapi } from './openapi';
import { send, type Sent, world } from './stage';

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
