import { busArn, gathered, pipeRole, readQueue } from '../fixture';
import { bodies, filtered, fixture, started } from './queue-pipe';

describe('creation', () => {
  test.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])('fails without sqs:%s', async (missing) => {
    fixture.allowPipe('events:PutEvents', ...readQueue.filter((action) => action !== `sqs:${missing}`));
    await expect(fixture.createPipe()).rejects.toThrow(
      `The provided customer role does not have permissions to call ${missing} on SQS`,
    );
  });

  test('fails for a role that Pipes may not assume', async () => {
    fixture.runtime.iam.putRole({
      arn: pipeRole,
      name: 'pipe',
      trustPolicy: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      },
    });
    await expect(fixture.createPipe()).rejects.toThrow('sts:AssumeRole');
  });

  test('fails for a queue that does not exist', async () => {
    await expect(fixture.createPipe({ source: `${fixture.submission}-2` })).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
    });
  });

  test('needs no more rights than to read the queue and to put events', async () => {
    fixture.allowPipe('events:PutEvents', ...readQueue);
    await started();
    await fixture.send('a');
    await fixture.runtime.idle();
    expect(bodies()).toEqual(['a']);
    expect(await fixture.left()).toBe(0);
  });

  test('needs the right to decrypt, where a key encrypts the queue', async () => {
    const key = await fixture.create('aws_kms_key', 'claims', {
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::000000000000:root' },
          Action: 'kms:*',
          Resource: '*',
        },
      }),
    });
    const given = { name: 'secret', kms_master_key_id: key.arn };
    const { arn: source, url: QueueUrl } = await fixture.create('aws_sqs_queue', 'secret', given);
    fixture.allowPipe('events:PutEvents', ...readQueue);
    await started({ source });
    await fixture.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'a' });
    await fixture.pass(10_000);
    expect(fixture.hops('sqs', 'Decrypt')[0]).toMatchObject({ outcome: 'denied', data: { action: 'kms:Decrypt' } });
    fixture.allowPipe('events:PutEvents', 'kms:Decrypt', ...readQueue);
    await fixture.pass(60_000);
    expect(bodies()).toEqual(['a']);
  });

  test('is shown', async () => {
    await started({
      ...gathered,
      source_parameters: { ...gathered.source_parameters, ...filtered({ body: ['a'] }).source_parameters },
    });
    expect(await fixture.describe()).toMatchObject({
      CurrentState: 'RUNNING',
      Source: fixture.submission,
      Target: busArn,
      SourceParameters: {
        SqsQueueParameters: { BatchSize: 3, MaximumBatchingWindowInSeconds: 1 },
        FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }] },
      },
      TargetParameters: {},
    });
  });

  test('takes ten messages at once and gathers none, if it does not say', async () => {
    await started();
    expect((await fixture.describe()).SourceParameters.SqsQueueParameters).toEqual({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
    });
  });
});
