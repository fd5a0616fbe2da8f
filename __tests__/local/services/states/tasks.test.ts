import { Harness, functionArn, single } from './harness';

const resource = (name: string) => `arn:aws:states:::${name}`;
const task = (name: string, Parameters: object = {}) => single({ Type: 'Task', Resource: resource(name), Parameters });

describe('what tasks call', () => {
  test.each([
    ['sns:publish', { TopicArn: 't', Message: { a: 1 } }, 'sns', 'Publish', { TopicArn: 't', Message: '{"a":1}' }],
    ['sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'x' }, 'sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'x' }],
    [
      'sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: [1] },
      'sqs',
      'SendMessage',
      { QueueUrl: 'q', MessageBody: '[1]' },
    ],
    ['dynamodb:putItem', { TableName: 't' }, 'dynamodb', 'PutItem', { TableName: 't' }],
    ['aws-sdk:dynamodb:query', { TableName: 't' }, 'dynamodb', 'Query', { TableName: 't' }],
    ['aws-sdk:cloudwatch:describeAlarms', { AlarmNames: ['a'] }, 'cloudwatch', 'DescribeAlarms', { AlarmNames: ['a'] }],
    [
      'aws-sdk:cloudwatchlogs:putLogEvents',
      { LogGroupName: 'g', LogEvents: [{ Message: 'm' }] },
      'logs',
      'PutLogEvents',
      { logGroupName: 'g', logEvents: [{ message: 'm' }] },
    ],
  ])('%s %j', async (name, parameters, service, operation, input) => {
    const harness = new Harness();
    expect(await harness.run(task(name, parameters))).toMatchObject({ status: 'SUCCEEDED' });
    expect(harness.made).toMatchObject([{ service, operation, input }]);
    expect(harness.made[0]!.principal).toMatch(/^arn:aws:sts::000000000000:assumed-role\/machine\/[\da-f]{32}$/);
  });

  test('events carry the machine and the execution', async () => {
    const harness = new Harness();
    harness.answer = () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    const Entries = [{ Source: 's', DetailType: 'd', Detail: { a: 1 }, Resources: ['r'] }];
    const { executionArn, stateMachineArn } = await harness.run(task('events:putEvents', { Entries }));
    expect(harness.made[0]!.input.Entries).toEqual([
      { Source: 's', DetailType: 'd', Detail: '{"a":1}', Resources: ['r', stateMachineArn, executionArn] },
    ]);
  });

  test('an event that the bus refuses fails the task', async () => {
    const harness = new Harness();
    harness.answer = () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'X' }] });
    expect(await harness.run(task('events:putEvents', { Entries: [{}] }))).toMatchObject({
      error: 'EventBridge.FailedEntry',
    });
  });

  test('another execution, whose hop comes from this one', async () => {
    const harness = new Harness();
    const name = { name: 'machine' };
    const Parameters = { 'StateMachineArn.$': '$.next', Input: { x: 1 }, Name: 'inner' };
    const definition = {
      StartAt: 'Again',
      States: {
        Again: { Type: 'Choice', Choices: [{ Variable: '$.next', IsPresent: true, Next: 'It' }], Default: 'Done' },
        It: { Type: 'Task', Resource: resource('states:startExecution'), Parameters, End: true },
        Done: { Type: 'Succeed' },
      },
    };
    const { arn } = await harness.create(definition, name);
    const outer = await harness.end(await harness.start({ next: arn }));
    expect(outer.output).toMatchObject({
      ExecutionArn: expect.stringMatching(/:inner$/),
      StartDate: '2026-01-01T00:00:00.000Z',
    });
    expect(await harness.end(outer.output.ExecutionArn as string)).toMatchObject({ output: { x: 1 } });
    const starts = harness.runtime.timeline.hops.filter(({ operation }) => operation === 'StartExecution');
    expect(starts[1]!.parents).toEqual([starts[0]!.id]);
  });
});

describe('functions', () => {
  const answer = { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: new TextEncoder().encode('{"ok":true}') };

  test('invoked as an integration', async () => {
    const harness = new Harness();
    harness.answer = () => answer;
    const { output } = await harness.run(task('lambda:invoke', { FunctionName: functionArn, Payload: { a: 1 } }));
    expect(harness.made[0]!.input).toEqual({ FunctionName: functionArn, Payload: '{"a":1}' });
    expect(output).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { ok: true }, StatusCode: 200 });
  });

  test('invoked by their ARN: input is the event, the answer is all', async () => {
    const harness = new Harness();
    harness.answer = () => answer;
    const { output } = await harness.run(single({ Type: 'Task', Resource: functionArn }), [1]);
    expect(harness.made[0]!.input).toEqual({ FunctionName: functionArn, Payload: '[1]' });
    expect(output).toEqual({ ok: true });
  });

  test('their errors keep name and cause', async () => {
    const harness = new Harness();
    const Payload = '{"errorType":"ClaimLost","errorMessage":"gone"}';
    harness.answer = () => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload });
    const execution = await harness.run(task('lambda:invoke', { FunctionName: functionArn }));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'ClaimLost', cause: Payload });
  });
});

describe('what is not modelled is refused when the machine is made, with the state', () => {
  const pass = { Type: 'Pass', End: true };
  const inner = { StartAt: 'P', States: { P: pass } };
  test.each([
    [task('sqs:sendMessage.waitForTaskToken'), /States\.It: .*waitForTaskToken/],
    [task('states:startExecution.sync:2'), /States\.It: .*\.sync/],
    [task('ecs:runTask'), /States\.It: .*ecs:runTask is not modelled/],
    [task('aws-sdk:ec2:describeInstances'), /States\.It: .*does not run ec2/],
    [task('aws-sdk:dynamodb:exportTable'), /States\.It: .*no operation dynamodb:ExportTable/],
    [
      single({ Type: 'Task', Resource: 'arn:aws:states:eu-west-1:000000000000:activity:a' }),
      /States\.It: .*activities/,
    ],
    [
      single({ Type: 'Task', Resource: functionArn, HeartbeatSeconds: 5 }),
      /States\.It\.HeartbeatSeconds: is not modelled/,
    ],
    [single({ Type: 'Pass', Assign: { a: 1 } }), /States\.It\.Assign: is not modelled/],
    [single({ Type: 'Pass', QueryLanguage: 'JSONata' }), /States\.It\.QueryLanguage: is not modelled/],
    [{ ...single(pass), QueryLanguage: 'JSONata' }, /QueryLanguage: only JSONPath/],
    [single({ Type: 'Pass', InputPath: '$.a[?(@.b)]' }), /States\.It\.InputPath: .*not a path/],
    [single({ Type: 'Pass', Parameters: { 'a.$': '$..b' } }), /States\.It\.Parameters: .*not a path/],
    [single({ Type: 'Pass', ResultPath: '$.a[*]' }), /States\.It\.ResultPath: must name one place/],
    [single({ Type: 'Map', ItemProcessor: inner, ToleratedFailureCount: 1 }), /States\.It\.ToleratedFailureCount/],
    [
      single({
        Type: 'Map',
        ItemProcessor: { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      }),
      /States\.It\.ItemProcessor\.ProcessorConfig/,
    ],
    [{ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }, /there is no state B/],
    [{ StartAt: 'A', States: { A: pass, B: pass } }, /States\.B: cannot be reached/],
    [{ StartAt: 'A', States: { A: { Type: 'Pass' } } }, /States\.A: needs either Next or End/],
    [
      single({ Type: 'Task', Resource: functionArn, Retry: [{ ErrorEquals: ['A', 'States.ALL'] }] }),
      /States\.It: States\.ALL/,
    ],
    [
      single({ Type: 'Task', Resource: functionArn, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }),
      /States\.It: States\.ALL must stand alone, in the last retrier/,
    ],
    [single({ Type: 'Parallel', Branches: [inner, inner] }), /there are two states called/],
  ])('%#', async (definition, message) => {
    await expect(new Harness().create(definition)).rejects.toThrow(message);
  });
});
