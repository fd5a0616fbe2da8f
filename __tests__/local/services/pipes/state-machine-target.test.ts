import { alphabetical, gathered, pipeFixture, readQueue } from './fixture';

let fixture: Awaited<ReturnType<typeof pipeFixture>>;
beforeEach(async () => {
  fixture = await pipeFixture();
});
afterEach(async () => fixture.close());

const target = 'arn:aws:states:eu-west-1:000000000000:stateMachine:work';
const parameters = { step_function_state_machine_parameters: { invocation_type: 'FIRE_AND_FORGET' } };

const started = async (state: object = { Type: 'Pass', End: true }, given: object = {}) => {
  await fixture.createMachine({ StartAt: 'It', States: { It: state } });
  await fixture.createPipe({ target, target_parameters: parameters, ...gathered, ...given });
  await fixture.runtime.start();
};
const executions = async () => {
  const { executions: all } = await fixture.call('states', 'ListExecutions', { stateMachineArn: target });
  return Promise.all(
    (all as { executionArn: string }[]).map(async ({ executionArn }) =>
      fixture.call('states', 'DescribeExecution', { executionArn }),
    ),
  );
};

test('one execution gets the list of a batch, and is caused by its messages', async () => {
  await started();
  await fixture.send('a', 'b', 'c');
  await fixture.runtime.idle();
  const all = await executions();
  expect(all).toHaveLength(1);
  const input = JSON.parse(all[0].input) as { body: string }[];
  expect(input.map(({ body }) => body).toSorted(alphabetical)).toEqual(['a', 'b', 'c']);
  expect(await fixture.left()).toBe(0);
  const [start] = fixture.hops('states', 'StartExecution');
  expect(start!.parents).toEqual(fixture.hops('pipes', 'batch').map(({ id }) => id));
  expect(start!.principal).toContain('assumed-role/pipe/claims');
});

test('one message is a list too', async () => {
  await started();
  await fixture.send('a');
  await fixture.until(() => fixture.hops('states', 'end').length === 1);
  expect(JSON.parse((await executions())[0].input)).toMatchObject([{ body: 'a' }]);
});

test('an execution that fails is none of the pipe', async () => {
  await started({ Type: 'Fail', Error: 'No' });
  await fixture.send('a');
  await fixture.pass(120_000);
  expect(await executions()).toMatchObject([{ status: 'FAILED' }]);
  expect(await fixture.left()).toBe(0);
  expect(fixture.total('ExecutionFailed')).toBe(0);
});

test('an input over 262,144 characters fails the batch', async () => {
  await started();
  await fixture.send('a'.repeat(262_144));
  await fixture.pass(300_000);
  expect(await executions()).toEqual([]);
  expect(await fixture.messages('dead')).toHaveLength(1);
  expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('InvalidExecutionInput');
  expect(fixture.total('TargetStageFailed')).toBe(3);
});

test('any number of events goes, as the target is bounded by their size', async () => {
  const code = 'export const handler = async () => Array.from({ length: 40 }, (_, claim) => ({ claim }));';
  await fixture.addFunction('enrich', code);
  await started(undefined, { enrichment: 'arn:aws:lambda:eu-west-1:000000000000:function:enrich' });
  await fixture.send('a');
  await fixture.until(() => fixture.hops('states', 'end').length === 1);
  expect(JSON.parse((await executions())[0].input)).toHaveLength(40);
});

test('a start whose answer is lost is another execution', async () => {
  await started();
  fixture.runtime.faults.add({ operation: 'StartExecution', principal: 'role/pipe', effect: 'failAfter' });
  await fixture.send('a');
  await fixture.pass(120_000);
  expect(await executions()).toHaveLength(2);
  expect(await fixture.left()).toBe(0);
});

test('needs states:StartExecution', async () => {
  fixture.allowPipe(...readQueue);
  await started();
  await fixture.send('a');
  await fixture.pass(300_000);
  expect(fixture.hops('states', 'StartExecution').map(({ outcome }) => outcome)).toEqual([
    'denied',
    'denied',
    'denied',
  ]);
  expect(await fixture.messages('dead')).toHaveLength(1);
});

test('is shown', async () => {
  await started();
  expect(await fixture.describe()).toMatchObject({
    Target: target,
    TargetParameters: { StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' } },
  });
});
