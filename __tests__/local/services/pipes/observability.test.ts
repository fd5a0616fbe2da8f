import { Harness, type Line, pipeArn } from './harness';
import { deadLetters, started } from './stream-pipe';

describe('logs', () => {
  const group = 'arn:aws:logs:eu-west-1:000000000000:log-group:pipe';
  const logging = (level: string, data: object = {}) => ({
    log_configuration: [{ level, cloudwatch_logs_log_destination: [{ log_group_arn: group }], ...data }],
  });
  const delivery = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: group,
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:000000000000:*' },
          StringEquals: { 'aws:SourceAccount': '000000000000' },
        },
      },
    ],
  };
  const logged = async (level: string, refuse: string | undefined, data: object = {}) => {
    const harness = new Harness();
    harness.runtime.iam.setResourcePolicy(group, delivery);
    await harness.pipe({ maximum_retry_attempts: 1 }, logging(level, data));
    await harness.start();
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? refuse : undefined);
    harness.write('bad');
    await harness.pass(60);
    return harness.logged;
  };
  const steps = (lines: readonly Line[]) => lines.map((line) => line.messageType);

  test('each level logs its steps', async () => {
    expect(steps(await logged('OFF', 'Refused'))).toEqual([]);
    expect(steps(await logged('ERROR', undefined))).toEqual([]);
    const failed = ['TARGET_INVOCATION_FAILED', 'TARGET_STAGE_FAILED', 'EXECUTION_FAILED'];
    expect(steps(await logged('ERROR', 'Refused'))).toEqual([...failed, ...failed]);
    expect(steps(await logged('INFO', undefined))).toEqual([
      'EXECUTION_STARTED',
      'TARGET_STAGE_ENTERED',
      'TARGET_STAGE_SUCCEEDED',
      'EXECUTION_SUCCEEDED',
    ]);
    expect(steps(await logged('TRACE', undefined))).toHaveLength(6);
  });

  test('lines name the pipe and the error; payload only on demand', async () => {
    const [line] = await logged('ERROR', 'Refused');
    expect(line).toMatchObject({
      resourceArn: pipeArn,
      messageType: 'TARGET_INVOCATION_FAILED',
      logLevel: 'ERROR',
      error: { httpStatusCode: 400, message: 'refused', awsService: 'events' },
    });
    expect(JSON.stringify(await logged('TRACE', 'Refused'))).not.toContain('NewImage');
    expect(JSON.stringify(await logged('ERROR', 'Refused', { include_execution_data: ['ALL'] }))).toContain('NewImage');
  });

  test('a line that is too long loses the end of its data', async () => {
    const harness = new Harness();
    harness.runtime.iam.setResourcePolicy(group, delivery);
    await harness.pipe({}, logging('TRACE', { include_execution_data: ['ALL'] }));
    await harness.start();
    harness.write('big', { text: { S: '"'.repeat(300_000) } });
    await harness.until(() => harness.delivered.length === 1);
    const [first] = harness.logged;
    expect(first).toMatchObject({ messageType: 'EXECUTION_STARTED', truncatedFields: ['payload'] });
    expect(Math.max(...harness.logged.map((line) => Buffer.byteLength(JSON.stringify(line))))).toBeLessThanOrEqual(
      262_144,
    );
  });

  test('a log group without a policy for log delivery: denied, and the pipe runs', async () => {
    const harness = new Harness();
    await harness.pipe({}, logging('INFO'));
    await harness.start();
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.logged).toEqual([]);
    expect(harness.runtime.timeline.hops).toContainEqual(
      expect.objectContaining({
        outcome: 'denied',
        principal: 'delivery.logs.amazonaws.com',
        data: { action: 'logs:CreateLogStream', sourceArn: expect.stringMatching(/^arn:aws:logs:/) },
      }),
    );
  });
});

test('metrics: failures, partial failures and throttles are counted apart', async () => {
  const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
  harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? 'Refused' : undefined);
  harness.write('bad');
  harness.write('good');
  await harness.until(() => harness.deadLetters.length === 1);
  expect(harness.total('Invocations')).toBe(2);
  expect(harness.total('EventCount')).toBe(3);
  expect(harness.total('ExecutionPartiallyFailed')).toBe(1);
  expect(harness.total('ExecutionFailed')).toBe(1);
  expect(harness.total('TargetStageFailed')).toBe(1);
  harness.runtime.faults.add({ operation: 'PutEvents', effect: 'throttle' });
  harness.write('late');
  await harness.until(() => harness.delivered.includes('late'));
  expect(harness.total('ExecutionThrottled')).toBe(1);
  expect(harness.total('ExecutionFailed')).toBe(1);
  expect(harness.metrics[0]).toMatchObject({ namespace: 'AWS/EventBridge/Pipes', dimensions: { PipeName: 'orders' } });
});
