import { messageParents } from '../../../../local/services/sqs/message';
import { arnOf, pass, redrive, setUp, urlOf } from './system';

describe('dead-letter queues', () => {
  async function poisoned(maxReceiveCount: number) {
    const system = setUp();
    await system.queue('dlq', { message_retention_seconds: 1000 });
    await system.queue('orders', { visibility_timeout_seconds: 1, redrive_policy: redrive('dlq', maxReceiveCount) });
    await system.runtime.start();
    return system;
  }

  test.each([1, 2, 5])(
    'a message comes %i times, then goes to the dead-letter queue at the next receive',
    async (times) => {
      const { send, receive, clock, runtime, counts } = await poisoned(times);
      const { MessageId } = await send('orders', 'poison');
      for (let i = 1; i <= times; i++) {
        expect((await receive('orders'))[0]!.Attributes).toMatchObject({ ApproximateReceiveCount: String(i) });
        pass(clock, 1);
      }
      expect(await counts('dlq')).toEqual([0, 0, 0]);
      expect(await receive('orders')).toEqual([]);
      expect(await counts('orders')).toEqual([0, 0, 0]);
      const [dead] = await receive('dlq');
      expect(dead).toMatchObject({
        MessageId,
        Body: 'poison',
        Attributes: {
          DeadLetterQueueSourceArn: arnOf('orders'),
          SentTimestamp: '1767225600000',
          ApproximateReceiveCount: '1',
        },
      });
      const hop = runtime.timeline.hops.find(({ operation }) => operation === 'redrive')!;
      expect(hop).toMatchObject({ resource: arnOf('dlq'), outcome: 'dead-lettered', parents: [1] });
      expect(dead![messageParents]).toEqual([hop.id]);
    },
  );

  test('a receive passes over poison to the messages behind it', async () => {
    const { send, receive, clock } = await poisoned(1);
    await send('orders', 'poison');
    await receive('orders');
    await send('orders', 'good');
    pass(clock, 1);
    expect((await receive('orders', { MaxNumberOfMessages: 10, WaitTimeSeconds: 1 })).map(({ Body }) => Body)).toEqual([
      'good',
    ]);
  });

  test('signals the dead-letter queue and keeps the time of sending for its retention', async () => {
    const { send, receive, clock, runtime, counts } = await poisoned(1);
    let signals = 0;
    runtime.onSignal(arnOf('dlq'), () => signals++);
    await send('orders', 'poison');
    pass(clock, 600);
    await receive('orders');
    pass(clock, 1);
    await receive('orders');
    expect(signals).toBe(1);
    pass(clock, 398.999);
    expect(await counts('dlq')).toEqual([1, 0, 0]);
    pass(clock, 0.001);
    expect(await counts('dlq')).toEqual([0, 0, 0]);
  });

  test('without its dead-letter queue, a queue keeps the message', async () => {
    const { queue, send, receive, clock } = setUp();
    await queue('orders', { visibility_timeout_seconds: 1, redrive_policy: redrive('dlq', 1) });
    await send('orders', 'poison');
    await receive('orders');
    pass(clock, 1);
    expect((await receive('orders'))[0]!.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  });

  test('lists the sources of a dead-letter queue', async () => {
    const { call } = await poisoned(3);
    expect(await call('ListDeadLetterSourceQueues', { QueueUrl: urlOf('dlq') })).toEqual({
      queueUrls: [urlOf('orders')],
    });
    expect(await call('ListDeadLetterSourceQueues', { QueueUrl: urlOf('orders') })).toEqual({ queueUrls: [] });
  });
});
