import { region, roleArn, single } from './harness';
import { executionArn, made } from './machine';

describe('GetExecutionHistory', () => {
  test('events with their details, each after the one before', async () => {
    const harness = await made(
      single({ Type: 'Task', Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: { TableName: 't' } }),
    );
    await harness.end(await harness.start({ x: 1 }, { name: 'run' }));
    const { events } = await harness.call('GetExecutionHistory', { executionArn });
    expect(events.map((event: any) => [event.id, event.previousEventId, event.type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskSucceeded'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'ExecutionSucceeded'],
    ]);
    expect(events[0].executionStartedEventDetails).toEqual({
      input: '{"x":1}',
      inputDetails: { truncated: false },
      roleArn,
    });
    expect(events[1].stateEnteredEventDetails).toMatchObject({ name: 'It', input: '{"x":1}' });
    expect(events[2].taskScheduledEventDetails).toEqual({
      resourceType: 'dynamodb',
      resource: 'getItem',
      region,
      parameters: '{"TableName":"t"}',
    });
    const bare = await harness.call('GetExecutionHistory', { executionArn, includeExecutionData: false });
    expect(JSON.stringify(bare)).not.toContain('{\\"x\\":1}');
    const last = await harness.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 });
    expect(last).toMatchObject({ events: [{ id: 7 }], nextToken: expect.any(String) });
  });

  test('25,000 events are all there is room for', async () => {
    const loop = {
      StartAt: 'A',
      States: {
        A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'B' }], Default: 'A' },
        B: { Type: 'Succeed' },
      },
    };
    const harness = await made(loop);
    const execution = await harness.end(await harness.start({}, { name: 'run' }));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});
