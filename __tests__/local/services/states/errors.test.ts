import { runUntil } from '../../../../local/simulation';
import { AwsError } from '../../../../local/aws-error';
import { Harness, functionArn, refusing, single } from './harness';

const work = { Type: 'Task', Resource: functionArn };
const update = {
  Type: 'Task',
  Resource: 'arn:aws:states:::dynamodb:updateItem',
  Parameters: { TableName: 'orders', Key: { id: { S: 'o1' } } },
};
const failed = (errorType: string) => ({
  FunctionError: 'Unhandled',
  StatusCode: 200,
  Payload: JSON.stringify({ errorType, errorMessage: 'm' }),
});
const caught = (state: object, ...ErrorEquals: string[]) => ({
  StartAt: 'It',
  States: {
    It: { End: true, ...state, Catch: [{ ErrorEquals, Next: 'Caught' }] },
    Caught: { Type: 'Pass', End: true },
  },
});

describe('Retry', () => {
  async function attempts(retry: object, errors: readonly string[]) {
    const harness = new Harness();
    const left = [...errors];
    harness.answer = () => {
      const next = left.shift();
      return next ? failed(next) : { StatusCode: 200, Payload: '1' };
    };
    const execution = await harness.run(single({ ...work, Retry: [retry].flat() }));
    return { execution, at: harness.made.map(({ at }) => at), harness };
  }
  const times = (count: number, error = 'Busy') => Array<string>(count).fill(error);

  test('three times, after 1, 2 and 4 seconds, by default', async () => {
    const { execution, at } = await attempts({ ErrorEquals: ['States.ALL'] }, times(4));
    expect(at).toEqual([0, 1, 3, 7]);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Busy' });
  });

  test('intervals grow up to the longest', async () => {
    const retry = { ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 4 };
    const { execution, at } = await attempts(retry, times(4));
    expect(at).toEqual([0, 2, 8, 18, 28]);
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('full jitter waits at most as long', async () => {
    const { at } = await attempts(
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, JitterStrategy: 'FULL' },
      times(1),
    );
    expect(at[1]).toBeGreaterThan(0);
    expect(at[1]).toBeLessThan(10);
  });

  test('retriers count for themselves; the first that matches decides', async () => {
    const retry = [
      { ErrorEquals: ['Never'], MaxAttempts: 0 },
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 1 },
    ];
    expect((await attempts(retry, ['A', 'B', 'A'])).at).toHaveLength(3);
    expect((await attempts(retry, ['A', 'B'])).execution.status).toBe('SUCCEEDED');
    expect((await attempts(retry, ['Never'])).at).toHaveLength(1);
  });

  test('each retry is a hop that the next call comes from', async () => {
    const { harness } = await attempts({ ErrorEquals: ['States.ALL'] }, times(1));
    const { hops } = harness.runtime.timeline;
    const start = hops.find(({ operation }) => operation === 'StartExecution');
    const retry = hops.find(({ operation }) => operation === 'retry');
    const end = hops.find(({ operation }) => operation === 'end');
    expect(harness.made.map(({ parents }) => parents)).toEqual([[start!.id], [retry!.id]]);
    expect(retry).toMatchObject({ parents: [start!.id], outcome: 'failed' });
    expect(end!.parents).toEqual([retry!.id]);
  });
});

describe('Catch', () => {
  test.each([
    ['Busy', ['Busy'], true],
    ['Busy', ['States.TaskFailed'], true],
    ['Busy', ['States.ALL'], true],
    ['Busy', ['Other'], false],
    ['States.Runtime', ['States.ALL'], false],
    ['States.Runtime', ['States.Runtime'], false],
    ['States.DataLimitExceeded', ['States.ALL'], false],
    ['States.DataLimitExceeded', ['States.TaskFailed'], false],
    ['States.DataLimitExceeded', ['States.DataLimitExceeded'], true],
  ])('%s by %j', async (error, names, isCaught) => {
    const harness = new Harness();
    harness.answer = () => failed(error);
    const execution = await harness.run(caught(work, ...names));
    expect(execution.status).toBe(isCaught ? 'SUCCEEDED' : 'FAILED');
    if (isCaught) expect(execution.output.Error).toBe(error);
  });

  test('a parameter that is not there can be caught', async () => {
    const state = { ...update, Parameters: { 'TableName.$': '$.table' } };
    const { output } = await new Harness().run(caught(state, 'States.ParameterPathFailure'));
    expect(output).toMatchObject({ Error: 'States.ParameterPathFailure' });
  });
});

describe('timeouts', () => {
  test.each([
    [['States.Timeout'], true],
    [['States.ALL'], true],
    [['States.TaskFailed'], false],
  ])('of a task, caught by %j', async (names, isCaught) => {
    const harness = new Harness();
    harness.answer = async () => harness.takes(60);
    const execution = await harness.run(caught({ ...work, TimeoutSeconds: 5 }, ...names));
    expect(execution.status).toBe(isCaught ? 'SUCCEEDED' : 'FAILED');
    expect(harness.seconds).toBe(5);
    expect(await harness.types(execution.executionArn as string)).toContain('LambdaFunctionTimedOut');
  });

  test('of the execution ends all that waits', async () => {
    const harness = new Harness();
    const Branches = [1, 2].map((n) => ({
      StartAt: `W${n}`,
      States: { [`W${n}`]: { Type: 'Wait', Seconds: 600, End: true } },
    }));
    const execution = await harness.run({ ...single({ Type: 'Parallel', Branches }), TimeoutSeconds: 60 });
    expect(execution.status).toBe('TIMED_OUT');
    expect(await runUntil(harness.runtime, harness.clock, () => harness.seconds > 60)).toBe(false);
    const types = await harness.types(execution.executionArn as string);
    expect(types.at(-1)).toBe('ExecutionTimedOut');
  });
});

describe('names of errors', () => {
  test.each([
    [update, 'ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
    [update, 'AccessDeniedException', 'DynamoDB.AmazonDynamoDBException'],
    [update, 'InternalServerError', 'DynamoDB.InternalServerErrorException'],
    [
      { ...update, Resource: 'arn:aws:states:::aws-sdk:dynamodb:query' },
      'ValidationException',
      'DynamoDb.DynamoDbException',
    ],
    [work, 'TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    [work, 'AccessDeniedException', 'Lambda.AWSLambdaException'],
    [{ ...update, Resource: 'arn:aws:states:::sns:publish' }, 'NotFound', 'SNS.NotFoundException'],
  ])('%#: %s', async (state, code, name) => {
    const harness = new Harness();
    harness.answer = refusing(code);
    expect(await harness.run(single(state))).toMatchObject({ status: 'FAILED', error: name });
  });

  test('a denial fails the task, under the role of the machine', async () => {
    const harness = new Harness(['dynamodb:GetItem']);
    const execution = await harness.run(single(update));
    expect(execution.cause).toContain('is not authorized to perform: dynamodb:UpdateItem');
    expect(execution.cause).toContain('assumed-role/machine/');
    expect(harness.made).toEqual([]);
  });

  test('what a task throws unforeseen is an error of its service', async () => {
    const harness = new Harness();
    harness.answer = () => {
      throw new AwsError('Sudden', 'x', 500);
    };
    expect(await harness.run(single(update))).toMatchObject({ error: 'DynamoDB.SuddenException' });
  });
});
