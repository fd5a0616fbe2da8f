import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { AwsError } from '../../../local/aws-error';
import { decodeCbor, encodeCbor } from '../../../local/protocols/cbor';
import { answerWith, asked, authorization, json, send } from './listening';

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
    answerWith(() => {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    });
    const response = await send(json('AmazonSQS.SendMessage', 'sqs'));
    expect(response.headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(JSON.parse(response.body)).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  test('Lambda: members from path, query and headers, payload as it is', async () => {
    answerWith(() => ({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      LogResult: 'bG9n',
      ExecutedVersion: '$LATEST',
      Payload: Buffer.from('{"x":1}'),
    }));
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
    answerWith(() => {
      throw new AwsError('ResourceNotFoundException', 'Function not found', 404, { Type: 'User' });
    });
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
    answerWith(() => ({ Attributes: { Policy: '<&>' }, Topics: [{ TopicArn: 'a' }, { TopicArn: 'b' }] }));
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
    answerWith(() => ({ MetricAlarms: [{ StateUpdatedTimestamp: new Date(1500), Threshold: 0.5 }] }));
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
