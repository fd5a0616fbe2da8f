import { jsonErrors } from '../../../../local/service';
import { busArn, functionArn, queueArn, roleArn, scheduleArn, setUp, unavailable } from './schedule';

describe('what goes wrong', () => {
  const once = { schedule_expression: 'at(2026-01-01T00:00:00)' };
  const deadLetters = { dead_letter_config: [{ arn: queueArn }], input: '{"a":1}' };
  const policy = (attempts: number, age = 3600) => ({
    retry_policy: [{ maximum_retry_attempts: attempts, maximum_event_age_in_seconds: age }],
  });

  test('is tried again with growing pauses, then dead-lettered as the role', async () => {
    const { make, runtime, sent, pass, answer, counted, metrics, hops } = setUp();
    await make(once, { ...deadLetters, ...policy(3) });
    answer((operation) => (operation === 'Invoke' ? unavailable() : {}));
    await runtime.start();
    await pass(60);
    expect(sent.map((one) => one.operation)).toEqual(['Invoke', 'Invoke', 'Invoke', 'Invoke', 'SendMessage']);
    const pauses = [1, 2, 3].map((index) => sent[index]!.minute - sent[index - 1]!.minute);
    expect(pauses[0]! < pauses[1]! && pauses[1]! < pauses[2]!).toBe(true);
    const { MessageBody: body, MessageAttributes: attributes } = sent.at(-1)!.input;
    expect(JSON.parse(body)).toEqual({ FunctionName: functionArn, InvocationType: 'Event', Payload: '{"a":1}' });
    const values = Object.entries<{ StringValue: string }>(attributes).map(([name, value]) => [
      name,
      value.StringValue,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      ERROR_CODE: 'ServiceException',
      ERROR_MESSAGE: 'not now',
      EXECUTION_ID: expect.any(String),
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: '3',
      SCHEDULED_TIME: '2026-01-01T00:00:00Z',
      SCHEDULE_ARN: scheduleArn,
      TARGET_ARN: functionArn,
    });
    expect(sent.at(-1)!.principal).toBe(roleArn);
    expect(counted('InvocationAttemptCount')).toBe(4);
    expect(counted('TargetErrorCount')).toBe(4);
    expect(counted('InvocationDroppedCount')).toBe(1);
    expect(counted('InvocationsSentToDeadLetterCount')).toBe(1);
    expect(metrics[0]).toMatchObject({ namespace: 'AWS/Scheduler', dimensions: { ScheduleGroup: 'default' } });
    const tree = runtime.timeline.descendants(hops('invoke')[0]!.id);
    expect(tree.map((hop) => hop.operation)).toEqual(expect.arrayContaining(['retry', 'Invoke', 'dead-letter']));
  });

  test('ends with its age, too', async () => {
    const { make, runtime, sent, pass, answer } = setUp();
    await make(once, { ...deadLetters, ...policy(185, 60) });
    answer((operation) => (operation === 'Invoke' ? unavailable() : {}));
    await runtime.start();
    await pass(60);
    expect(sent.at(-1)).toMatchObject({
      operation: 'SendMessage',
      minute: 1,
      input: { MessageAttributes: { EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' } } },
    });
  });

  test('a bus that takes no entry has failed', async () => {
    const { make, runtime, pass, answer, hops } = setUp();
    const parameters = { eventbridge_parameters: [{ detail_type: 'Due', source: 'clock' }], input: '{}' };
    await make(once, { arn: busArn, ...parameters, ...policy(0) });
    answer(() => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'full' }] }));
    await runtime.start();
    await pass(1);
    expect(hops('drop')).toEqual([expect.objectContaining({ summary: expect.stringContaining('full') })]);
  });

  test('a role without the right gets nothing done, not even a dead letter', async () => {
    const { make, runtime, sent, pass, allow, hops, counted } = setUp();
    allow('sqs:ReceiveMessage');
    await make(once, { ...deadLetters, ...policy(1) });
    await runtime.start();
    await pass(60);
    expect(sent).toEqual([]);
    expect(runtime.timeline.hops.filter((hop) => hop.outcome === 'denied')).toHaveLength(3);
    expect(hops('drop')).toHaveLength(1);
    expect(counted('InvocationsFailedToBeSentToDeadLetterCount')).toBe(1);
  });

  test('a schedule is deleted only after its last retry', async () => {
    const { make, runtime, pass, answer, hops } = setUp();
    await make({ ...once, action_after_completion: 'DELETE' }, policy(2));
    answer(unavailable);
    await runtime.start();
    await pass(60);
    const order = runtime.timeline.hops.map((hop) => hop.operation);
    expect(hops('retry')).toHaveLength(2);
    expect(order.lastIndexOf('complete')).toBeGreaterThan(order.lastIndexOf('drop'));
  });

  test('an encrypted schedule needs the right to use its key', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ ...once, kms_key_arn: 'arn:aws:kms:eu-west-1:000000000000:key/k' }, policy(0));
    runtime.register({ name: 'kms', errors: jsonErrors, operations: {}, resources: {} });
    await runtime.start();
    await pass(1);
    expect(sent).toEqual([]);
    expect(runtime.timeline.hops.find((hop) => hop.outcome === 'denied')!.summary).toContain('kms:Decrypt');
  });
});
