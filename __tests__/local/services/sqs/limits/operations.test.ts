import type { Metric } from '../../../../../local/runtime';
import { account, pass, type Received, setUp, urlOf } from '../system';
import { body, url } from './orders-queue';

describe('limits and malformed calls', () => {
  test('takes the largest message, and characters beyond the first plane', async () => {
    const { queue, send, receive } = setUp();
    await queue('orders', { max_message_size: 1_048_576 });
    await send('orders', body(1_048_576));
    expect((await receive('orders'))[0]!.Body).toHaveLength(1_048_576);
    await send('orders', '\t\n\r😀');
    expect((await receive('orders'))[0]!.Body).toBe('\t\n\r😀');
  });

  test('reports a failed entry of a batch beside the others', async () => {
    const { queue, call, receive } = setUp();
    await queue('orders');
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: '\u0000' },
      { Id: 'big', MessageBody: body(262_145) },
    ];
    const sent = await call('SendMessageBatch', { ...url, Entries });
    expect(sent.Successful).toMatchObject([{ Id: 'good', MessageId: expect.any(String) }]);
    expect(sent.Failed).toMatchObject([
      { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' },
      { Id: 'big', SenderFault: true, Code: 'InvalidParameterValue' },
    ]);
    const [{ ReceiptHandle }] = (await receive('orders')) as [Received];
    const changed = await call('ChangeMessageVisibilityBatch', {
      ...url,
      Entries: [
        { Id: 'a', ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'b', ReceiptHandle, VisibilityTimeout: 5 },
      ],
    });
    expect(changed).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', Code: 'AWS.SimpleQueueService.MessageNotInflight' }],
    });
    const deleted = await call('DeleteMessageBatch', {
      ...url,
      Entries: [
        { Id: 'a', ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'x' },
      ],
    });
    expect(deleted).toEqual({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: expect.any(String) }],
    });
  });

  test('finds queues by any host, by name, prefix and page', async () => {
    const { queue, call, send } = setUp();
    for (const name of ['b', 'a1', 'a2']) await queue(name, { tags: { name } });
    await expect(
      call('SendMessage', { QueueUrl: `https://localhost:1/${account}/b`, MessageBody: 'x' }),
    ).resolves.toBeDefined();
    await send('b', 'x');
    expect(await call('GetQueueUrl', { QueueName: 'b' })).toEqual({ QueueUrl: urlOf('b') });
    expect(await call('ListQueues', { QueueNamePrefix: 'a' })).toEqual({ QueueUrls: [urlOf('a1'), urlOf('a2')] });
    expect(await call('ListQueues', { QueueNamePrefix: 'c' })).toEqual({});
    const { NextToken, QueueUrls } = await call('ListQueues', { MaxResults: 2 });
    expect(QueueUrls).toHaveLength(2);
    expect(await call('ListQueues', { MaxResults: 2, NextToken })).toEqual({ QueueUrls: [urlOf('b')] });
    expect(await call('ListQueueTags', { QueueUrl: urlOf('b') })).toEqual({ Tags: { name: 'b' } });
  });

  test('purges everything, once a minute', async () => {
    const { queue, send, receive, call, counts, clock } = setUp();
    await queue('orders');
    for (let i = 0; i < 3; i++) await send('orders', 'x');
    await receive('orders');
    await send('orders', 'x', { DelaySeconds: 5 });
    await call('PurgeQueue', url);
    expect(await counts('orders')).toEqual([0, 0, 0]);
    await expect(call('PurgeQueue', url)).rejects.toMatchObject({ code: 'PurgeQueueInProgress', status: 403 });
    pass(clock, 60);
    await expect(call('PurgeQueue', url)).resolves.toEqual({});
  });

  test('has gauges of its depth, and of its oldest message but poison', async () => {
    const { queue, send, receive, runtime, clock } = setUp();
    await queue('orders', { visibility_timeout_seconds: 1 });
    const sample = () =>
      Object.fromEntries(runtime.gauges.sample().map(({ name, value }) => [name.replace('Approximate', ''), value]));
    await send('orders', 'poison');
    pass(clock, 10);
    await send('orders', 'x', { DelaySeconds: 100 });
    const numbers = { NumberOfMessagesVisible: 1, NumberOfMessagesNotVisible: 0, NumberOfMessagesDelayed: 1 };
    expect(sample()).toEqual({ ...numbers, AgeOfOldestMessage: 10 });
    for (let i = 0; i < 3; i++) {
      await receive('orders');
      pass(clock, 1);
    }
    expect(sample()).toEqual({ ...numbers, AgeOfOldestMessage: 3 });
  });

  test('measures what is sent, received and deleted', async () => {
    const { queue, send, receive, call, runtime } = setUp();
    const metrics: Metric[] = [];
    runtime.onMetric((metric) => metrics.push(metric));
    await queue('orders');
    await send('orders', 'x');
    const [{ ReceiptHandle }] = (await receive('orders')) as [Received];
    await call('DeleteMessage', { ...url, ReceiptHandle });
    await call('DeleteMessage', { ...url, ReceiptHandle });
    const of = (name: string) => ({ namespace: 'AWS/SQS', name, dimensions: { QueueName: 'orders' }, value: 1 });
    expect(metrics).toEqual([
      of('NumberOfMessagesSent'),
      of('NumberOfMessagesReceived'),
      of('NumberOfMessagesDeleted'),
    ]);
  });
});
