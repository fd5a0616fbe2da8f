import * as fc from 'fast-check';
import { AwsError } from '../../../../local/aws-error';
import { integrationRole, withTemplate } from './openapi';
import { send, tree, world } from './stage';

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
