import { roleArn, scheduleArn, setUp } from './schedule';

describe('when it invokes', () => {
  test('a rate: at once and after each interval, as the role, for as long as time is given', async () => {
    const { make, runtime, sent, pass, hops } = setUp();
    expect(await make()).toMatchObject({ id: 'default/retry', arn: scheduleArn });
    await pass(60);
    expect(sent).toEqual([]);
    await runtime.start();
    await pass(12);
    expect(sent.map((one) => [one.operation, one.principal, one.minute])).toEqual([
      ['Invoke', roleArn, 0],
      ['Invoke', roleArn, 5],
      ['Invoke', roleArn, 10],
    ]);
    expect(sent.at(-1)!.parents).toEqual([hops('invoke').at(-1)!.id]);
  });

  test('within start and end date', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ start_date: '2026-01-01T00:10:00Z', end_date: '2026-01-01T00:20:00Z' });
    await runtime.start();
    await pass(60);
    expect(sent.map((one) => one.minute)).toEqual([10, 15, 20]);
  });

  test('a cron expression in its time zone', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ schedule_expression: 'cron(30 2 * * ? *)', schedule_expression_timezone: 'Europe/Berlin' });
    await runtime.start();
    await pass(48 * 60);
    expect(sent.map((one) => one.minute)).toEqual([90, 90 + 1440]);
  });

  test('at a random moment of a flexible window, once for each time it is due', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make({ flexible_time_window: [{ mode: 'FLEXIBLE', maximum_window_in_minutes: 4 }] });
    await runtime.start();
    await pass(59);
    const late = sent.map((one, index) => one.minute - index * 5);
    expect(late).toHaveLength(12);
    expect(late.every((minutes) => minutes >= 0 && minutes < 4)).toBe(true);
    expect(new Set(late).size).toBeGreaterThan(6);
  });

  test('not while it is disabled; enabled again, at its usual times', async () => {
    const { make, runtime, sent, pass, call } = setUp();
    await make();
    await runtime.start();
    await pass(6);
    const given = await call('GetSchedule', { Name: 'retry' });
    const change = async (State: string) => call('UpdateSchedule', { ...given, State });
    await change('DISABLED');
    await pass(20);
    expect(sent.map((one) => one.minute)).toEqual([0, 5]);
    expect(await call('ListSchedules', { State: 'DISABLED' })).toMatchObject({ Schedules: [{ Name: 'retry' }] });
    await change('ENABLED');
    await pass(6);
    expect(sent.map((one) => one.minute)).toEqual([0, 5, 10]);
  });

  test('once, and is then deleted if it says so', async () => {
    const { make, runtime, sent, pass, call, hops } = setUp();
    await make({ schedule_expression: 'at(2026-01-01T00:07:00)', action_after_completion: 'DELETE' });
    await make({ name: 'kept', schedule_expression: 'at(2026-01-01T00:08:00)' });
    await runtime.start();
    await pass(60);
    expect(sent.map((one) => one.minute)).toEqual([7, 8]);
    expect(hops('complete')).toHaveLength(1);
    await expect(call('GetSchedule', { Name: 'retry' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
    expect(await call('GetSchedule', { Name: 'kept' })).toMatchObject({ State: 'ENABLED' });
  });

  test('nothing any more once the runtime has stopped', async () => {
    const { make, runtime, sent, pass } = setUp();
    await make();
    await runtime.start();
    await pass(1);
    await runtime.stop();
    expect(await pass(60)).toBe(false);
    expect(sent).toHaveLength(1);
  });
});
