import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../../local/aws-error';
import type { Principal } from '../../../local/principal';
import { answerWith, asked, authorization, gateway, json, region, runtime, send } from './listening';

const credentials = { accessKeyId: 'AKIDDEVELOPER', secretAccessKey: 'x' };

describe('clients of the SDK', () => {
  const client = () => new DynamoDBClient({ endpoint: gateway.endpoint, region, credentials, maxAttempts: 1 });

  test('a call arrives as service, operation and input, and its output returns', async () => {
    answerWith(() => ({ Item: { id: { S: 'a' }, blob: { B: Buffer.from('hi') } } }));
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
    answerWith(() => {
      throw new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, { CancellationReasons });
    });
    await expect(client().send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled',
      CancellationReasons,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('timestamps are epoch seconds', async () => {
    const events = new EventBridgeClient({ endpoint: gateway.endpoint, region, credentials, maxAttempts: 1 });
    answerWith(() => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }));
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
    answerWith(() => {
      throw new AwsError('SandboxKilled', 'killed', 500);
    });
    await expect(send(json('DynamoDB_20120810.Scan', 'dynamodb'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
