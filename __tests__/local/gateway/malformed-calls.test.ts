import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { answerWith, asked, authorization, json, port, type Raw, send } from './listening';

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
    answerWith(() => ({ StatusCode: 200, FunctionError: 'two\nlines', Payload: Buffer.from('') }));
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
