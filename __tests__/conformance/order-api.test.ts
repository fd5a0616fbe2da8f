import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { synthesisFolder } from '../synthesis';
import { type Orders, startOrders } from './orders';

let orders: Orders;
let url: string;
beforeAll(async () => {
  orders = await startOrders();
  url = `${orders.apis[0]!.url}/createId`;
});
afterAll(async () => orders.stop());

const json = { 'Content-Type': 'application/json' };
const invalid = { message: 'Send {"Status": "CREATED"}: up to 64 capital letters and underscores, a letter first' };

async function request(target: string, init: RequestInit): Promise<{ status: number; type: string | null; body: any }> {
  const response = await fetch(target, init);
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), body: JSON.parse(text) };
}

test.each([
  ['nothing', ''],
  ['no JSON', '{"Status": '],
  ['a list', '[]'],
  ['null', 'null'],
  ['no status', '{}'],
  ['a status that is a number', '{"Status": 1}'],
  ['a status in lower case', '{"Status": "created"}'],
  ['an empty status', '{"Status": ""}'],
  ['a status of 65 letters', JSON.stringify({ Status: 'A'.repeat(65) })],
  ['a status with a line break', '{"Status": "CREATED\\n"}'],
  ['a status that would end the string in the template', '{"Status": "A\\"} } }"}'],
  ['an extra member', '{"Status": "CREATED", "id": "mine"}'],
  ['a megabyte', JSON.stringify({ Status: 'CREATED', padding: 'x'.repeat(1_048_576) })],
])('a body with %s is refused with what to send, and nothing is written', async (_what, body) => {
  const before = orders.timeline.hops.length;
  expect(await request(url, { method: 'POST', headers: json, body })).toEqual({
    status: 400,
    type: 'application/json',
    body: invalid,
  });
  expect(orders.timeline.hops.slice(before).map(({ service }) => service)).not.toContain('dynamodb');
});

test('a status of 64 letters is accepted', async () => {
  const body = JSON.stringify({ Status: 'A'.repeat(64) });
  expect(await request(url, { method: 'POST', headers: json, body })).toMatchObject({ status: 200 });
});

test('another content type is not taken for an order', async () => {
  const init = { method: 'POST', headers: { 'Content-Type': 'text/xml' }, body: '{"Status": "CREATED"}' };
  expect(await request(url, init)).toMatchObject({ status: 415, body: { message: 'Unsupported Media Type' } });
});

test.each([
  ['another method', 'GET', ''],
  ['OPTIONS', 'OPTIONS', ''],
  ['a path that is no path', 'POST', '/%E0%A4%A'],
  ['another path', 'POST', 's'],
  ['a path below', 'POST', '/1'],
])('%s is answered as API Gateway does', async (_what, method, suffix) => {
  expect(
    await request(url + suffix, { method, headers: json, ...(method === 'POST' && { body: '{}' }) }),
  ).toMatchObject({
    status: 403,
    body: { message: 'Missing Authentication Token' },
  });
});

test.each([
  "O'Reilly",
  'a "quoted" key',
  'back\\slash',
  'tab\tand \u00e9',
  '#set($x = 1)$x ${y}',
  '{"S": "x"}',
  'a'.repeat(2048),
])('the key %j becomes the id of the order as it is', async (key) => {
  const headers = { ...json, 'Idempotency-Key': Buffer.from(key, 'utf8').toString('latin1') };
  const init = { method: 'POST', headers, body: '{"Status": "CREATED"}' };
  const first = await request(url, init);
  expect(first).toMatchObject({ status: 200 });
  expect(await request(url, init)).toEqual(first);
});

test.each(['idempotency-key', 'IDEMPOTENCY-KEY', 'Idempotency-key'])('the key may come as %s', async (name) => {
  const { hostname, port, pathname } = new URL(url);
  const headers = { ...json, [name]: `sent as ${name}` };
  const answer = await new Promise<string>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path: pathname, method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    });
    sent.on('error', reject).end('{"Status": "CREATED"}');
  });
  expect(JSON.parse(answer)).toMatchObject({ id: `sent as ${name}` });
});

test('a key that API Gateway does not take is refused in words', async () => {
  const init = { method: 'POST', headers: { ...json, 'Idempotency-Key': 'a'.repeat(20_000) }, body: '{}' };
  expect(await request(url, init)).toEqual({
    status: 431,
    type: 'application/json',
    body: { message: 'HTTP header is larger than 10240 bytes.' },
  });
});

test('a compressed order is an order, and what is not compressed is not', async () => {
  const headers = { ...json, 'Content-Encoding': 'gzip' };
  const order = '{"Status": "CREATED"}';
  expect(await request(url, { method: 'POST', headers, body: gzipSync(order) })).toMatchObject({ status: 200 });
  expect(await request(url, { method: 'POST', headers, body: order })).toMatchObject({
    status: 415,
    body: { message: 'Unsupported Media Type' },
  });
});

test.each(['nope/v1/createId', 'API/v9/createId', 'API', '', '__proto__/v1/createId', 'API/constructor/createId'])(
  'the address /execute-api/%s is of no API',
  async (path) => {
    const [, , api] = new URL(url).pathname.split('/');
    const target = `${orders.endpoint}/execute-api/${path.replace('API', api!)}`;
    expect(await request(target, { method: 'POST', headers: json, body: '{}' })).toMatchObject({
      status: 403,
      body: { message: 'Forbidden' },
    });
  },
);

test('a key that DynamoDB cannot hold is a bad request', async () => {
  const init = {
    method: 'POST',
    headers: { ...json, 'Idempotency-Key': 'a'.repeat(2049) },
    body: '{"Status": "CREATED"}',
  };
  expect(await request(url, init)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('not valid') },
  });
});

test.each([
  ['an internal error', 'failBefore'],
  ['throttling', 'throttle'],
  ['a missing permission', 'deny'],
] as const)('%s of DynamoDB is a server error, not a success', async (_what, effect) => {
  orders.faults.add({ service: 'dynamodb', operation: 'TransactWriteItems', effect });
  const init = { method: 'POST', headers: json, body: '{"Status": "CREATED"}' };
  expect(await request(url, init)).toMatchObject({
    status: 500,
    body: { message: 'An error occurred while processing your request' },
  });
});

test('each request is logged in the format of the stage', async () => {
  await request(url, { method: 'POST', headers: json, body: '{"Status": "CREATED"}' });
  await orders.runtime.idle();
  const { events } = await orders.call('logs', 'FilterLogEvents', {
    logGroupName: '/aws/apigateway/outbox-dev-order-api',
  });
  expect(JSON.parse(events.at(-1).message)).toMatchObject({
    requestId: expect.any(String),
    'integration-integrationStatus': '200',
    status: '200',
  });
});

test('where IAM is on, an unsigned request is refused and a signed one is judged', async () => {
  const signed = await startOrders({ from: synthesisFolder({ OUTBOX_ENVIRONMENT: 'staging' }) });
  try {
    const target = `${signed.apis[0]!.url}/createId`;
    const init = { method: 'POST', headers: json, body: '{"Status": "CREATED"}' };
    expect(await request(target, init)).toMatchObject({
      status: 403,
      body: { message: 'Missing Authentication Token' },
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/eu-central-1/execute-api/aws4_request, SignedHeaders=host, Signature=0';
    expect(await request(target, { ...init, headers: { ...json, authorization } })).toMatchObject({ status: 200 });
  } finally {
    await signed.stop();
  }
});
