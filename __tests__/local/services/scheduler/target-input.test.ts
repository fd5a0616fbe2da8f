import { busArn, functionArn, queueArn, scheduleArn, setUp, unavailable } from './schedule';

const machineArn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:delivery';

describe('what the target gets', () => {
  const once = { schedule_expression: 'at(2026-01-01T00:07:00)' };

  test.each([
    [functionArn, {}, 'Invoke', { FunctionName: functionArn, InvocationType: 'Event', Payload: '{"a":1}' }],
    [queueArn, {}, 'SendMessage', { QueueUrl: '/000000000000/retry-dlq', MessageBody: '{"a":1}' }],
    [
      `${queueArn}.fifo`,
      { sqs_parameters: [{ message_group_id: 'g' }] },
      'SendMessage',
      { QueueUrl: '/000000000000/retry-dlq.fifo', MessageBody: '{"a":1}', MessageGroupId: 'g' },
    ],
    [
      busArn,
      { eventbridge_parameters: [{ detail_type: 'Due', source: 'clock' }] },
      'PutEvents',
      {
        Entries: [
          { EventBusName: busArn, DetailType: 'Due', Source: 'clock', Detail: '{"a":1}', Resources: [scheduleArn] },
        ],
      },
    ],
    [machineArn, {}, 'StartExecution', { stateMachineArn: machineArn, input: '{"a":1}' }],
  ])('%s', async (arn, more, operation, input) => {
    const { make, runtime, sent, pass } = setUp();
    await make(once, { arn, input: '{"a":1}', ...more });
    await runtime.start();
    await pass(8);
    expect(sent).toEqual([expect.objectContaining({ operation, input })]);
  });

  test('a universal target calls any operation that changes something', async () => {
    const { make, runtime, sent, pass } = setUp();
    const input = JSON.stringify({ StateMachineArn: machineArn, Input: '{}', Name: '<aws.scheduler.execution-id>' });
    await make(once, { arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution', input });
    await runtime.start();
    await pass(8);
    expect(sent[0]).toMatchObject({
      operation: 'StartExecution',
      input: { stateMachineArn: machineArn, input: '{}', name: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });

  test('context attributes are filled in at each attempt', async () => {
    const { make, runtime, sent, pass, answer } = setUp();
    const names = ['schedule-arn', 'scheduled-time', 'attempt-number', 'other'];
    await make(once, { input: JSON.stringify(names.map((name) => `<aws.scheduler.${name}>`)) });
    answer(() => (sent.length === 1 ? unavailable() : {}));
    await runtime.start();
    await pass(9);
    const filled = (attempt: string) => [scheduleArn, '2026-01-01T00:07:00Z', attempt, '<aws.scheduler.other>'];
    expect(sent.map(({ input }) => JSON.parse(input.Payload))).toEqual([filled('1'), filled('2')]);
  });

  test('without input, a notification', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make(once);
    await runtime.start();
    await pass(8);
    expect(JSON.parse(sent[0]!.input.Payload)).toMatchObject({
      source: 'aws.scheduler',
      'detail-type': 'Scheduled Event',
      time: '2026-01-01T00:07:00Z',
      resources: [scheduleArn],
    });
  });
});
