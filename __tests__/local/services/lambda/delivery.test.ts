import { mappingFixture as setUp } from '../queue-fixture';

let fixture: Awaited<ReturnType<typeof setUp>>;
afterEach(async () => fixture.close());

describe('faults', () => {
  const code = 'let calls = 0; export const handler = async () => { console.log(`call ${++calls}`); };';
  const fault = { service: 'lambda', operation: 'Invoke', resource: 'consumer' } as const;
  const calls = async () => (await fixture.lines('consumer')).filter((line) => line.includes('call ')).length;

  test('throttle: tried again while the messages are hidden', async () => {
    fixture = await setUp(code);
    await fixture.runtime.start();
    fixture.runtime.faults.add({ ...fault, effect: 'throttle', times: 2 });
    const start = fixture.clock.now();
    fixture.send('a');
    expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
    expect(fixture.clock.now() - start).toBe(3000);
    expect(fixture.runtime.timeline.hops.filter((hop) => hop.outcome === 'throttled')).toHaveLength(2);
  });

  test('throttle for good: given up when the messages are visible again', async () => {
    fixture = await setUp(code);
    await fixture.runtime.start();
    fixture.runtime.faults.add({ ...fault, effect: 'throttle', times: 1000 });
    fixture.send('a');
    await fixture.until(() => fixture.messages[0]!.receives === 2);
    expect(fixture.messages).toHaveLength(1);
    expect(fixture.starts()).toEqual([]);
  });

  test.each([
    ['failBefore', 0, 1],
    ['deny', 0, 1],
    ['failAfter', 1, 1],
    ['kill', 0, 1],
    ['killAfter', 1, 1],
    ['duplicate', 2, 0],
  ] as const)('%s: %i calls, %i left', async (effect, called, left) => {
    fixture = await setUp(code);
    await fixture.runtime.start();
    fixture.runtime.faults.add({ ...fault, effect });
    fixture.send('a');
    await fixture.runtime.idle();
    expect(await calls()).toBe(called);
    expect(fixture.messages).toHaveLength(left);
    expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
  });

  test('a failed receive is tried again', async () => {
    fixture = await setUp(code);
    await fixture.runtime.start();
    fixture.runtime.faults.add({ service: 'sqs', operation: 'ReceiveMessage', effect: 'throttle', times: 3 });
    fixture.send('a');
    expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
  });

  test('a failed delete brings the message again', async () => {
    fixture = await setUp(code);
    await fixture.runtime.start();
    fixture.runtime.faults.add({ service: 'sqs', operation: 'DeleteMessageBatch', effect: 'failBefore' });
    fixture.send('a');
    expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
    expect(await calls()).toBe(2);
  });
});
