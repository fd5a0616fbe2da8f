import { answering, fixture, total } from './enriched-pipe';

describe('an execution', () => {
  const slowBus = (seconds: number) =>
    fixture.slow('events', 'PutEvents', seconds, () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'id' }] }));

  test('of more than five minutes fails', async () => {
    await answering('records');
    slowBus(301);
    await fixture.send('a');
    await fixture.until(() => total('ExecutionTimeout') === 1);
    expect(fixture.hops('pipes', 'retry').at(-1)!.summary).toContain('took longer than 300 seconds');
    expect(total('ExecutionFailed')).toBe(0);
  });

  test('that lasts longer than its message is hidden: the message comes again, and dies', async () => {
    await answering('records');
    const calls = slowBus(90);
    await fixture.send('a');
    await fixture.pass(600_000);
    expect(calls.map((time) => time - calls[0]!)).toEqual([0, 60_000, 120_000]);
    expect(await fixture.dead()).toEqual(['a']);
    expect(total('ExecutionFailed')).toBe(0);
  });

  test('of less than five minutes does not', async () => {
    await answering('records');
    slowBus(299);
    await fixture.send('a');
    await fixture.pass(310_000);
    expect(total('ExecutionTimeout')).toBe(0);
  });

  test('whose enrichment took too long does not go on to the target', async () => {
    await answering('records');
    const invocations = fixture.slow('lambda', 'Invoke', 301, () => ({ StatusCode: 200, Payload: '[{"claim":1}]' }));
    await fixture.send('a');
    await fixture.pass(900_000);
    expect(invocations).toHaveLength(3);
    expect(total('ExecutionTimeout')).toBe(3);
    expect(fixture.events()).toEqual([]);
  });
});
