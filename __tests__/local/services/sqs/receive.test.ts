import { runUntil } from '../../../../local/simulation';
import { digestOfAttributes } from '../../../../local/services/sqs/digest';
import { type Received, arnOf, pass, setUp, urlOf } from './system';

describe('receiving', () => {
  test('hides a message for the visibility timeout and counts receives', async () => {
    const { queue, send, receive, clock, counts } = setUp();
    await queue('orders', { visibility_timeout_seconds: 40 });
    const { MessageId } = await send('orders', 'one');
    const [first] = await receive('orders');
    expect(first).toMatchObject({
      MessageId,
      Body: 'one',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000' },
    });
    pass(clock, 39.999);
    expect(await receive('orders')).toEqual([]);
    expect(await counts('orders')).toEqual([0, 1, 0]);
    pass(clock, 0.001);
    const [second] = await receive('orders');
    expect(second!.Attributes).toEqual({
      SenderId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      SentTimestamp: '1767225600000',
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: '1767225600000',
    });
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
  });

  test('signals at once for a new message, and again when it is visible again', async () => {
    const { queue, send, receive, clock, runtime } = setUp();
    await queue('orders');
    const signals: number[] = [];
    runtime.onSignal(arnOf('orders'), () => signals.push(clock.now() - 1_767_225_600_000));
    await send('orders', 'one');
    await receive('orders');
    pass(clock, 60);
    await send('orders', 'two', { DelaySeconds: 7 });
    pass(clock, 60);
    expect(signals).toEqual([0, 30_000, 67_000]);
  });

  test('delays by the queue, or by the message', async () => {
    const { queue, send, receive, clock, counts } = setUp();
    await queue('orders', { delay_seconds: 10 });
    await send('orders', 'by the queue');
    await send('orders', 'by the message', { DelaySeconds: 0 });
    expect((await receive('orders', { MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(['by the message']);
    expect(await counts('orders')).toEqual([0, 1, 1]);
    pass(clock, 10);
    expect((await receive('orders')).map(({ Body }) => Body)).toEqual(['by the queue']);
  });

  test('a stale receipt handle deletes nothing, the latest one does even after its time', async () => {
    const { queue, send, receive, call, clock, counts } = setUp();
    await queue('orders');
    await send('orders', 'one');
    const [first] = await receive('orders');
    pass(clock, 30);
    const [second] = await receive('orders');
    const remove = async (handle: string) =>
      call('DeleteMessage', { QueueUrl: urlOf('orders'), ReceiptHandle: handle });
    expect(await remove(first!.ReceiptHandle)).toEqual({});
    expect(await counts('orders')).toEqual([0, 1, 0]);
    pass(clock, 30);
    await remove(second!.ReceiptHandle);
    expect(await counts('orders')).toEqual([0, 0, 0]);
    expect(await remove(second!.ReceiptHandle)).toEqual({});
  });

  test('changes visibility, up to 12 hours in all', async () => {
    const { queue, send, receive, call, clock } = setUp();
    await queue('orders');
    await send('orders', 'one');
    const [{ ReceiptHandle }] = (await receive('orders')) as [Received];
    const change = async (VisibilityTimeout: number) =>
      call('ChangeMessageVisibility', { QueueUrl: urlOf('orders'), ReceiptHandle, VisibilityTimeout });
    pass(clock, 10);
    await change(100);
    pass(clock, 99);
    expect(await receive('orders')).toEqual([]);
    await expect(change(43_200)).rejects.toThrow(
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    );
    await change(0);
    await expect(change(5)).rejects.toMatchObject({ code: 'MessageNotInflight' });
    expect(await receive('orders')).toHaveLength(1);
    await expect(change(5)).rejects.toThrow('Message does not exist or is not available');
  });

  test('is nearly in order, never beyond reach, and the same again with the same seed', async () => {
    const order = async (seed: number) => {
      const { queue, call, receive } = setUp(seed);
      await queue('orders');
      for (let batch = 0; batch < 20; batch++) {
        const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `m${i}`, MessageBody: String(batch * 10 + i) }));
        await call('SendMessageBatch', { QueueUrl: urlOf('orders'), Entries });
      }
      const seen: number[] = [];
      while (seen.length < 200)
        for (const { Body } of await receive('orders', { MaxNumberOfMessages: 10 })) seen.push(Number(Body));
      return seen;
    };
    const seen = await order(7);
    const sorted = [...seen].sort((a, b) => a - b);
    expect(new Set(seen).size).toBe(200);
    expect(seen).not.toEqual(sorted);
    expect(seen.every((body, position) => body - position < 20)).toBe(true);
    expect(await order(7)).toEqual(seen);
    expect(await order(8)).not.toEqual(seen);
  });

  test('a message received three times goes behind all the others', async () => {
    const { queue, send, receive, clock } = setUp();
    await queue('orders', { visibility_timeout_seconds: 1 });
    await send('orders', 'poison');
    for (let i = 0; i < 3; i++) {
      await receive('orders');
      pass(clock, 1);
      if (i === 1) for (let n = 0; n < 60; n++) await send('orders', 'good', { DelaySeconds: 1 });
    }
    const seen: string[] = [];
    while (seen.length < 61) seen.push((await receive('orders', { VisibilityTimeout: 60 }))[0]!.Body);
    expect(seen.indexOf('poison')).toBeGreaterThanOrEqual(41);
  });

  test('a short poll may return fewer than there are, a long poll returns them', async () => {
    const { queue, send, receive, call } = setUp();
    await queue('orders', { visibility_timeout_seconds: 0 });
    for (let i = 0; i < 10; i++) await send('orders', String(i));
    const sizes = new Set<number>();
    for (let i = 0; i < 50; i++) sizes.add((await receive('orders', { MaxNumberOfMessages: 10 })).length);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(sizes.size).toBeGreaterThan(3);
    expect(await receive('orders', { MaxNumberOfMessages: 10, WaitTimeSeconds: 1 })).toHaveLength(10);
    expect(
      await call('ReceiveMessage', { QueueUrl: urlOf('orders'), MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    ).not.toHaveProperty('Messages.0.Attributes');
  });

  test('selects message attributes by name and prefix, with their own MD5', async () => {
    const { queue, send, receive } = setUp();
    await queue('orders', { visibility_timeout_seconds: 0 });
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const sent = await send('orders', 'msg', {
      MessageAttributes: { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') },
    });
    expect(sent).toMatchObject({
      MD5OfMessageBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
      MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5',
    });
    const digest = async (...names: string[]) =>
      (await receive('orders', { MessageAttributeNames: names }))[0]!.MD5OfMessageAttributes;
    expect(await digest('All')).toBe('4c360f3fdafd970e05fae2f149d997f5');
    expect(await digest('.*')).toBe('4c360f3fdafd970e05fae2f149d997f5');
    expect(await digest('Hello', 'General')).toBe('fca026605781cb4126a1e9044df24232');
    expect(await digest('Hello', 'None')).toBe('a311262e065454b75da111d535b8dacd');
    expect(await digest('Hel.*')).toBe('83fee93c1bcd8b9a5a923ffacdc636c7');
    expect(await digest('None')).toBeUndefined();
  });

  test('MD5 of text and binary attributes as AWS computes it', () => {
    expect(digestOfAttributes({ Foo: { DataType: 'String', StringValue: 'Bar' } })).toBe(
      'ae7155c6026991b6d54b11589678bf9c',
    );
    const bytes = 'traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01';
    const BinaryValue = Buffer.from(bytes, 'latin1').toString('base64');
    expect(digestOfAttributes({ attr1: { DataType: 'Binary', BinaryValue } })).toBe('8cbe4db156db8a94db8b801b7addb984');
  });

  test('carries the trace header and its MD5', async () => {
    const { queue, send, receive } = setUp();
    await queue('orders');
    const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5e3d83c1-e6a0db584850d0ff' };
    const sent = await send('orders', 'one', { MessageSystemAttributes: { AWSTraceHeader } });
    expect(sent.MD5OfMessageSystemAttributes).toBe(digestOfAttributes({ AWSTraceHeader }));
    expect((await receive('orders'))[0]!.Attributes).toMatchObject({
      AWSTraceHeader: 'Root=1-5e3d83c1-e6a0db584850d0ff',
    });
  });
});

describe('long polling', () => {
  test('waits without keeping the runtime busy, and returns when a message comes', async () => {
    const { queue, send, receive, clock, runtime } = setUp();
    await queue('orders');
    let answer: Received[] | undefined;
    void receive('orders', { WaitTimeSeconds: 20 }).then((messages) => (answer = messages));
    await runtime.idle();
    pass(clock, 5);
    await runtime.idle();
    expect(answer).toBeUndefined();
    await send('orders', 'one');
    await runtime.idle();
    expect(answer).toHaveLength(1);
    expect(clock.step(clock.now() + 20_000)).toBe(false);
  });

  test('ends empty after the wait, which the queue may set', async () => {
    const { queue, receive, clock, runtime } = setUp();
    await queue('orders', { receive_wait_time_seconds: 3 });
    let answer: Received[] | undefined;
    const began = clock.now();
    void receive('orders').then((messages) => (answer = messages));
    await runUntil(runtime, clock, () => answer !== undefined);
    expect(answer).toEqual([]);
    expect(clock.now() - began).toBe(3000);
  });

  test('wakes for a message whose visibility timeout ends, and one poller for each message', async () => {
    const { queue, send, receive, clock, runtime } = setUp();
    await queue('orders', { visibility_timeout_seconds: 4 });
    await send('orders', 'one');
    await receive('orders');
    const answers: number[] = [];
    for (let i = 0; i < 2; i++)
      void receive('orders', { WaitTimeSeconds: 3 + 2 * i }).then(({ length }) => answers.push(length));
    await runUntil(runtime, clock, () => answers.length === 2);
    expect(answers).toEqual([0, 1]);
    expect(clock.now()).toBe(1_767_225_604_000);
  });

  test('ends when the runtime stops', async () => {
    const { queue, receive, runtime } = setUp();
    await queue('orders');
    const answer = receive('orders', { WaitTimeSeconds: 20 });
    await runtime.idle();
    await runtime.stop();
    expect(await answer).toEqual([]);
  });
});

describe('retention', () => {
  test('messages vanish when their time is over, in flight or not, and the timeline says so', async () => {
    const { queue, send, receive, clock, runtime, counts } = setUp();
    await queue('orders', { message_retention_seconds: 100, visibility_timeout_seconds: 1000 });
    await send('orders', 'one');
    pass(clock, 50);
    await send('orders', 'two');
    await receive('orders', { MaxNumberOfMessages: 1 });
    pass(clock, 50);
    expect((await counts('orders')).reduce((a, b) => a + b)).toBe(1);
    pass(clock, 50);
    expect(await counts('orders')).toEqual([0, 0, 0]);
    const expired = runtime.timeline.hops.filter(({ operation }) => operation === 'expire');
    expect(expired).toMatchObject([
      { outcome: 'failed', parents: [1] },
      { outcome: 'failed', parents: [2] },
    ]);
    expect(clock.step(Infinity)).toBe(false);
  });
});
