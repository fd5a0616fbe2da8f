import { gathered, pipeArn } from '../fixture';
import { bodies, filtered, fixture, started } from './queue-pipe';

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
