import * as fc from 'fast-check';
import { AwsError } from '../../../../local/aws-error';
import { integrationRole, withTemplate } from './openapi';
import { send, type Sent, tree, world } from './stage';

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
