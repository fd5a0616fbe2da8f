import { runUntil } from '../../../../local/simulation';
import { functionArn, Harness, machineArn, roleArn, single } from './harness';
import { executionArn, made, pass } from './machine';

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
