import { alarmState, breaker, executions, firstRun, message, notified, statuses, taken, tries } from './messages';
import { put } from './notification-flows';
import { dev, type Orders, startOrders } from './orders';
import { MutableSynthesis } from './policy-mutations';

const minutes = 60_000;
const copy = new MutableSynthesis();
let local: Orders;
afterEach(async () => local.stop());
afterAll(() => copy.remove());

/** Messages fail while the topic is away, are held back by the breaker, and go out when `back` has been called. */
async function opensAndCloses(reason: string, back: () => void | Promise<void>): Promise<void> {
  await local.pass(firstRun);
  for (const id of ['one', 'three', 'two']) await put(local, id);
  await local.timeline.waitFor(() => notified(local, breaker).at(-1) === 'ALARM');
  await local.runtime.idle();
  expect(await alarmState(local, breaker)).toBe('ALARM');
  expect(await statuses(local)).toEqual({ Failure: 3 });
  expect(await message(local, 'one')).toMatchObject({ reason, attempts: '1' });

  const tried = tries(local).length;
  await put(local, 'held back');
  await local.pass(10_000);
  expect(await alarmState(local, breaker)).toBe('ALARM');
  const held = await message(local, 'held back');
  expect(held).toMatchObject({ sendStatus: 'Failure', reason: 'CircuitOpen' });
  expect(held).not.toHaveProperty('attempts');
  expect(tries(local)).toHaveLength(tried);
  const ends = await Promise.all(
    (await executions(local)).map(async ({ executionArn }) =>
      local.call('states', 'DescribeExecution', { executionArn }),
    ),
  );
  expect(ends.map(({ status, error }) => `${status} ${error}`)).toEqual([
    ...Array.from({ length: 3 }, () => 'FAILED SendFailed'),
    'FAILED CircuitOpen',
  ]);

  await back();
  await local.pass(20 * minutes);
  expect(taken(local).sort()).toEqual(['held back', 'one', 'three', 'two']);
  expect(await alarmState(local, breaker)).toBe('OK');
  expect(notified(local, breaker).slice(-2)).toEqual(['ALARM', 'OK']);
  expect(await message(local, 'held back')).not.toHaveProperty('reason');
}

test('a sender that points at a topic that does not exist opens the breaker; pointed back, all is delivered', async () => {
  const nowhere = 'arn:aws:sns:eu-central-1:000000000000:outbox-dev-nowhere';
  const name = dev('send-message');
  copy.edit('notifications', ({ resource }) => {
    const functions = Object.values<any>(resource.aws_lambda_function);
    functions.find((one) => one.function_name === name).environment.variables.TOPIC_ARN = nowhere;
  });
  local = await startOrders({ from: copy.folder });
  await opensAndCloses('AuthorizationErrorException', async () => {
    const { Environment } = await local.call('lambda', 'GetFunctionConfiguration', { FunctionName: name });
    expect(Environment.Variables.TOPIC_ARN).toBe(nowhere);
    const Variables = { ...Environment.Variables, TOPIC_ARN: local.runtime.arn('sns', dev('notifications')) };
    await local.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: name, Environment: { Variables } });
  });
  expect(await statuses(local)).toEqual({ Successful: 4 });
});

test('a topic that is away opens the breaker; back again, all is delivered', async () => {
  local = await startOrders();
  const principal = `role/${dev('send-message')}`;
  const times = Number.POSITIVE_INFINITY;
  const back = local.faults.add({ service: 'sns', operation: 'Publish', principal, times, effect: 'failBefore' });
  await opensAndCloses('InternalErrorException', back);
  expect(await statuses(local)).toEqual({ Successful: 4 });
});
