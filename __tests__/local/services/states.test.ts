import { runUntil } from '../../../local/simulation';
import { Harness, account, functionArn, machineArn, neighbourArn, region, roleArn, single } from './states/harness';

const waiting = single({ Type: 'Wait', Seconds: 60 });
const pass = single({ Type: 'Pass' });
const executionArn = `arn:aws:states:${region}:${account}:execution:machine:run`;

async function made(definition: object = waiting, rest: object = {}): Promise<Harness> {
  const harness = new Harness();
  await harness.create(definition, rest);
  return harness;
}

describe('StartExecution', () => {
  test('answers at once; the execution goes on', async () => {
    const harness = await made();
    expect(await harness.start({}, { name: 'run' })).toBe(executionArn);
    expect(await harness.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING', input: '{}' });
    expect(await harness.end(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: {} });
  });

  test('the same name with the same input is the same execution while it runs', async () => {
    const harness = await made();
    await harness.start({ x: 1 }, { name: 'run' });
    expect(await harness.start({ x: 1 }, { name: 'run' })).toBe(executionArn);
    await expect(harness.start({ x: 2 }, { name: 'run' })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await harness.end(executionArn);
    await expect(harness.start({ x: 1 }, { name: 'run' })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    expect((await harness.call('ListExecutions', { stateMachineArn: machineArn })).executions).toHaveLength(1);
    harness.clock.moveTo(harness.clock.now() + 90 * 86_400_000);
    expect(await harness.start({ x: 1 }, { name: 'run' })).toBe(executionArn);
  });

  test.each([
    [{ name: 'a b' }, 'InvalidName'],
    [{ name: 'a/b' }, 'InvalidName'],
    [{ name: 'x'.repeat(81) }, 'ValidationException'],
    [{ input: '{' }, 'InvalidExecutionInput'],
    [{ input: JSON.stringify('x'.repeat(262_143)) }, 'InvalidExecutionInput'],
    [{ stateMachineArn: `${machineArn}x` }, 'StateMachineDoesNotExist'],
  ])('%#: refused with %s', async (given, code) => {
    const harness = await made();
    await expect(harness.start({}, given)).rejects.toMatchObject({ code });
  });

  test('needs states:StartExecution on the machine', async () => {
    const harness = await made();
    const principal = { kind: 'role', roleArn, arn: 'arn:aws:sts::000000000000:assumed-role/machine/it' } as const;
    const request = {
      service: 'states',
      operation: 'StartExecution',
      input: { stateMachineArn: machineArn },
      principal,
    };
    const allow = (Resource: string) => {
      const Statement = { Effect: 'Allow', Action: 'states:StartExecution', Resource };
      harness.runtime.iam.putRolePolicy(roleArn, 'all', { Version: '2012-10-17', Statement });
    };
    allow(`${machineArn}-2`);
    await expect(harness.runtime.call(request)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    allow(machineArn);
    await expect(harness.runtime.call(request)).resolves.toHaveProperty('executionArn');
  });
});

describe('StopExecution', () => {
  test('nothing runs any more', async () => {
    const work = { Type: 'Task', Resource: functionArn, End: true };
    const branch = (n: number) => ({
      StartAt: `W${n}`,
      States: { [`W${n}`]: { Type: 'Wait', Seconds: 10 * n, Next: `T${n}` }, [`T${n}`]: work },
    });
    const harness = await made(single({ Type: 'Parallel', Branches: [branch(1), branch(2)] }));
    await harness.start({}, { name: 'run' });
    await runUntil(harness.runtime, harness.clock, () => harness.made.length === 1);
    await harness.call('StopExecution', { executionArn, error: 'Enough', cause: 'of it' });
    const stopped = await harness.end(executionArn);
    expect(stopped).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'of it',
      stopDate: new Date(harness.clock.now()),
    });
    expect(await runUntil(harness.runtime, harness.clock, () => harness.made.length > 1)).toBe(false);
    expect((await harness.types(executionArn)).at(-1)).toBe('ExecutionAborted');
    const hops = harness.runtime.timeline.hops;
    const stop = hops.find(({ operation }) => operation === 'StopExecution')!;
    expect(hops.find(({ operation }) => operation === 'end')!.parents).toContain(stop.id);
  });

  test('is the last event, also of a map', async () => {
    const ItemProcessor = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
    const harness = await made(single({ Type: 'Map', ItemProcessor }));
    await harness.start([1, 2], { name: 'run' });
    await harness.runtime.idle();
    await harness.call('StopExecution', { executionArn });
    await harness.runtime.idle();
    expect((await harness.types(executionArn)).at(-1)).toBe('ExecutionAborted');
  });

  test('of what has ended changes nothing', async () => {
    const harness = await made(pass);
    await harness.end(await harness.start({}, { name: 'run' }));
    await harness.call('StopExecution', { executionArn });
    expect(await harness.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' });
    await expect(harness.call('StopExecution', { executionArn: `${executionArn}2` })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
  });
});

describe('lists', () => {
  test('executions, the last first, by status and in pages', async () => {
    const harness = await made();
    for (const name of ['a', 'b', 'c']) await harness.start({}, { name });
    await harness.call('StopExecution', { executionArn: executionArn.replace(/run$/, 'b') });
    const list = async (rest: object) => {
      const { executions, nextToken } = await harness.call('ListExecutions', { stateMachineArn: machineArn, ...rest });
      return { names: executions.map(({ name }: { name: string }) => name), nextToken };
    };
    expect((await list({})).names).toEqual(['c', 'b', 'a']);
    expect((await list({ statusFilter: 'ABORTED' })).names).toEqual(['b']);
    const page = await list({ maxResults: 2 });
    expect(page.names).toEqual(['c', 'b']);
    expect(await list({ maxResults: 2, nextToken: page.nextToken })).toEqual({ names: ['a'], nextToken: undefined });
    await expect(list({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  test('state machines and their tags', async () => {
    const harness = await made(pass, { tags: { team: 'a' }, tracing_configuration: [{ enabled: true }] });
    expect((await harness.call('ListStateMachines', {})).stateMachines).toMatchObject([{ name: 'machine' }]);
    expect(await harness.call('DescribeStateMachine', { stateMachineArn: machineArn })).toMatchObject({
      status: 'ACTIVE',
      type: 'STANDARD',
      definition: JSON.stringify(pass),
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: true },
    });
    expect(await harness.call('ListTagsForResource', { resourceArn: machineArn })).toEqual({
      tags: [{ key: 'team', value: 'a' }],
    });
  });
});

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

describe('logging', () => {
  const group = `arn:aws:logs:${region}:${account}:log-group:/aws/vendedlogs/states/machine`;
  const logging = (rest: object = {}) => ({
    logging_configuration: [{ level: 'ALL', log_destination: `${group}:*`, ...rest }],
  });
  async function logged(rest: object, definition: object = pass, service = 'delivery.logs.amazonaws.com') {
    const harness = new Harness();
    harness.answer = ({ operation }) =>
      operation === 'DescribeLogGroups' ? { logGroups: [{ logGroupName: '/aws/vendedlogs/states/machine' }] } : {};
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'logs:*',
      Resource: neighbourArn('logs'),
    };
    harness.runtime.iam.setResourcePolicy(neighbourArn('logs'), { Version: '2012-10-17', Statement });
    await harness.create(definition, logging(rest));
    await harness.end(await harness.start({ secret: 1 }, { name: 'run' }));
    const lines = harness.made
      .filter(({ operation }) => operation === 'PutLogEvents')
      .map(({ input }) => JSON.parse(input.logEvents[0].message as string) as Record<string, any>);
    return { harness, lines };
  }

  test('each event is a line, without data unless it is asked for', async () => {
    const { lines, harness } = await logged({});
    expect(lines[0]).toEqual({
      id: '1',
      type: 'ExecutionStarted',
      details: { inputDetails: { truncated: false }, roleArn },
      previous_event_id: '0',
      event_timestamp: '1767225600000',
      execution_arn: executionArn,
      redrive_count: '0',
    });
    expect(lines.map(({ type }) => type)).toEqual(await harness.types(executionArn));
    const { principal } = harness.made.find(({ operation }) => operation === 'CreateLogStream')!;
    expect(principal).toBe('delivery.logs.amazonaws.com');
    const { lines: full } = await logged({ include_execution_data: true });
    expect(full[0]!.details.input).toBe('{"secret":1}');
  });

  test.each([
    ['FATAL', ['ExecutionFailed']],
    ['ERROR', ['FailStateEntered', 'ExecutionFailed']],
  ])('level %s', async (level, types) => {
    const { lines } = await logged({ level }, { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } });
    expect(lines.map(({ type }) => type)).toEqual(types);
  });

  test('without a resource policy of the group nothing is logged, which the timeline tells', async () => {
    const { lines, harness } = await logged({}, pass, 'states.amazonaws.com');
    expect(lines).toEqual([]);
    const lost = harness.runtime.timeline.hops.find(({ operation }) => operation === 'log');
    expect(lost).toMatchObject({
      outcome: 'failed',
      summary: expect.stringContaining('machine is not logged: AccessDenied'),
    });
  });

  test('needs rights of the role, a group that exists, and its ARN with :*', async () => {
    const harness = new Harness(['logs:DescribeLogGroups']);
    harness.answer = () => ({ logGroups: [] });
    await expect(harness.create(pass, logging())).rejects.toThrow('lacks logs:CreateLogDelivery on *');
    harness.allow('logs:*');
    await expect(harness.create(pass, logging())).rejects.toThrow('does not exist');
    await expect(harness.create(pass, logging({ log_destination: group }))).rejects.toThrow('with :* at its end');
    await expect(harness.create(pass, { logging_configuration: [{ level: 'ALL' }] })).rejects.toThrow(
      'log destination',
    );
  });
});

describe('the resource', () => {
  test('its attributes', async () => {
    expect(await new Harness().create(pass)).toEqual({
      id: machineArn,
      arn: machineArn,
      name: 'machine',
      status: 'ACTIVE',
      creation_date: '2026-01-01T00:00:00.000Z',
    });
  });

  test.each([
    [{ type: 'EXPRESS' }, 'only STANDARD is modelled'],
    [{ publish: true }, 'versions are not modelled'],
    [{ encryption_configuration: [{ type: 'AWS_OWNED_KEY' }] }, 'keys are not modelled'],
    [{ name_prefix: 'x' }, 'name_prefix'],
    [{ definition: 'x' }, 'not JSON'],
    [{ name: 'other' }, 'is authorized to assume the provided role'],
    [{ role_arn: `${roleArn}-2` }, 'is authorized to assume the provided role'],
  ])('%j is refused', async (rest, message) => {
    await expect(new Harness().create(pass, rest)).rejects.toThrow(message);
  });

  test('a name is given once', async () => {
    const harness = await made();
    await expect(harness.create(pass)).rejects.toThrow('already a state machine');
  });
});

test('executions are measured', async () => {
  const harness = await made({
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 60, Next: 'F' }, F: { Type: 'Fail' } },
  });
  await harness.end(await harness.start());
  const dimensions = { StateMachineArn: machineArn };
  expect(harness.metrics).toEqual([
    { namespace: 'AWS/States', name: 'ExecutionsStarted', dimensions, value: 1 },
    { namespace: 'AWS/States', name: 'ExecutionsFailed', dimensions, value: 1 },
    { namespace: 'AWS/States', name: 'ExecutionTime', dimensions, value: 60_000 },
  ]);
});

test('traces with the rights of the role; without them the execution goes on', async () => {
  const harness = await made(pass, { tracing_configuration: [{ enabled: true }] });
  await harness.end(await harness.start({}, { traceHeader: 'Root=1-0-1;Sampled=1' }));
  const [document] = harness.made[0]!.input.TraceSegmentDocuments;
  expect(JSON.parse(document as string)).toMatchObject({ name: 'machine', trace_id: '1-0-1' });
  harness.allow();
  expect(await harness.end(await harness.start())).toMatchObject({ status: 'SUCCEEDED' });
  expect(harness.runtime.timeline.hops.at(-1)).toMatchObject({ service: 'xray', outcome: 'denied' });
});
