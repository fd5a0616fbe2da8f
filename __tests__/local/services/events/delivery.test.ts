import { AwsError } from '../../../../local/aws-error';
import { runUntil } from '../../../../local/simulation';
import { order, queueArn, retryPolicy, ruleArn, withDlq, withRule } from './bus';

describe('a delivery that fails', () => {
  test('is retried with growing pauses, then dead-lettered', async () => {
    const { put, clock, runtime, messages, failures, hops, named } = await withRule({
      retry_policy: retryPolicy,
      ...withDlq,
    });
    failures.set('queue', new AwsError('InternalFailure', 'out of order', 500));
    await put(order(1));
    expect(await runUntil(runtime, clock, () => messages.length > 0)).toBe(true);
    expect(messages).toMatchObject([
      {
        queue: 'dlq',
        principal: { service: 'events.amazonaws.com', sourceArn: ruleArn },
        attributes: {
          RULE_ARN: ruleArn,
          TARGET_ARN: queueArn('queue'),
          ERROR_CODE: 'INTERNAL_ERROR',
          ERROR_MESSAGE: 'out of order',
          RETRY_ATTEMPTS: '4',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        },
      },
    ]);
    expect(JSON.parse(messages[0]!.body)).toMatchObject({ source: 'order.event', detail: { id: 1 } });
    const times = runtime.timeline.hops.filter((hop) => hop.outcome === 'failed').map((hop) => hop.time);
    expect(times).toHaveLength(5);
    times.slice(1).forEach((time, index) => {
      const pause = time - times[index]!;
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1000 * 2 ** index);
    });
    expect(hops('retry').map((hop) => hop.summary.slice(0, 12))).toEqual([
      'retry 1 of 4',
      'retry 2 of 4',
      'retry 3 of 4',
      'retry 4 of 4',
    ]);
    expect(hops('dead-letter')).toMatchObject([{ outcome: 'dead-lettered', resource: queueArn('dlq') }]);
    expect(runtime.timeline.descendants(1).map((hop) => hop.operation)).toEqual(
      runtime.timeline.hops.map((hop) => hop.operation),
    );
    expect(named('Invocations')).toHaveLength(1);
    expect(named('FailedInvocations')).toHaveLength(1);
    expect(named('InvocationsSentToDlq')).toHaveLength(1);
  });

  test('is delivered once the target works again', async () => {
    const { put, clock, runtime, messages, named } = await withRule({ retry_policy: retryPolicy, ...withDlq });
    runtime.faults.add({ service: 'sqs', operation: 'SendMessage', effect: 'throttle', times: 3 });
    await put(order(1));
    await runUntil(runtime, clock, () => messages.length > 0);
    await runtime.idle();
    expect(messages).toMatchObject([{ queue: 'queue' }]);
    expect(named('FailedInvocations')).toHaveLength(0);
    expect(named('Invocations')).toHaveLength(1);
    expect(runtime.timeline.descendants(1).at(-1)!.operation).toBe('SendMessage');
  });

  test('is dead-lettered when the event is too old', async () => {
    const policy = { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 185 };
    const { put, clock, runtime, messages, failures } = await withRule({ retry_policy: policy, ...withDlq });
    failures.set('queue', new AwsError('RequestThrottled', 'Rate exceeded'));
    const started = clock.now();
    await put(order(1));
    await runUntil(runtime, clock, () => messages.length > 0);
    expect(messages[0]!.attributes).toMatchObject({
      ERROR_CODE: 'THROTTLING',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
    expect(messages[0]!.time - started).toBe(60_000);
  });

  test('of a target that says nothing is tried for about a day', async () => {
    const { put, clock, runtime, failures, hops } = await withRule();
    failures.set('queue', new AwsError('InternalFailure', 'out of order', 500));
    const started = clock.now();
    await put(order(1));
    await runUntil(runtime, clock, () => hops('drop').length > 0, 100_000_000);
    expect(clock.now() - started).toBeGreaterThan(22 * 3_600_000);
    expect(clock.now() - started).toBeLessThanOrEqual(24 * 3_600_000);
    expect(hops('retry').length).toBeGreaterThan(170);
    expect(hops('retry').length).toBeLessThanOrEqual(185);
  });

  test.each([
    ['permission', 'AccessDenied', 403, 'NO_PERMISSIONS'],
    ['queue', 'QueueDoesNotExist', 400, 'NO_RESOURCE'],
    ['queue, in the words of the query protocol', 'AWS.SimpleQueueService.NonExistentQueue', 400, 'NO_RESOURCE'],
    ['room in the queue', 'InvalidParameterValue', 400, 'INVALID_PARAMETER'],
  ])('for want of %s is not retried', async (_, code, status, expected) => {
    const { put, settle, clock, messages, failures, hops } = await withRule({ retry_policy: retryPolicy, ...withDlq });
    failures.set('queue', new AwsError(code, 'no', status));
    const started = clock.now();
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ queue: 'dlq', attributes: { ERROR_CODE: expected, RETRY_ATTEMPTS: '0' } }]);
    expect(messages[0]!.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
    expect(messages[0]!.time - started).toBeLessThanOrEqual(2);
    expect(hops('retry')).toEqual([]);
  });

  test('a fault that denies is a missing permission', async () => {
    const { put, settle, runtime, messages } = await withRule(withDlq);
    runtime.faults.add({ service: 'sqs', resource: 'queue', effect: 'deny' });
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ queue: 'dlq', attributes: { ERROR_CODE: 'NO_PERMISSIONS' } }]);
  });

  test('is dropped without a dead-letter queue, and says so', async () => {
    const { put, settle, failures, hops, named } = await withRule();
    failures.set('queue', new AwsError('QueueDoesNotExist', 'The specified queue does not exist.'));
    await put(order(1));
    await settle();
    expect(hops('drop')).toMatchObject([
      {
        outcome: 'failed',
        summary: 'dropped: NO_RESOURCE: The specified queue does not exist.; the target has no dead-letter queue',
      },
    ]);
    expect(named('FailedInvocations')).toHaveLength(1);
    expect(named('InvocationsFailedToBeSentToDlq')).toHaveLength(0);
  });

  test('is dropped if the dead-letter queue does not take it', async () => {
    const { put, settle, failures, hops, named } = await withRule(withDlq);
    failures.set('queue', new AwsError('QueueDoesNotExist', 'no queue'));
    failures.set('dlq', new AwsError('AccessDenied', 'no access', 403));
    await put(order(1));
    await settle();
    expect(hops('drop')).toMatchObject([
      {
        outcome: 'failed',
        summary: expect.stringContaining('then NO_PERMISSIONS at the dead-letter queue: no access'),
      },
    ]);
    expect(hops('dead-letter')).toEqual([]);
    expect(named('InvocationsFailedToBeSentToDlq')).toHaveLength(1);
    expect(named('InvocationsSentToDlq')).toHaveLength(0);
  });

  test('waits for a dead-letter queue that is busy', async () => {
    const { put, clock, runtime, messages, failures, hops } = await withRule(withDlq);
    failures.set('queue', new AwsError('QueueDoesNotExist', 'no queue'));
    runtime.faults.add({ service: 'sqs', resource: 'dlq', effect: 'throttle', times: 2 });
    await put(order(1));
    await runUntil(runtime, clock, () => messages.length > 0);
    await runtime.idle();
    expect(messages).toMatchObject([{ queue: 'dlq', attributes: { ERROR_CODE: 'NO_RESOURCE', RETRY_ATTEMPTS: '0' } }]);
    expect(hops('dead-letter')).toHaveLength(1);
  });

  test('is not tried any more once the runtime stops', async () => {
    const { put, clock, runtime, failures, hops } = await withRule();
    failures.set('queue', new AwsError('InternalFailure', 'out of order', 500));
    await put(order(1));
    await runUntil(runtime, clock, () => hops('retry').length > 0);
    await runtime.stop();
    expect(await runUntil(runtime, clock, () => hops('retry').length > 1)).toBe(false);
  });
});

describe('metrics', () => {
  test('carry rule and bus; on the default bus the rule only', async () => {
    const { create, put, settle, named } = await withRule();
    await create('aws_cloudwatch_event_rule', { name: 'r', event_pattern: '{"source":["order.event"]}' });
    await put(order(1), order(2, { EventBusName: undefined }));
    await settle();
    for (const name of ['MatchedEvents', 'TriggeredRules']) {
      expect(named(name)).toEqual([
        { namespace: 'AWS/Events', name, dimensions: { RuleName: 'created', EventBusName: 'orders' }, value: 1 },
        { namespace: 'AWS/Events', name, dimensions: { RuleName: 'r' }, value: 1 },
      ]);
    }
    expect(named('Invocations')).toHaveLength(1);
  });
});
