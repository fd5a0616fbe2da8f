import { Harness, functionArn, machineArn, single } from './harness';

const payload = (value: unknown) => ({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: JSON.stringify(value) });
const work = { Type: 'Task', Resource: functionArn };

describe('input and output', () => {
  test('each field does its part', async () => {
    const harness = new Harness();
    harness.answer = () => payload({ found: { a: 1, b: 2 } });
    const execution = await harness.run(
      single({
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        InputPath: '$.in',
        Parameters: { FunctionName: functionArn, Payload: { 'id.$': '$.id', 'run.$': '$$.Execution.Name' } },
        ResultSelector: { 'a.$': '$.Payload.found.a', 'code.$': '$.StatusCode' },
        ResultPath: '$.out.result',
        OutputPath: '$.out',
      }),
      { in: { id: 'o1' }, other: 1 },
    );
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: { a: 1, code: 200 } } });
    expect(JSON.parse(harness.made[0]!.input.Payload as string)).toEqual({ id: 'o1', run: execution.name });
  });

  test.each([
    [{ ResultPath: null }, { x: 1 }],
    [{ ResultPath: '$' }, 'r'],
    [{ ResultPath: '$.y' }, { x: 1, y: 'r' }],
    [{ OutputPath: null }, {}],
    [{ InputPath: null, Result: undefined }, {}],
    [{ Result: undefined, Parameters: { 'z.$': '$.x' } }, { z: 1 }],
  ])('Pass with %j', async (fields, output) => {
    const execution = await new Harness().run(single({ Type: 'Pass', Result: 'r', ...fields }), { x: 1 });
    expect(execution.output).toEqual(output);
  });

  test('a path that leads nowhere fails the execution, whatever is caught', async () => {
    const state = { ...work, InputPath: '$.nothing', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'It' }] };
    const execution = await new Harness().run(single(state));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('more than 262,144 bytes are refused', async () => {
    const harness = new Harness();
    harness.answer = () => payload('x'.repeat(262_143));
    const caught = { ...work, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'It' }] };
    expect(await harness.run(single(caught))).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('exactly 262,144 bytes go through', async () => {
    const harness = new Harness();
    harness.answer = () => payload('x'.repeat(262_142));
    expect(await harness.run(single(work))).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('Wait', () => {
  test.each([
    [{ Seconds: 90 }, 90],
    [{ SecondsPath: '$.seconds' }, 30],
    [{ Timestamp: '2026-01-01T01:00:00Z' }, 3600],
    [{ TimestampPath: '$.time' }, 60],
    [{ Timestamp: '2020-01-01T00:00:00Z' }, 0],
  ])('%j', async (fields, seconds) => {
    const harness = new Harness();
    const input = { seconds: 30, time: '2026-01-01T00:01:00Z' };
    expect(await harness.run(single({ Type: 'Wait', ...fields }), input)).toMatchObject({ output: input });
    expect(harness.seconds).toBe(seconds);
  });

  test.each([-1, 'soon', 1.5])('cannot wait %j seconds', async (seconds) => {
    const execution = await new Harness().run(single({ Type: 'Wait', SecondsPath: '$.seconds' }), { seconds });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('Succeed, Fail and Choice', () => {
  const fork = {
    StartAt: 'Which',
    States: {
      Which: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.n', NumericGreaterThan: 5, Next: 'Big' },
          { Variable: '$.n', NumericEquals: 0, Next: 'Bad' },
        ],
      },
      Big: { Type: 'Succeed' },
      Bad: { Type: 'Fail', ErrorPath: '$.error', CausePath: "States.Format('n is {}', $.n)" },
    },
  };

  test.each([
    [{ n: 6 }, { status: 'SUCCEEDED', output: { n: 6 } }],
    [
      { n: 0, error: 'Zero' },
      { status: 'FAILED', error: 'Zero', cause: 'n is 0' },
    ],
    [{ n: 3 }, { status: 'FAILED', error: 'States.NoChoiceMatched' }],
    [{}, { status: 'FAILED', error: 'States.Runtime' }],
  ])('%j', async (input, expected) => expect(await new Harness().run(fork, input)).toMatchObject(expected));
});

describe('Parallel and Map', () => {
  const waiting = (seconds: number, then: object) => ({
    StartAt: `Wait${seconds}`,
    States: {
      [`Wait${seconds}`]: { Type: 'Wait', Seconds: seconds, Next: `Then${seconds}` },
      [`Then${seconds}`]: then,
    },
  });

  test('branches run side by side, and come out in their order', async () => {
    const harness = new Harness();
    const done = (Result: string) => ({ Type: 'Pass', Result, End: true });
    const Branches = [waiting(20, done('slow')), waiting(10, done('fast'))];
    const execution = await harness.run(single({ Type: 'Parallel', Branches }));
    expect(execution.output).toEqual(['slow', 'fast']);
    expect(harness.seconds).toBe(20);
  });

  test('the first that fails stops the others, and can be caught', async () => {
    const harness = new Harness();
    const Branches = [waiting(20, { ...work, End: true }), waiting(10, { Type: 'Fail', Error: 'Broken', Cause: 'so' })];
    const execution = await harness.run(
      {
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches,
            Catch: [{ ErrorEquals: ['Broken'], ResultPath: '$.e', Next: 'Rest' }],
            End: true,
          },
          Rest: { Type: 'Wait', Seconds: 60, End: true },
        },
      },
      { x: 1 },
    );
    expect(execution).toMatchObject({ output: { x: 1, e: { Error: 'Broken', Cause: 'so' } } });
    expect(harness.seconds).toBe(70);
    expect(harness.made).toEqual([]);
    expect(await harness.types(execution.executionArn as string)).toContain('ParallelStateFailed');
  });

  test.each([
    [0, 10],
    [2, 20],
    [1, 40],
  ])('items with MaxConcurrency %d', async (MaxConcurrency, seconds) => {
    const harness = new Harness();
    const state = {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency,
      ItemSelector: { 'value.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'of.$': '$.of' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'W',
        States: { W: { Type: 'Wait', Seconds: 10, End: true } },
      },
    };
    const execution = await harness.run(single(state), { items: ['a', 'b', 'c', 'd'], of: 4 });
    expect(execution.output).toEqual(['a', 'b', 'c', 'd'].map((value, index) => ({ value, index, of: 4 })));
    expect(harness.seconds).toBe(seconds);
  });

  test('no items', async () => {
    const processor = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
    expect(await new Harness().run(single({ Type: 'Map', ItemProcessor: processor }), [])).toMatchObject({
      output: [],
    });
  });
});

test('the context object', async () => {
  const harness = new Harness();
  await harness.create(single({ Type: 'Pass', Parameters: { 'all.$': '$$' } }));
  const arn = await harness.start({ x: 1 }, { name: 'run-1' });
  expect((await harness.end(arn)).output.all).toEqual({
    Execution: {
      Id: arn,
      Input: { x: 1 },
      Name: 'run-1',
      RoleArn: 'arn:aws:iam::000000000000:role/machine',
      StartTime: '2026-01-01T00:00:00.000Z',
    },
    State: { EnteredTime: '2026-01-01T00:00:00.000Z', Name: 'It', RetryCount: 0 },
    StateMachine: { Id: machineArn, Name: 'machine' },
  });
});
