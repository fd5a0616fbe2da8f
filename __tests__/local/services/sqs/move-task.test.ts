import { runUntil } from '../../../../local/simulation';
import { arnOf, pass, redrive, setUp } from './system';

describe('message move tasks', () => {
  async function drained(count: number) {
    const system = setUp();
    const { queue, send, receive, counts, call, clock } = system;
    await queue('dlq');
    await queue('other');
    await queue('orders', { visibility_timeout_seconds: 1, redrive_policy: redrive('dlq', 1) });
    for (let i = 0; i < count; i++) {
      await send('orders', String(i), { MessageAttributes: { n: { DataType: 'Number', StringValue: `${i}` } } });
    }
    while ((await counts('orders'))[1]! < count) await receive('orders', { MaxNumberOfMessages: 10 });
    pass(clock, 1);
    while ((await counts('orders'))[0]! > 0) await receive('orders', { MaxNumberOfMessages: 10 });
    expect(await counts('dlq')).toEqual([count, 0, 0]);
    const tasks = async () => (await call('ListMessageMoveTasks', { SourceArn: arnOf('dlq'), MaxResults: 10 })).Results;
    return { ...system, tasks };
  }

  test('brings messages back to where they came from, as new messages', async () => {
    const { call, receive, counts, runtime, clock, tasks } = await drained(1);
    const [lost] = await receive('dlq', { VisibilityTimeout: 0 });
    const started = clock.now();
    const { TaskHandle } = await call('StartMessageMoveTask', { SourceArn: arnOf('dlq') });
    expect(await tasks()).toMatchObject([{ TaskHandle, Status: 'RUNNING', ApproximateNumberOfMessagesToMove: 1 }]);
    await runUntil(runtime, clock, () => runtime.timeline.hops.some(({ operation }) => operation === 'move'), 10_000);
    expect(await tasks()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: arnOf('dlq'),
        ApproximateNumberOfMessagesMoved: 1,
        ApproximateNumberOfMessagesToMove: 1,
        StartedTimestamp: started,
      },
    ]);
    expect(await counts('dlq')).toEqual([0, 0, 0]);
    const [again] = await receive('orders');
    expect(again).toMatchObject({
      Body: '0',
      MessageAttributes: { n: { StringValue: '0' } },
      Attributes: { ApproximateReceiveCount: '1' },
    });
    expect(again!.MessageId).not.toBe(lost!.MessageId);
    expect(again!.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    const whole = runtime.timeline.descendants(1).map(({ operation }) => operation);
    expect(whole).toEqual(['SendMessage', 'redrive', 'SendMessage']);
  });

  test('moves at the rate asked for, to the destination asked for, until it is cancelled', async () => {
    const { call, counts, runtime, clock, tasks } = await drained(5);
    const order = { SourceArn: arnOf('dlq'), DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = await call('StartMessageMoveTask', order);
    await expect(call('StartMessageMoveTask', order)).rejects.toThrow('There is already a task running.');
    await runUntil(runtime, clock, () => false, 2500);
    expect(await counts('other')).toEqual([2, 0, 0]);
    expect(await call('CancelMessageMoveTask', { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 2 });
    await runUntil(runtime, clock, () => false, 10_000);
    expect([await counts('other'), await counts('dlq')]).toEqual([
      [2, 0, 0],
      [3, 0, 0],
    ]);
    expect(await tasks()).toMatchObject([
      { Status: 'CANCELLED', DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 },
    ]);
    await expect(call('CancelMessageMoveTask', { TaskHandle })).rejects.toThrow('Only active tasks');
  });

  test('fails for a message that no redrive policy brought, and leaves it where it is', async () => {
    const { call, send, counts, runtime, clock, tasks } = await drained(0);
    await send('dlq', 'of a rule');
    await call('StartMessageMoveTask', { SourceArn: arnOf('dlq') });
    await runUntil(runtime, clock, () => runtime.timeline.hops.some(({ operation }) => operation === 'move'), 10_000);
    expect(await tasks()).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
    expect(await counts('dlq')).toEqual([1, 0, 0]);
  });

  test('fails when its caller may not send', async () => {
    const { call, counts, runtime, clock, tasks } = await drained(2);
    await call('StartMessageMoveTask', { SourceArn: arnOf('dlq') });
    runtime.faults.add({ operation: 'SendMessage', effect: 'deny' });
    await runUntil(runtime, clock, () => runtime.timeline.hops.some(({ operation }) => operation === 'move'), 10_000);
    expect(await tasks()).toMatchObject([{ Status: 'FAILED', FailureReason: 'AccessDenied' }]);
    expect(await counts('dlq')).toEqual([2, 0, 0]);
  });

  test('refuses what AWS refuses', async () => {
    const { call } = await drained(0);
    const start = async (input: object) => call('StartMessageMoveTask', input);
    await expect(start({ SourceArn: arnOf('orders') })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: 'Source queue must be configured as a Dead Letter Queue.',
    });
    await expect(start({ SourceArn: arnOf('none') })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
    await expect(start({ SourceArn: arnOf('dlq'), DestinationArn: arnOf('none') })).rejects.toThrow(
      'DestinationArn parameter',
    );
    await expect(start({ SourceArn: arnOf('dlq'), MaxNumberOfMessagesPerSecond: 501 })).rejects.toThrow('Value 501');
    await expect(call('CancelMessageMoveTask', { TaskHandle: 'foobared' })).rejects.toThrow(
      'Value for parameter TaskHandle is invalid.',
    );
    const unknown = Buffer.from(`id ${arnOf('dlq')}`).toString('base64');
    await expect(call('CancelMessageMoveTask', { TaskHandle: unknown })).rejects.toThrow('Task does not exist.');
  });
});
