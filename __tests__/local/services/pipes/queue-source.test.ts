import { array, asyncProperty, assert, integer } from 'fast-check';
import { busArn, gathered, pipeArn, pipeFixture, pipeRole, readQueue } from './fixture';

let fixture: Awaited<ReturnType<typeof pipeFixture>>;
beforeEach(async () => {
  fixture = await pipeFixture();
});
afterEach(async () => fixture.close());

const started = async (given: object = {}) => {
  await fixture.createPipe(given);
  await fixture.runtime.start();
};
const bodies = () => fixture.events().map(({ detail }) => detail['body']);
const filtered = (...patterns: object[]) => ({
  source_parameters: { filter_criteria: { filter: patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) } },
});

describe('messages', () => {
  test('arrive bare, under the names AWS gives, and are deleted', async () => {
    await started();
    const sent = await fixture.call('sqs', 'SendMessage', {
      QueueUrl: `${fixture.runtime.endpoint}/000000000000/submission`,
      MessageBody: '{"a":1}',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
    });
    await fixture.runtime.idle();
    const [event] = fixture.events();
    expect(event).toMatchObject({ source: 'Pipe claims', 'detail-type': 'Event from aws:sqs' });
    expect(event!.detail).toEqual({
      messageId: sent.MessageId,
      receiptHandle: expect.any(String),
      body: '{"a":1}',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1767225600000',
        SenderId: expect.any(String),
        ApproximateFirstReceiveTimestamp: '1767225600000',
      },
      messageAttributes: {
        kind: { stringValue: 'order', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfMessageAttributes: sent.MD5OfMessageAttributes,
      md5OfBody: sent.MD5OfMessageBody,
      eventSource: 'aws:sqs',
      eventSourceARN: fixture.submission,
      awsRegion: 'eu-west-1',
    });
    expect(await fixture.left()).toBe(0);
    const [batch] = fixture.hops('pipes', 'batch');
    expect(batch).toMatchObject({ resource: pipeArn, data: { messageId: sent.MessageId } });
    expect(fixture.runtime.timeline.hops.find(({ id }) => id === batch!.parents[0])!.operation).toBe('SendMessage');
    expect(fixture.causes()).toEqual([[batch!.id]]);
  });

  test('gather until the batch is full or its window is over', async () => {
    await started(gathered);
    await fixture.send('a', 'b', 'c', 'd');
    await fixture.runtime.idle();
    expect(fixture.hops('pipes', 'batch')).toHaveLength(3);
    const begin = fixture.clock.now();
    await fixture.until(() => fixture.events().length === 4);
    expect(fixture.clock.now() - begin).toBe(1000);
  });

  test('of more than 6 MB go in several executions', async () => {
    await fixture.addFunction('enrich', 'export const handler = async (records) => [{ taken: records.length }];');
    await started({
      enrichment: 'arn:aws:lambda:eu-west-1:000000000000:function:enrich',
      source_parameters: { sqs_queue_parameters: { batch_size: 10, maximum_batching_window_in_seconds: 1 } },
    });
    await fixture.send(...Array.from({ length: 10 }, (_, index) => String(index).repeat(1_000_000)));
    await fixture.until(() => fixture.events().length === 2);
    expect(new Set(fixture.events().map(({ detail }) => detail['taken']))).toEqual(new Set([6, 4]));
  });

  test('wait while the pipe is stopped', async () => {
    await started({ desired_state: 'STOPPED' });
    await fixture.send('a');
    await fixture.pass(60_000);
    expect(bodies()).toEqual([]);
    await fixture.call('pipes', 'StartPipe', { Name: 'claims' });
    await fixture.runtime.idle();
    expect(bodies()).toEqual(['a']);
    await fixture.call('pipes', 'StopPipe', { Name: 'claims' });
    await fixture.send('b');
    await fixture.pass(60_000);
    expect(bodies()).toEqual(['a']);
  });

  test('go five batches at a time, and no further one once the pipe is stopped', async () => {
    await started({ source_parameters: { sqs_queue_parameters: { batch_size: 1 } } });
    fixture.slow('events', 'PutEvents', 10, () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'id' }] }));
    await fixture.send(...Array.from({ length: 12 }, (_, index) => String(index)));
    await fixture.runtime.idle();
    expect(fixture.hops('pipes', 'batch')).toHaveLength(5);
    await fixture.pass(10_000);
    expect(fixture.hops('pipes', 'batch')).toHaveLength(10);
    await fixture.call('pipes', 'StopPipe', { Name: 'claims' });
    await fixture.pass(50_000);
    expect(fixture.hops('pipes', 'batch')).toHaveLength(10);
    expect(await fixture.left()).toBe(2);
  });

  test('nothing is read and no timer is left while nothing is sent', async () => {
    await started(gathered);
    await fixture.runtime.idle();
    expect(fixture.clock.step(Infinity)).toBe(false);
  });
});

describe('filter', () => {
  test.each([
    ['JSON that fits', { body: { type: ['order'] } }, '{"type":"order"}', true],
    ['JSON that does not fit', { body: { type: ['order'] } }, '{"type":"invoice"}', false],
    ['text for a JSON pattern', { body: { type: ['order'] } }, 'order', false],
    ['text that fits', { body: [{ prefix: 'or' }] }, 'order', true],
    ['JSON for a text pattern', { body: [{ prefix: '{' }] }, '{"type":"order"}', false],
  ])('%s: deleted, taken or not', async (_, pattern, body, taken) => {
    await started(filtered(pattern));
    await fixture.send(body);
    await fixture.pass(120_000);
    expect(bodies()).toEqual(taken ? [body] : []);
    expect(await fixture.left()).toBe(0);
    expect(fixture.hops('pipes', 'filter')).toHaveLength(taken ? 0 : 1);
    expect(await fixture.messages('dead')).toEqual([]);
  });

  test('on something else than the body is refused', async () => {
    await expect(fixture.createPipe(filtered({ attributes: { SenderId: ['a'] } }))).rejects.toThrow(
      'attributes cannot be filtered by the local runtime: a pattern for a queue names body only',
    );
  });
});

describe('failures', () => {
  const typed = {
    ...gathered,
    target_parameters: { eventbridge_event_bus_parameters: { source: 'claims', detail_type: '$.body.type' } },
  };

  test('of entries leave just these messages, which end in the dead-letter queue', async () => {
    await started(typed);
    await fixture.send('{"type":"good"}', '{"none":true}', 'no JSON');
    await fixture.pass(300_000);
    expect(fixture.events().map((event) => event['detail-type'])).toEqual(['good']);
    expect(await fixture.dead()).toEqual(['no JSON', '{"none":true}']);
    expect(await fixture.left()).toBe(0);
    expect(fixture.hops('pipes', 'batch')).toHaveLength(7);
    expect(fixture.hops('pipes', 'retry')[0]).toMatchObject({
      outcome: 'failed',
      summary:
        'claims: 2 messages left in the queue: ValidationException: The path $.body.type has no string value in the event',
    });
  });

  test('of the customer count as receives', async () => {
    await started();
    fixture.allowPipe(...readQueue);
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(await fixture.messages('dead')).toMatchObject([{ Body: 'a' }]);
    const denied = fixture.hops('events', 'PutEvents').filter(({ outcome }) => outcome === 'denied');
    expect(denied).toHaveLength(3);
    expect(denied[0]!.principal).toContain('assumed-role/pipe/claims');
  });

  test.each(['throttle', 'failBefore'] as const)('inside AWS (%s) count no receive', async (effect) => {
    await started();
    fixture.runtime.faults.add({ operation: 'PutEvents', principal: 'role/pipe', effect, times: 4 });
    await fixture.send('a');
    await fixture.until(() => fixture.events().length === 1);
    expect(fixture.events()[0]!.detail['attributes']).toMatchObject({ ApproximateReceiveCount: '1' });
    await fixture.pass(120_000);
    expect(bodies()).toEqual(['a']);
    expect(await fixture.left()).toBe(0);
  });

  test('inside AWS for longer than a message is hidden: it comes again', async () => {
    await started();
    fixture.runtime.faults.add({ operation: 'PutEvents', effect: 'throttle', times: 8 });
    await fixture.send('a');
    await fixture.until(() => fixture.events().length === 1);
    expect(fixture.events()[0]!.detail['attributes']).toMatchObject({ ApproximateReceiveCount: '2' });
  });

  test('of the deletion: the message is published again', async () => {
    await started();
    fixture.runtime.faults.add({ operation: 'DeleteMessageBatch', effect: 'failBefore' });
    await fixture.send('a');
    await fixture.pass(120_000);
    expect(bodies()).toEqual(['a', 'a']);
    expect(await fixture.left()).toBe(0);
  });

  test('of receives are tried again', async () => {
    await started();
    fixture.runtime.faults.add({ operation: 'ReceiveMessage', effect: 'throttle', times: 3 });
    await fixture.send('a');
    expect(await fixture.until(() => fixture.events().length === 1)).toBe(true);
  });

  test('lose nothing, whatever fails', async () => {
    await fixture.close();
    await assert(
      asyncProperty(
        integer({ min: 1, max: 1000 }),
        array(integer({ min: 0, max: 3 }), { maxLength: 12 }),
        async (seed, kinds) => {
          fixture = await pipeFixture();
          await started(gathered);
          const { faults } = fixture.runtime;
          for (const [index, kind] of kinds.entries()) {
            const effect = (['throttle', 'failBefore', 'failAfter', 'duplicate'] as const)[kind]!;
            const operation = ['PutEvents', 'DeleteMessageBatch', 'ReceiveMessage'][(index + seed) % 3]!;
            faults.add({ operation, principal: 'role/pipe', effect });
          }
          const sent = Array.from({ length: 12 }, (_, index) => `m${index}`);
          await fixture.send(...sent);
          await fixture.pass(600_000);
          expect(new Set([...bodies(), ...(await fixture.dead())])).toEqual(new Set(sent));
          expect(await fixture.left()).toBe(0);
          await fixture.close();
        },
      ),
      { numRuns: 15 },
    );
    fixture = await pipeFixture();
  });
});

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
