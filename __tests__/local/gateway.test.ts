import { execFile } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as fc from 'fast-check';
import { z } from 'zod';
import { AwsError } from '../../local/aws-error';
import { realClock, simulatedClock } from '../../local/clock';
import { type Gateway, type HttpService, startGateway } from '../../local/gateway';
import type { Principal } from '../../local/principal';
import { decodeCbor, encodeCbor } from '../../local/protocols/cbor';
import type { HttpRequest } from '../../local/protocols/http';
import { refuse } from '../../local/protocols/refusal';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';
import { jsonErrors, type Service } from '../../local/service';

type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- documents under test

const region = 'eu-central-1';

interface Asked {
  service: string;
  operation: string;
  input: Json;
  principal: Principal;
  parents: readonly number[];
}

let runtime: Runtime;
let gateway: Gateway;
let asked: Asked[];
let answer: (asked: Asked) => unknown;

const offered: Record<string, string[]> = {
  dynamodb: ['GetItem', 'TransactWriteItems', 'Scan', 'PutItem'],
  dynamodbstreams: ['GetRecords'],
  sqs: ['ListQueues', 'SendMessage', 'GetQueueAttributes'],
  events: ['PutEvents', 'ListRules'],
  logs: ['FilterLogEvents'],
  lambda: ['Invoke', 'ListFunctions', 'GetFunction'],
  pipes: ['ListPipes'],
  cloudwatch: ['PutMetricData', 'DescribeAlarms'],
  sts: ['GetCallerIdentity'],
  sns: ['Publish', 'GetTopicAttributes'],
};

function fake(name: string): Service {
  return {
    name,
    errors: jsonErrors,
    resources: {},
    operations: Object.fromEntries(
      offered[name]!.map((operation) => [
        operation,
        {
          input: z.looseObject({}),
          permissions: () => [{ action: `${name}:${operation}`, resource: '*' }],
          run(input: Json, { principal, parents }) {
            const request = { service: name, operation, input, principal, parents };
            asked.push(request);
            return answer(request);
          },
        },
      ]),
    ),
  };
}

beforeAll(async () => {
  runtime = new Runtime({ clock: realClock(), random: seededRandom(1), region });
  for (const name of Object.keys(offered)) runtime.register(fake(name));
  gateway = await startGateway(runtime, { port: 0 });
});

afterAll(() => gateway.close());

beforeEach(() => {
  asked = [];
  answer = () => ({});
});

const port = () => Number(new URL(gateway.endpoint).port);
const credentials = { accessKeyId: 'AKIDDEVELOPER', secretAccessKey: 'x' };
const authorization = (service: string, key = 'AKIDDEVELOPER', where = region) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20261121/${where}/${service}/aws4_request, SignedHeaders=host, Signature=00`;

interface Raw {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

function send({
  method = 'POST',
  path = '/',
  headers = {},
  body = '',
}: Raw): Promise<{ status: number; headers: Json; body: string; bytes: Buffer }> {
  return new Promise((done, fail) => {
    const request = httpRequest({ host: '127.0.0.1', port: port(), method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        done({ status: response.statusCode!, headers: response.headers, body: bytes.toString(), bytes });
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

const json = (
  target: string,
  service: string,
  body: string | Buffer = '{}',
  more: Record<string, string> = {},
): Raw => ({
  headers: {
    'x-amz-target': target,
    authorization: authorization(service),
    'content-type': 'application/x-amz-json-1.0',
    ...more,
  },
  body,
});

describe('clients of the SDK', () => {
  const client = () => new DynamoDBClient({ endpoint: gateway.endpoint, region, credentials, maxAttempts: 1 });

  test('a call arrives as service, operation and input, and its output returns', async () => {
    answer = () => ({ Item: { id: { S: 'a' }, blob: { B: Buffer.from('hi') } } });
    const output = await client().send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } }));
    expect(asked).toEqual([
      {
        service: 'dynamodb',
        operation: 'GetItem',
        input: { TableName: 't', Key: { id: { S: 'a' } } },
        principal: runtime.administrator,
        parents: [],
      },
    ]);
    expect(output.Item).toEqual({ id: { S: 'a' }, blob: { B: new Uint8Array(Buffer.from('hi')) } });
    expect(output.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('an error has its name and its further members', async () => {
    const CancellationReasons = [{ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' }];
    answer = () => {
      throw new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, { CancellationReasons });
    };
    await expect(client().send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled',
      CancellationReasons,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('timestamps are epoch seconds', async () => {
    const events = new EventBridgeClient({ endpoint: gateway.endpoint, region, credentials, maxAttempts: 1 });
    answer = () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    const output = await events.send(
      new PutEventsCommand({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{}', Time: new Date(1000) }] }),
    );
    expect(output.Entries).toEqual([{ EventId: 'e' }]);
    expect(asked[0]!.input.Entries[0].Time).toBe(1);
  });

  test('another region is refused with both names', async () => {
    const elsewhere = new DynamoDBClient({
      endpoint: gateway.endpoint,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    await expect(elsewhere.send(new GetItemCommand({ TableName: 't', Key: {} }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/us-east-1.*eu-central-1/),
    });
  });

  test("a key that the runtime gave out acts as its holder, with the holder's causes", async () => {
    const principal: Principal = {
      kind: 'role',
      roleArn: 'arn:aws:iam::000000000000:role/fn',
      arn: 'arn:aws:sts::000000000000:assumed-role/fn/s',
    };
    const accessKeyId = runtime.credentials.issue(principal, () => [7]);
    const holder = new DynamoDBClient({
      endpoint: gateway.endpoint,
      region,
      credentials: { ...credentials, accessKeyId },
      maxAttempts: 1,
    });
    await expect(holder.send(new GetItemCommand({ TableName: 't', Key: {} }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(asked).toEqual([]);
    expect(runtime.timeline.hops.at(-1)).toMatchObject({ outcome: 'denied', principal: principal.arn, parents: [7] });
  });

  test('a revoked key is worthless, also where the call was on its way', async () => {
    const headers = { 'x-amz-security-token': 'local' };
    const accessKeyId = runtime.credentials.issue(runtime.administrator, () => []);
    const call = () =>
      send(
        json('DynamoDB_20120810.Scan', 'dynamodb', '{}', {
          ...headers,
          authorization: authorization('dynamodb', accessKeyId),
        }),
      );
    expect((await call()).status).toBe(200);
    runtime.credentials.revoke(accessKeyId);
    expect((await call()).body).toContain('UnrecognizedClientException');
    expect(asked).toHaveLength(1);
  });

  test('a caller that was killed gets no answer', async () => {
    answer = () => {
      throw new AwsError('SandboxKilled', 'killed', 500);
    };
    await expect(send(json('DynamoDB_20120810.Scan', 'dynamodb'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('protocols', () => {
  test('streams are signed as dynamodb', async () => {
    await send(json('DynamoDBStreams_20120810.GetRecords', 'dynamodb', '{"ShardIterator":"i"}'));
    expect(asked[0]).toMatchObject({
      service: 'dynamodbstreams',
      operation: 'GetRecords',
      input: { ShardIterator: 'i' },
    });
  });

  test('errors of SQS carry the code of the query protocol', async () => {
    answer = () => {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    };
    const response = await send(json('AmazonSQS.SendMessage', 'sqs'));
    expect(response.headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(JSON.parse(response.body)).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  test('Lambda: members from path, query and headers, payload as it is', async () => {
    answer = () => ({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      LogResult: 'bG9n',
      ExecutedVersion: '$LATEST',
      Payload: Buffer.from('{"x":1}'),
    });
    const response = await send({
      path: '/2015-03-31/functions/my%3Afn/invocations?Qualifier=live',
      headers: { authorization: authorization('lambda'), 'x-amz-invocation-type': 'Event' },
      body: '{"n":1}',
    });
    expect(asked[0]!.input).toEqual({
      FunctionName: 'my:fn',
      Qualifier: 'live',
      InvocationType: 'Event',
      Payload: Buffer.from('{"n":1}'),
    });
    expect([response.status, response.body]).toEqual([200, '{"x":1}']);
    expect(response.headers).toMatchObject({
      'x-amz-function-error': 'Unhandled',
      'x-amz-log-result': 'bG9n',
      'x-amz-executed-version': '$LATEST',
    });
  });

  test('errors of REST services are named in a header', async () => {
    answer = () => {
      throw new AwsError('ResourceNotFoundException', 'Function not found', 404, { Type: 'User' });
    };
    const response = await send({
      method: 'GET',
      path: '/2015-03-31/functions/f',
      headers: { authorization: authorization('lambda') },
    });
    expect([response.status, response.headers['x-amzn-errortype'], JSON.parse(response.body)]).toEqual([
      404,
      'ResourceNotFoundException',
      { message: 'Function not found', Type: 'User' },
    ]);
  });

  test('query: lists, maps and XML', async () => {
    answer = () => ({ Attributes: { Policy: '<&>' }, Topics: [{ TopicArn: 'a' }, { TopicArn: 'b' }] });
    const body = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      Message: 'm&m',
      'MessageAttributes.entry.1.Name': 'kind',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'TagKeys.member.1': 'a',
      'TagKeys.member.2': 'b',
    });
    const response = await send({
      headers: { authorization: authorization('sns'), 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    });
    expect(asked[0]!.input).toEqual({
      Message: 'm&m',
      MessageAttributes: { kind: { DataType: 'String' } },
      TagKeys: ['a', 'b'],
    });
    expect(response.body).toMatch(
      /^<PublishResponse xmlns="http:\/\/sns.amazonaws.com\/doc\/2010-03-31\/"><PublishResult><Attributes><entry><key>Policy<\/key><value>&lt;&amp;&gt;<\/value><\/entry><\/Attributes><Topics><member><TopicArn>a<\/TopicArn><\/member><member><TopicArn>b<\/TopicArn><\/member><\/Topics><\/PublishResult><ResponseMetadata><RequestId>/,
    );
  });

  test('RPC v2 CBOR, also compressed', async () => {
    answer = () => ({ MetricAlarms: [{ StateUpdatedTimestamp: new Date(1500), Threshold: 0.5 }] });
    const response = await send({
      path: '/service/GraniteServiceVersion20100801/operation/DescribeAlarms',
      headers: {
        authorization: authorization('monitoring'),
        'smithy-protocol': 'rpc-v2-cbor',
        'content-encoding': 'gzip',
      },
      body: gzipSync(encodeCbor({ MaxRecords: 3 })),
    });
    expect(asked[0]).toMatchObject({ service: 'cloudwatch', operation: 'DescribeAlarms', input: { MaxRecords: 3 } });
    expect(response.headers['smithy-protocol']).toBe('rpc-v2-cbor');
    expect(decodeCbor(response.bytes)).toEqual({ MetricAlarms: [{ StateUpdatedTimestamp: 1.5, Threshold: 0.5 }] });
  });

  test('CBOR: what is encoded is decoded', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
        fc.boolean(),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('any'), { maxLength: 30 }),
      map: fc.dictionary(fc.string(), tie('any'), { noNullPrototype: true }),
    }));
    fc.assert(fc.property(value.any, (item) => expect(decodeCbor(encodeCbor(item))).toEqual(item)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeCbor(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  test('CBOR of indefinite length, half floats and bytes', () => {
    const bytes = Buffer.from('bf61619f01ff6162f93e0061637f61786179ff61644201ffff', 'hex');
    expect(decodeCbor(bytes)).toEqual({ a: [1], b: 1.5, c: 'xy', d: Buffer.from([1, 255]) });
  });
});

describe('malformed calls are answered as by AWS', () => {
  const dynamodb = 'DynamoDB_20120810';
  test.each<[string, () => Raw, number, string]>([
    ['not JSON', () => json(`${dynamodb}.Scan`, 'dynamodb', '{"a'), 400, 'SerializationException'],
    ['a JSON list', () => json(`${dynamodb}.Scan`, 'dynamodb', '[]'), 400, 'SerializationException'],
    ['a JSON null', () => json(`${dynamodb}.Scan`, 'dynamodb', 'null'), 400, 'SerializationException'],
    ['bytes', () => json(`${dynamodb}.Scan`, 'dynamodb', Buffer.from([0xff, 0xfe])), 400, 'SerializationException'],
    [
      'gzip that is none',
      () => json(`${dynamodb}.Scan`, 'dynamodb', 'x', { 'content-encoding': 'gzip' }),
      400,
      'SerializationException',
    ],
    ['unknown operation', () => json(`${dynamodb}.Fly`, 'dynamodb'), 404, 'UnknownOperationException'],
    ['an operation of Object', () => json(`${dynamodb}.constructor`, 'dynamodb'), 404, 'UnknownOperationException'],
    ['unknown target', () => json('Nothing_1.Scan', 'dynamodb'), 404, 'UnknownOperationException'],
    ['target without a dot', () => json('Scan', 'dynamodb'), 404, 'UnknownOperationException'],
    ['empty target', () => json('', 'dynamodb'), 404, 'UnknownOperationException'],
    [
      'GET with a target',
      () => ({ ...json(`${dynamodb}.Scan`, 'dynamodb', ''), method: 'GET' }),
      404,
      'UnknownOperationException',
    ],
    [
      'no target',
      () => ({ headers: { authorization: authorization('dynamodb') }, body: '{}' }),
      404,
      'UnknownOperationException',
    ],
    [
      'unsigned',
      () => ({ headers: { 'x-amz-target': `${dynamodb}.Scan` }, body: '{}' }),
      403,
      'MissingAuthenticationToken',
    ],
    ['unsigned, no service', () => ({ body: '{}' }), 403, 'MissingAuthenticationToken'],
    ['unsigned query', () => ({ path: '/?Action=Publish' }), 403, 'MissingAuthenticationToken'],
    [
      'basic authorization',
      () => json(`${dynamodb}.Scan`, 'dynamodb', '{}', { authorization: 'Basic eDp5' }),
      400,
      'IncompleteSignature',
    ],
    [
      'no credential',
      () => json(`${dynamodb}.Scan`, 'dynamodb', '{}', { authorization: 'AWS4-HMAC-SHA256 Signature=1' }),
      400,
      'IncompleteSignature',
    ],
    [
      'short scope',
      () => json(`${dynamodb}.Scan`, 'dynamodb', '{}', { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/x' }),
      400,
      'IncompleteSignature',
    ],
    ['scope of another service', () => json(`${dynamodb}.Scan`, 'sqs'), 403, 'InvalidSignatureException'],
    [
      'scope of another region',
      () => json(`${dynamodb}.Scan`, 'dynamodb', '{}', { authorization: authorization('dynamodb', 'A', 'us-east-1') }),
      403,
      'InvalidSignatureException',
    ],
    [
      'unknown service',
      () => ({ headers: { authorization: authorization('quantum') }, body: '{}' }),
      404,
      'UnknownOperationException',
    ],
    ['service not run', () => json('TrentService.Encrypt', 'kms'), 404, 'UnknownOperationException'],
    [
      'unknown path',
      () => ({ path: '/2015-03-31/nothing', headers: { authorization: authorization('lambda') } }),
      404,
      'UnknownOperationException',
    ],
    [
      'wrong method on a path',
      () => ({ method: 'PATCH', path: '/2015-03-31/functions', headers: { authorization: authorization('lambda') } }),
      404,
      'UnknownOperationException',
    ],
    [
      'wrong percent-encoding',
      () => ({
        path: '/2015-03-31/functions/%E0%A4%A/invocations',
        headers: { authorization: authorization('lambda') },
      }),
      400,
      'BadRequestException',
    ],
    [
      'query without an action',
      () => ({ headers: { authorization: authorization('sns') }, body: 'a=b' }),
      400,
      'MissingAction',
    ],
    [
      'unknown action',
      () => ({ headers: { authorization: authorization('sts') }, body: 'Action=Fly' }),
      404,
      'UnknownOperationException',
    ],
    [
      'query of a JSON service',
      () => ({ path: '/?Action=ListQueues', headers: { authorization: authorization('sqs') } }),
      404,
      'UnknownOperationException',
    ],
    [
      'query of an unknown service',
      () => ({ headers: { authorization: authorization('ec2') }, body: 'Action=DescribeInstances' }),
      404,
      'UnknownOperationException',
    ],
    [
      'not CBOR',
      () => ({
        path: '/service/GraniteServiceVersion20100801/operation/DescribeAlarms',
        headers: { authorization: authorization('monitoring'), 'smithy-protocol': 'rpc-v2-cbor' },
        body: Buffer.from([0xbf, 0x61]),
      }),
      400,
      'SerializationException',
    ],
    [
      '11 MB',
      () => json(`${dynamodb}.Scan`, 'dynamodb', Buffer.alloc(11 * 1024 * 1024)),
      413,
      'RequestEntityTooLargeException',
    ],
    [
      '11 MB, compressed',
      () =>
        json(`${dynamodb}.Scan`, 'dynamodb', gzipSync(Buffer.alloc(11 * 1024 * 1024)), { 'content-encoding': 'gzip' }),
      413,
      'RequestEntityTooLargeException',
    ],
  ])('%s', async (_, raw, status, code) => {
    const response = await send(raw());
    expect(response.status).toBe(status);
    expect(`${response.body} ${response.headers['x-amzn-errortype']}`).toContain(code);
    expect(response.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked).toEqual([]);
  });

  test('and after them calls go on', async () => {
    expect((await send(json('DynamoDB_20120810.Scan', 'dynamodb'))).status).toBe(200);
  });

  test('a client that leaves is survived', async () => {
    const left = connect(port(), '127.0.0.1', () => {
      left.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf');
      setImmediate(() => left.destroy());
    });
    await new Promise((done) => left.once('close', done));
    expect((await send({ method: 'GET' })).status).toBe(200);
  });

  test('what goes wrong with an answer is told, not hidden', async () => {
    answer = () => ({ StatusCode: 200, FunctionError: 'two\nlines', Payload: Buffer.from('') });
    const response = await send({
      path: '/2015-03-31/functions/f/invocations',
      headers: { authorization: authorization('lambda') },
    });
    expect([response.status, JSON.parse(response.body)]).toEqual([
      500,
      { message: expect.stringContaining('The local runtime failed: Invalid character in header content') },
    ]);
  });
});

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

describe('who may connect', () => {
  const greet = (headers: Record<string, string>) => send({ method: 'GET', headers });

  test('the person at the terminal is greeted in one line', async () => {
    const { status, body } = await send({ method: 'GET' });
    expect(status).toBe(200);
    expect(body).toMatch(/^Local AWS runtime .*eu-central-1.*http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['[::1]:PORT', 200],
    ['bucket.localhost:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['evil.example:PORT', 403],
    ['127.0.0.1.evil.example:PORT', 403],
    ['localhost.evil.example:PORT', 403],
    ['127.0.0.1:1', 403],
    ['127.0.0.1', 403],
  ])('Host %s: %i', async (host, status) => {
    expect((await greet({ host: host.replace('PORT', String(port())) })).status).toBe(status);
  });

  test.each([
    [{ origin: 'http://localhost:3000' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 200],
  ])('a page with %j: %i', async (headers, status) => {
    expect((await greet(headers as unknown as Record<string, string>)).status).toBe(status);
  });
});

describe('listening', () => {
  test('a port in use is a clear error', async () => {
    await expect(startGateway(runtime, { port: port() })).rejects.toThrow(
      `port ${port()} is in use: stop what listens there, or choose another with --port`,
    );
  });

  test('closing ends idle and waiting connections at once; Date is runtime time', async () => {
    const other = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region });
    other.register({
      ...fake('dynamodb'),
      operations: { Scan: { input: z.any(), permissions: () => [], run: () => new Promise(() => {}) } },
    });
    const listening = await startGateway(other, { port: 0 });
    const idle = await fetch(listening.endpoint);
    expect(idle.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    await idle.text();
    const headers = { 'x-amz-target': 'DynamoDB_20120810.Scan', authorization: authorization('dynamodb') };
    const waiting = fetch(listening.endpoint, { method: 'POST', headers, body: '{}' });
    const lost = waiting.then(
      () => 'answered',
      () => 'lost',
    );
    await new Promise(setImmediate);
    const started = performance.now();
    await listening.close();
    await expect(lost).resolves.toBe('lost');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('the AWS CLI', () => {
  const run = promisify(execFile);
  let version: string | undefined;

  beforeAll(async () => {
    try {
      const { stdout } = await run('aws', ['--version']);
      version = stdout.trim();
    } catch (error) {
      console.log(`skipped: no AWS CLI here (${(error as Error).message.split('\n')[0]})`);
    }
  }, 30_000);

  const aws = async (...command: string[]): Promise<Json> => {
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_ACCESS_KEY_ID: 'AKIDDEVELOPER',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
    };
    const { stdout } = await run('aws', ['--endpoint-url', gateway.endpoint, '--output', 'json', ...command], { env });
    return JSON.parse(stdout || '{}') as Json;
  };

  test('speaks to every protocol', async () => {
    if (!version) return;
    answer = ({ service }) =>
      ({
        sts: { Account: '000000000000', Arn: 'arn:aws:iam::000000000000:user/developer', UserId: 'U' },
        sqs: { QueueUrls: ['u'] },
        cloudwatch: { MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: new Date(0) }] },
        lambda: { Functions: [{ FunctionName: 'f' }] },
        pipes: { Pipes: [{ Name: 'p', CreationTime: new Date(0) }] },
      })[service as 'sts'] ?? {};
    const [identity, queues, alarms, functions, pipes] = await Promise.all([
      aws('sts', 'get-caller-identity'),
      aws('sqs', 'list-queues'),
      aws('cloudwatch', 'describe-alarms'),
      aws('lambda', 'list-functions'),
      aws('pipes', 'list-pipes'),
    ]);
    expect(identity.Arn).toBe('arn:aws:iam::000000000000:user/developer');
    expect(queues.QueueUrls).toEqual(['u']);
    expect(alarms.MetricAlarms[0].AlarmName).toBe('a');
    expect(functions.Functions).toEqual([{ FunctionName: 'f' }]);
    expect(pipes.Pipes[0].Name).toBe('p');
  }, 60_000);

  test('names errors rightly in every protocol', async () => {
    if (!version) return;
    answer = () => {
      throw new AwsError('ResourceNotFoundException', 'not there', 400);
    };
    for (const command of [
      ['dynamodb', 'scan', '--table-name', 't'],
      ['sns', 'publish', '--topic-arn', 'arn:aws:sns:eu-central-1:000000000000:t', '--message', 'm'],
      ['cloudwatch', 'describe-alarms'],
      ['lambda', 'get-function', '--function-name', 'f'],
    ]) {
      await expect(aws(...command)).rejects.toThrow(/An error occurred \(ResourceNotFoundException\).*not there/);
    }
  }, 60_000);
});
