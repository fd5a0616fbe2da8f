import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { z } from 'zod';
import { AwsError } from '../../../local/aws-error';
import { simulatedClock, type SimulatedClock } from '../../../local/clock';
import type { Caller } from '../../../local/gateway';
import type { Principal } from '../../../local/principal';
import type { HttpRequest, HttpResponse } from '../../../local/protocols/http';
import { seededRandom } from '../../../local/random';
import { type Metric, Runtime } from '../../../local/runtime';
import { jsonErrors, type Service } from '../../../local/service';
import { type ApiGateway, apigateway } from '../../../local/services/apigateway';

type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- documents under test

const region = 'eu-central-1';
const integrationRole = 'arn:aws:iam::000000000000:role/orders-api';
const logRole = 'arn:aws:iam::000000000000:role/api-logs';
const clientRole = 'arn:aws:iam::000000000000:role/client';
const logGroup = `arn:aws:logs:${region}:000000000000:log-group:orders-api`;

const requestTemplate = `
#set($key = $input.params('Idempotency-Key'))
#if($key == "")
#set($key = $context.requestId)
#end
#set($context.requestOverride.path.orderId = $key)
#set($id = $util.escapeJavaScript($key).replaceAll("\\\\'", "'"))
#set($status = $util.escapeJavaScript($input.path('$.Status')).replaceAll("\\\\'", "'"))
{
  "TransactItems": [{ "Put": { "TableName": "$stageVariables.table", "Item": {
    "id": { "S": "$id" }, "createdAt": { "N": "$context.requestTimeEpoch" }, "Status": { "S": "$status" } } } }]
}`;

const errorTemplate = `#set($reason = $input.path('$.CancellationReasons[0].Code'))
#if($reason == "ConditionalCheckFailed")
#set($context.responseOverride.status = 409)
{"message": "exists", "id": "$context.requestOverride.path.orderId"}
#else
{"message": "bad order: $util.escapeJavaScript($input.path('$.Message'))"}
#end`;

const integration = {
  type: 'aws',
  httpMethod: 'POST',
  uri: `arn:aws:apigateway:${region}:dynamodb:action/TransactWriteItems`,
  credentials: integrationRole,
  passthroughBehavior: 'never',
  requestTemplates: { 'application/json': requestTemplate },
  responses: {
    default: {
      statusCode: '500',
      responseTemplates: { 'application/json': '{"message": "internal"}' },
    },
    '200': {
      statusCode: '200',
      responseParameters: { 'method.response.header.Cache-Control': "'no-store'" },
      responseTemplates: {
        'application/json':
          '{"id": "$util.escapeJavaScript($context.requestOverride.path.orderId).replaceAll("\\\\\'", "\'")"}',
      },
    },
    '4\\d\\d': { statusCode: '400', responseTemplates: { 'application/json': errorTemplate } },
  },
};

const order = {
  requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
  'x-amazon-apigateway-request-validator': 'all',
  responses: { '200': { description: '', headers: { 'Cache-Control': {} } }, '400': {}, '409': {}, '500': {} },
  'x-amazon-apigateway-integration': integration,
};

const openapi: Json = {
  openapi: '3.0.1',
  info: { title: 'orders', version: '1' },
  'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true, validateRequestParameters: true } },
  'x-amazon-apigateway-gateway-responses': {
    BAD_REQUEST_BODY: {
      statusCode: 400,
      responseTemplates: {
        'application/json': '{"message":$context.error.messageString,"details":"$context.error.validationErrorString"}',
      },
    },
  },
  paths: { '/createId': { post: order } },
  components: {
    schemas: {
      Order: {
        type: 'object',
        required: ['Status'],
        additionalProperties: false,
        properties: { Status: { type: 'string', pattern: '^[^~]*$' } },
      },
    },
  },
};

interface World {
  runtime: Runtime;
  clock: SimulatedClock;
  api: ApiGateway;
  asked: { operation: string; input: Json; principal: Principal; parents: readonly number[] }[];
  logged: Json[];
  metrics: Metric[];
  create: (type: string, args: Json, name?: string) => Promise<Json>;
  /** What the table answers. */
  answer: (input: Json) => unknown;
  stageUrl: string;
}

/** A service that records what it is asked and answers what the test says. */
function recording(
  name: string,
  names: string[],
  run: (operation: string, input: Json, principal: Principal, parents: readonly number[]) => unknown,
): Service {
  return {
    name,
    errors: jsonErrors,
    resources: {},
    operations: Object.fromEntries(
      names.map((operation) => [
        operation,
        {
          input: z.looseObject({}),
          permissions: () => [{ action: `${name}:${operation}`, resource: '*' }],
          run: (input: Json, { principal, parents }) => run(operation, input, principal, parents),
        },
      ]),
    ),
  };
}

async function world(
  document: Json = openapi,
  options: { stage?: Json; api?: Json; account?: boolean } = {},
): Promise<World> {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  for (const arn of [integrationRole, logRole, clientRole])
    runtime.iam.putRole({ arn, name: arn.split('/')[1]!, trustPolicy: trust });
  const allow = (Action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  runtime.iam.putRolePolicy(integrationRole, 'write', allow('dynamodb:*'));
  runtime.iam.putRolePolicy(logRole, 'write', allow('logs:*'));
  const it: World = {
    runtime,
    clock,
    api: apigateway(runtime),
    asked: [],
    logged: [],
    metrics: [],
    answer: () => ({}),
    stageUrl: '',
    async create(type, args, name = 'it') {
      const resource = it.api.resources[type]!;
      const parsed = resource.arguments.parse(args);
      const made: unknown = await resource.create({
        address: `stack/${type}.${name}`,
        stack: 'stack',
        type,
        name,
        arguments: parsed,
      });
      return made as Json;
    },
  };
  runtime.onMetric((metric) => it.metrics.push(metric));
  runtime.register(it.api);
  runtime.register(recording('sts', [], () => undefined));
  runtime.register(
    recording('dynamodb', ['TransactWriteItems', 'PutItem'], (operation, input, principal, parents) => {
      it.asked.push({ operation, input, principal, parents });
      return it.answer(input);
    }),
  );
  runtime.register(
    recording(
      'logs',
      ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'],
      (operation, input) => void it.logged.push({ operation, ...input }),
    ),
  );
  if (options.account !== false) await it.create('aws_api_gateway_account', { cloudwatch_role_arn: logRole });
  it.logged.length = 0;
  const { id } = await it.create('aws_api_gateway_rest_api', {
    name: 'orders',
    body: JSON.stringify(document),
    ...options.api,
  });
  const deployed = await it.create('aws_api_gateway_deployment', { rest_api_id: id });
  const stage = await it.create('aws_api_gateway_stage', {
    rest_api_id: id,
    deployment_id: deployed.id,
    stage_name: 'dev',
    variables: { table: 'orders' },
    ...options.stage,
  });
  it.stageUrl = stage.invoke_url as string;
  return it;
}

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  caller?: Caller;
}

async function send(
  it: World,
  { method = 'POST', path = '/createId', headers = {}, body = '{"Status":"CREATED"}', caller }: Sent = {},
): Promise<HttpResponse & { json: Json }> {
  const all: Record<string, string> = { Host: '127.0.0.1:4566', 'Content-Type': 'application/json', ...headers };
  const [pathname, query] = `${new URL(it.stageUrl).pathname}${path}`.split('?');
  const request: HttpRequest = {
    method,
    path: pathname!,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: Object.entries(all).flat(),
    body: Buffer.from(body),
    isTooLarge: false,
  };
  const response = await it.api.handle(request, () => caller);
  let json: Json = {};
  try {
    json = JSON.parse(String(response.body)) as Json;
  } catch {
    // Some answers are not JSON.
  }
  return { ...response, json };
}

/** Hops as `operation outcome summary`. */
function tree(it: World): string[] {
  return it.runtime.timeline.hops.map(({ operation, outcome, summary }) => `${operation} ${outcome} ${summary}`);
}

const signed = (service = 'execute-api', principal?: Principal): Caller => ({
  principal: principal ?? { kind: 'role', roleArn: clientRole, arn: 'arn:aws:sts::000000000000:assumed-role/client/s' },
  parents: [],
  signature: { accessKeyId: 'ASIAX', region, service },
});

const withAuth = (): Json => ({
  ...openapi,
  paths: { '/createId': { post: { ...order, 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } } } },
});

const withTemplate = (template: string, change: Json = {}): Json => ({
  ...openapi,
  paths: {
    '/createId': {
      post: {
        ...order,
        'x-amazon-apigateway-request-validator': undefined,
        'x-amazon-apigateway-integration': {
          ...integration,
          requestTemplates: { 'application/json': template },
          ...change,
        },
      },
    },
  },
});

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

describe('a request through the integration', () => {
  test('is written by the integration role as a child of the request, and answered by the template', async () => {
    const it = await world();
    const response = await send(it, { headers: { 'Idempotency-Key': 'k-1' } });
    expect(response.status).toBe(200);
    expect(response.json).toEqual({ id: 'k-1' });
    expect(response.headers).toMatchObject({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    expect(response.headers['x-amzn-RequestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(it.asked).toEqual([
      {
        operation: 'TransactWriteItems',
        input: {
          TransactItems: [
            {
              Put: {
                TableName: 'orders',
                Item: { id: { S: 'k-1' }, createdAt: { N: String(it.clock.now()) }, Status: { S: 'CREATED' } },
              },
            },
          ],
        },
        principal: expect.objectContaining({
          roleArn: integrationRole,
          arn: 'arn:aws:sts::000000000000:assumed-role/orders-api/BackplaneAssumeRoleSession',
        }),
        parents: [1],
      },
    ]);
    expect(tree(it)).toEqual(['Invoke ok POST /createId', 'response ok 200 in 0 ms']);
    expect(it.runtime.timeline.hops[1]!.parents).toEqual([1]);
  });

  test('without a key takes the request id', async () => {
    const it = await world();
    const response = await send(it);
    expect(response.json.id).toBe(response.headers['x-amzn-RequestId']);
  });

  test('reads header names as the client spelled them', async () => {
    const it = await world();
    expect((await send(it, { headers: { 'idempotency-key': 'k' } })).json.id).not.toBe('k');
  });

  test('any key and status survive the templates', async () => {
    const it = await world();
    const key = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    const status = fc
      .string({ unit: 'binary' })
      .filter((text) => !text.includes('~') && Buffer.from(text).toString() === text);
    await fc.assert(
      fc.asyncProperty(key, status, async (idempotencyKey, text) => {
        it.asked.length = 0;
        const response = await send(it, {
          headers: { 'Idempotency-Key': idempotencyKey },
          body: JSON.stringify({ Status: text }),
        });
        expect(response.status).toBe(200);
        expect(response.json.id).toBe(idempotencyKey);
        const { Item } = it.asked[0]!.input.TransactItems[0].Put;
        expect(Item.id.S).toBe(idempotencyKey);
        expect(Item.Status.S).toBe(text);
      }),
    );
  });

  const cancelled = (code: string) =>
    new AwsError('TransactionCanceledException', `cancelled [${code}]`, 400, { CancellationReasons: [{ Code: code }] });

  test.each([
    ['a cancelled condition', cancelled('ConditionalCheckFailed'), 409, { message: 'exists', id: 'k' }],
    ['another 4xx', new AwsError('ValidationException', 'no "table"'), 400, { message: 'bad order: ' }],
    ['a 5xx', new AwsError('InternalServerError', 'oops', 500), 500, { message: 'internal' }],
  ])('%s is mapped by selection pattern and override', async (_, error, status, json) => {
    const it = await world();
    it.answer = () => {
      throw error;
    };
    const response = await send(it, { headers: { 'Idempotency-Key': 'k' } });
    expect([response.status, response.json]).toEqual([status, json]);
    expect(it.runtime.timeline.hops.at(-1)).toMatchObject({ operation: 'response', outcome: 'failed' });
  });

  test('the body of an error is the one that DynamoDB sends', async () => {
    const document = withTemplate('{}');
    document.paths['/createId'].post['x-amazon-apigateway-integration'].responses = { default: { statusCode: '200' } };
    const it = await world(document);
    it.answer = () => {
      throw cancelled('ConditionalCheckFailed');
    };
    expect((await send(it)).json).toEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      Message: 'cancelled [ConditionalCheckFailed]',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
  });

  test('a template that renders no JSON reaches DynamoDB as a SerializationException', async () => {
    const it = await world(withTemplate('{"TableName": "$input.path(\'$.Status\')'));
    expect((await send(it)).status).toBe(400);
    expect(it.asked).toEqual([]);
  });

  test('an override that is set twice is a 500, and the timeline says why', async () => {
    const it = await world(
      withTemplate('#set($context.requestOverride.path.x = 1)#set($context.requestOverride.path.x = 2){}'),
    );
    const response = await send(it);
    expect([response.status, response.body]).toEqual([500, '{"message":"Internal server error"}']);
    expect(tree(it).at(-1)).toContain('$context.requestOverride.path.x is set twice');
  });

  test('a role that cannot be assumed is a 500', async () => {
    const it = await world();
    it.runtime.iam.putRole({
      arn: integrationRole,
      name: 'orders-api',
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    });
    expect((await send(it)).status).toBe(500);
    expect(tree(it).some((hop) => hop.startsWith('AssumeRole denied'))).toBe(true);
  });

  test('an integration that does not answer in 29 s is a 504', async () => {
    const it = await world();
    let finish = () => {};
    it.answer = () => new Promise<void>((done) => (finish = done));
    const pending = send(it);
    await new Promise(setImmediate);
    expect(it.clock.step(it.clock.now() + 28_999)).toBe(false);
    expect(it.clock.step(it.clock.now() + 29_000)).toBe(true);
    const response = await pending;
    expect([response.status, response.json]).toEqual([504, { message: 'Endpoint request timed out' }]);
    finish();
  });

  test("a denial of the integration role is DynamoDB's 400, recorded as a child of the request", async () => {
    const it = await world();
    it.runtime.iam.putRolePolicy(integrationRole, 'write', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    });
    expect((await send(it)).status).toBe(400);
    expect(it.runtime.timeline.hops.find((hop) => hop.outcome === 'denied')).toMatchObject({
      service: 'dynamodb',
      parents: [1],
    });
  });
});

describe('templates', () => {
  const render = async (template: string, sent: Sent = {}) => {
    const it = await world(withTemplate(`{"out": "$util.base64Encode("${template}")"}`.replaceAll('\n', ' ')));
    await send(it, sent);
    return Buffer.from(it.asked[0]!.input.out as string, 'base64').toString();
  };
  const raw = async (template: string, sent: Sent = {}) => {
    const it = await world(withTemplate(template));
    await send(it, sent);
    return it.asked[0]?.input;
  };

  test.each([
    ['$context.stage $context.httpMethod $context.resourcePath $context.path', 'dev POST /createId /dev/createId'],
    ['$context.identity.sourceIp$context.nothing.here$stageVariables.none', '127.0.0.1'],
    ["$input.params('q') $input.params('none')|", 'a b |'],
    ["$input.params().querystring.get('q')$input.params().header.get('None')", 'a b'],
    ['$unknown $!unknown|', '$unknown |'],
    ["$input.path('$.missing')|$input.path('$.list[1].x')|$input.path('$.list').size()", '|7|2'],
    ["$input.path('$')", '{Status=A, list=[{x=6}, {x=7}]}'],
    ["$util.urlEncode('a b&c') $util.urlDecode('a+b%26')", 'a+b%26c a b&'],
    ["$util.base64Decode('aGk=')", 'hi'],
  ])('%s', async (template, expected) => {
    const body = '{"Status":"A","list":[{"x":6},{"x":7}]}';
    expect(await render(template, { path: '/createId?q=a%20b', body })).toBe(expected);
  });

  test('an empty text is true, as in Java; == compares by text', async () => {
    const template =
      '#set($e = ""){"a": #if($e)1#{else}2#end, "b": #if(!$none)1#{else}2#end, "c": #if($e == "")1#end, "d": #if(5 == "5" && true)1#end}';
    expect(await raw(template)).toEqual({ a: 1, b: 1, c: 1, d: 1 });
  });

  test('methods of Java strings', async () => {
    const template = `#set($s = $input.path('$.Status')){"l": $s.length(), "m": $s.matches("[A-Z]+"), "r": "$s.replaceAll("(A)(B)", "$2$1")",
      "c": $s.contains("BC"), "e": $s.equals("ABC"), "t": "$s.substring(1).toLowerCase()", "p": "$s.replace("B", "-")"}`;
    expect(await raw(template, { body: '{"Status":"ABC"}' })).toEqual({
      l: 3,
      m: true,
      r: 'BAC',
      c: true,
      e: true,
      t: 'bc',
      p: 'A-C',
    });
  });

  test('$input.json keeps JSON, $input.params() lists everything', async () => {
    const template = `{"all": $input.json('$'), "one": $input.json('$.Status'), "none": $input.json('$.x'),
      "h": {#foreach($n in $input.params().querystring.keySet())"$n": "$input.params().querystring.get($n)"#if($foreach.hasNext),#end#end}}`;
    expect(await raw(template, { path: '/createId?a=1&b=2', body: '{"Status":"x\\"\'y"}' })).toEqual({
      all: { Status: 'x"\'y' },
      one: 'x"\'y',
      none: '',
      h: { a: '1', b: '2' },
    });
  });

  test('a header of the request is there in the response template too', async () => {
    const document = withTemplate('{}');
    document.paths['/createId'].post['x-amazon-apigateway-integration'].responses = {
      default: {
        statusCode: '200',
        responseTemplates: { 'application/json': '{"k": "$input.params(\'Idempotency-Key\')"}' },
      },
    };
    const it = await world(document);
    expect((await send(it, { headers: { 'Idempotency-Key': 'k' } })).json).toEqual({ k: 'k' });
  });

  test.each([
    ["$input.path('$..x')", 'not modelled'],
    ["$input.path('$.Status').padStart(3)", '.padStart() is not modelled on a string'],
    ['$util.random()', 'is not a method of $util'],
  ])('%s is a 500 that the timeline explains', async (template, reason) => {
    const it = await world(withTemplate(`{"a": "${template}"}`));
    expect((await send(it)).status).toBe(500);
    expect(tree(it).at(-1)).toContain(reason);
  });

  test('a body that is not JSON is a 400', async () => {
    const it = await world(withTemplate('{"a": "$input.path(\'$.x\')"}'));
    const response = await send(it, { body: 'x' });
    expect(response.status).toBe(400);
    expect(response.json.message).toMatch(/^Could not parse request body into json/);
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

describe('authorization', () => {
  const invokeArn = (it: World) =>
    `arn:aws:execute-api:${region}:000000000000:${it.stageUrl.split('/')[4]}/dev/POST/createId`;

  test('an unsigned request has no token', async () => {
    const it = await world(withAuth());
    const response = await send(it);
    expect([response.status, response.json]).toEqual([403, { message: 'Missing Authentication Token' }]);
  });

  test('a role without permission is denied by name, with permission let in', async () => {
    const it = await world(withAuth());
    const denied = await send(it, { caller: signed() });
    expect(denied.status).toBe(403);
    expect(denied.headers['x-amzn-ErrorType']).toBe('AccessDeniedException');
    expect(denied.json.Message).toContain(
      `User: arn:aws:sts::000000000000:assumed-role/client/s is not authorized to perform: execute-api:Invoke on resource: ${invokeArn(it)}`,
    );
    expect(it.runtime.timeline.hops.at(-1)!.summary).toContain('execute-api:Invoke');
    const Statement = [
      { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: invokeArn(it).replace('/POST/createId', '/*') },
    ];
    it.runtime.iam.putRolePolicy(clientRole, 'invoke', { Version: '2012-10-17', Statement });
    expect((await send(it, { caller: signed() })).status).toBe(200);
  });

  test('the person at the terminal is let in; a signature for another service is not', async () => {
    const it = await world(withAuth());
    expect((await send(it, { caller: signed('execute-api', it.runtime.administrator) })).status).toBe(200);
    expect((await send(it, { caller: signed('dynamodb', it.runtime.administrator) })).status).toBe(403);
  });

  const policy = (Effect: string, Principal: unknown) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect, Principal, Action: 'execute-api:Invoke', Resource: 'execute-api:/dev/POST/*' }],
    });

  test.each([
    ['Allow', '*', 200],
    ['Allow', { AWS: clientRole }, 403],
    ['Deny', '*', 403],
  ])('a resource policy that says %s to %j: anybody gets %i', async (effect, principal, status) => {
    const it = await world(openapi, { api: { policy: policy(effect, principal) } });
    const response = await send(it);
    expect(response.status).toBe(status);
    if (status === 403) expect(response.json.Message).toMatch(/^User: anonymous is not authorized to perform/);
  });

  test('a resource policy lets a role in that has no policy of its own, or keeps the administrator out', async () => {
    const open = await world(withAuth(), { api: { policy: policy('Allow', { AWS: clientRole }) } });
    expect((await send(open, { caller: signed() })).status).toBe(200);
    const closed = await world(withAuth(), { api: { policy: policy('Deny', '*') } });
    expect((await send(closed, { caller: signed('execute-api', closed.runtime.administrator) })).status).toBe(403);
  });

  test('a trust policy that asks for aws:SourceAccount never lets API Gateway in', async () => {
    const it = await world();
    const Condition = { StringEquals: { 'aws:SourceAccount': '000000000000' } };
    const Statement = [
      { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole', Condition },
    ];
    it.runtime.iam.putRole({
      arn: integrationRole,
      name: 'orders-api',
      trustPolicy: { Version: '2012-10-17', Statement },
    });
    expect((await send(it)).status).toBe(500);
  });

  test('a security scheme of Signature Version 4 means AWS_IAM', async () => {
    const document = structuredClone(openapi);
    document.components.securitySchemes = {
      sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    };
    document.paths['/createId'].post.security = [{ sigv4: [] }];
    expect((await send(await world(document))).status).toBe(403);
  });
});

describe('throttling', () => {
  const throttled = async (path: string) => {
    const it = await world();
    const [, , , , id] = it.stageUrl.split('/');
    await it.create('aws_api_gateway_method_settings', {
      rest_api_id: id,
      stage_name: 'dev',
      method_path: path,
      settings: [{ throttling_burst_limit: 2, throttling_rate_limit: 1, metrics_enabled: true, logging_level: 'OFF' }],
    });
    return it;
  };

  test.each(['*/*', 'createId/POST'])('%s: the burst passes, then the rate', async (path) => {
    const it = await throttled(path);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await send(it)).status);
    expect(statuses).toEqual([200, 200, 429]);
    const response = await send(it);
    expect([response.json, response.headers['x-amzn-ErrorType']]).toEqual([
      { message: 'Too Many Requests' },
      'TooManyRequestsException',
    ]);
    expect(it.runtime.timeline.hops.at(-1)!.outcome).toBe('throttled');
    it.clock.moveTo(it.clock.now() + 999);
    expect((await send(it)).status).toBe(429);
    it.clock.moveTo(it.clock.now() + 1);
    expect((await send(it)).status).toBe(200);
    expect(it.metrics.some(({ dimensions }) => dimensions.Resource === '/createId')).toBe(true);
  });

  test('a path that is no method is refused', async () => {
    await expect(throttled('create/POST')).rejects.toThrow('is no method of the API: */*, createId/POST are');
  });
});

describe('faults', () => {
  test.each([
    ['throttle', 429, 0],
    ['deny', 403, 0],
    ['failBefore', 504, 0],
    ['failAfter', 504, 1],
    ['duplicate', 200, 2],
  ] as const)('%s', async (effect, status, writes) => {
    const it = await world();
    it.runtime.faults.add({ service: 'execute-api', operation: 'Invoke', effect });
    expect((await send(it)).status).toBe(status);
    expect(it.asked).toHaveLength(writes);
  });
});

describe('access log and metrics', () => {
  const format =
    '{"id":"$context.requestId","m":"$context.httpMethod","s":$context.status,"e":"$context.integration.error","n":"$context.none"}';

  test('a line for each request is written as the account role, in one stream', async () => {
    const it = await world(openapi, { stage: { access_log_settings: [{ destination_arn: `${logGroup}:*`, format }] } });
    const response = await send(it);
    await send(it, { body: '{}' });
    await it.runtime.idle();
    expect(it.logged[0]).toMatchObject({ operation: 'CreateLogStream', logGroupName: 'orders-api' });
    const [first, second, ...more] = it.logged.slice(1).flatMap(({ logEvents }) => logEvents as Json[]);
    expect(more).toEqual([]);
    expect(first!.timestamp).toBe(it.clock.now());
    expect(JSON.parse(first!.message)).toEqual({
      id: response.headers['x-amzn-RequestId'],
      m: 'POST',
      s: 200,
      e: '-',
      n: '-',
    });
    expect(JSON.parse(second!.message)).toMatchObject({ s: 400 });
  });

  test('a role that may not write loses lines, and the timeline says so', async () => {
    const it = await world(openapi, { stage: { access_log_settings: { destination_arn: logGroup, format } } });
    it.runtime.iam.putRolePolicy(logRole, 'write', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'logs:PutLogEvents', Resource: '*' }],
    });
    expect((await send(it)).status).toBe(200);
    await it.runtime.idle();
    expect(it.runtime.timeline.hops.at(-1)).toMatchObject({
      operation: 'access log',
      outcome: 'failed',
      data: { lost: 1 },
    });
  });

  test('needs the account role', async () => {
    await expect(
      world(openapi, { account: false, stage: { access_log_settings: { destination_arn: logGroup, format } } }),
    ).rejects.toThrow('CloudWatch Logs role ARN must be set in account settings');
  });

  test('the account role is tried when it is set: it makes a log group and writes to it', async () => {
    const it = await world(openapi, { account: false });
    await it.create('aws_api_gateway_account', { cloudwatch_role_arn: logRole });
    const logGroupName = '/aws/apigateway/welcome';
    const written = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'].map((operation) => ({
      operation,
      logGroupName,
    }));
    expect(it.logged).toMatchObject(written);
  });

  test.each(['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'])(
    'an account role without %s is refused',
    async (action) => {
      const it = await world(openapi, { account: false });
      const others = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'].filter((other) => other !== action);
      it.runtime.iam.putRolePolicy(logRole, 'write', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: others.map((other) => `logs:${other}`), Resource: '*' }],
      });
      const refused = it.create('aws_api_gateway_account', { cloudwatch_role_arn: logRole });
      await expect(refused).rejects.toThrow(/does not have required permissions configured.*logs:/);
      await expect(refused).rejects.toThrow(`logs:${action}`);
    },
  );

  test('counts requests by API and stage', async () => {
    const it = await world();
    await send(it);
    await send(it, { path: '/none' });
    const sum = (name: string) =>
      it.metrics.filter((metric) => metric.name === name).reduce((total, { value }) => total + value, 0);
    expect(['Count', '4XXError', '5XXError'].map(sum)).toEqual([2, 1, 0]);
    expect(it.metrics[0]).toMatchObject({
      namespace: 'AWS/ApiGateway',
      dimensions: { ApiName: 'orders', Stage: 'dev' },
    });
  });
});

describe('configuration', () => {
  test('attributes', async () => {
    const it = await world();
    expect(it.stageUrl).toMatch(/^http:\/\/127\.0\.0\.1:4566\/execute-api\/[a-z0-9]{10}\/dev$/);
    expect(it.api.apiUrls()).toEqual([
      {
        name: 'orders',
        url: it.stageUrl,
        stage: 'dev',
        methods: [{ httpMethod: 'POST', path: '/createId', signed: false }],
      },
    ]);
    const { item } = (await it.runtime.call({
      service: 'apigateway',
      operation: 'GetRestApis',
      input: {},
      principal: it.runtime.administrator,
    })) as Json;
    expect(item).toMatchObject([{ name: 'orders' }]);
    const stages = (await it.runtime.call({
      service: 'apigateway',
      operation: 'GetStages',
      input: { restApiId: item[0].id },
      principal: it.runtime.administrator,
    })) as Json;
    expect(stages.item).toMatchObject([{ stageName: 'dev', variables: { table: 'orders' } }]);
  });

  const change = (path: string, value: unknown): Json => {
    const document = structuredClone(openapi);
    const names = path.split('|');
    let at = document;
    for (const name of names.slice(0, -1)) at = at[name] ??= {};
    at[names.at(-1)!] = value;
    return document;
  };
  const post = 'paths|/createId|post';
  const its = `${post}|x-amazon-apigateway-integration`;

  test.each([
    ['openapi', '3.1.0', 'API Gateway imports OpenAPI 3.0'],
    ['x-amazon-apigateway-cors', {}, 'is not modelled'],
    ['x-amazon-foo', {}, 'x-amazon-foo: is not modelled'],
    ['info|x-amazon-foo', {}, 'info.x-amazon-foo: is not modelled'],
    [`${post}|responses|200|x-amazon-foo`, {}, 'x-amazon-foo: is not modelled'],
    [
      `${post}|requestBody|content|application/json|schema`,
      { type: 'strin' },
      'model of application/json: not a JSON Schema',
    ],
    [`${post}|x-amazon-apigateway-authorizer`, {}, 'is not modelled'],
    [`${post}|x-amazon-apigateway-request-validator`, 'none', "there is no request validator 'none'"],
    [`${post}|security`, [{ key: [] }], "security scheme 'key' is not modelled"],
    [`${its}|type`, 'aws_proxy', "only 'aws'"],
    [`${its}|uri`, 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem', 'the local runtime runs eu-central-1'],
    [`${its}|uri`, `arn:aws:apigateway:${region}:s3:path/x`, 'action/<Operation>'],
    [`${its}|uri`, `arn:aws:apigateway:${region}:kinesis:action/PutRecord`, 'are not modelled'],
    [`${its}|credentials`, 'arn:aws:iam::*:user/*', 'AWS integrations need one'],
    [`${its}|contentHandling`, 'CONVERT_TO_TEXT', 'contentHandling'],
    [
      `${its}|uri`,
      `arn:aws:apigateway:${region}:dynamodb:action/Nope`,
      'POST /createId: dynamodb has no operation Nope',
    ],
    [
      `${its}|requestTemplates|application/json`,
      '#if($x',
      /requestTemplates.application\/json: not a mapping template: [^\n]*, at "#if/,
    ],
    [`${its}|responses|default|statusCode`, '418', 'which responses does not declare'],
    [`${its}|responses|default|responseParameters`, { 'method.response.header.X': "'1'" }, 'does not declare it'],
  ])('%s = %j is refused', async (path, value, message) => {
    await expect(world(change(path, value))).rejects.toThrow(message);
  });

  test('arguments that are not modelled are refused', async () => {
    const it = await world();
    await expect(
      it.create('aws_api_gateway_rest_api', { name: 'x', body: '{}', binary_media_types: ['*/*'] }),
    ).rejects.toThrow('binary_media_types');
    await expect(it.create('aws_api_gateway_deployment', { rest_api_id: 'x', stage_name: 'x' })).rejects.toThrow(
      'use aws_api_gateway_stage',
    );
  });
});
