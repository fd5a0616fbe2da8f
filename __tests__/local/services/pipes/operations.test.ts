import { bus, type Harness, pipeArn, queue, role, stream } from './harness';
import { bisecting, deadLetters, started } from './stream-pipe';

const ask = (harness: Harness, operation: string, input: object = { Name: 'orders' }) =>
  harness.runtime.call({ service: 'pipes', operation, input, principal: harness.runtime.administrator });

describe('operations', () => {
  test('stopped, a pipe keeps its place', async () => {
    const harness = await started({ batch_size: 1 });
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(await ask(harness, 'StopPipe')).toMatchObject({ CurrentState: 'STOPPED', DesiredState: 'STOPPED' });
    harness.write('o1');
    harness.write('o2');
    await harness.pass(600);
    expect(harness.delivered).toEqual(['o0']);
    expect(await ask(harness, 'StartPipe')).toMatchObject({ CurrentState: 'RUNNING' });
    await harness.until(() => harness.delivered.length === 3);
    expect(harness.delivered).toEqual(['o0', 'o1', 'o2']);
  });

  test('stopped during a retry, it goes on with the same record', async () => {
    const harness = await started(deadLetters);
    harness.refuse = () => 'InternalFailure';
    harness.write('o0');
    await harness.pass(10);
    await ask(harness, 'StopPipe');
    const tries = harness.sent.length;
    expect(harness.clock.step(Infinity)).toBe(false);
    expect(harness.sent).toHaveLength(tries);
    harness.refuse = () => undefined;
    await ask(harness, 'StartPipe');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.delivered).toEqual(['o0']);
  });

  test('a pipe may begin stopped', async () => {
    const harness = await started({}, { desired_state: 'STOPPED' });
    harness.write('o0');
    await harness.pass(60);
    expect(harness.delivered).toEqual([]);
    await ask(harness, 'StartPipe');
    expect(await harness.until(() => harness.delivered.length === 1)).toBe(true);
  });

  test('list, describe, and what does not exist', async () => {
    const harness = await started({ maximum_record_age_in_seconds: 3600, ...bisecting });
    const { Pipes } = await ask(harness, 'ListPipes', { NamePrefix: 'or' });
    expect(Pipes).toMatchObject([
      { Arn: pipeArn, Name: 'orders', CurrentState: 'RUNNING', DesiredState: 'RUNNING', Source: stream, Target: bus },
    ]);
    expect((await ask(harness, 'ListPipes', { NamePrefix: 'x' })).Pipes).toEqual([]);
    expect(await ask(harness, 'DescribePipe')).toMatchObject({
      RoleArn: role,
      SourceParameters: {
        DynamoDBStreamParameters: {
          BatchSize: 10,
          MaximumRecordAgeInSeconds: 3600,
          MaximumRetryAttempts: 3,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: queue },
        },
      },
    });
    await expect(ask(harness, 'DescribePipe', { Name: 'none' })).rejects.toMatchObject({
      code: 'NotFoundException',
      status: 404,
    });
  });
});
