import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { Harness } from './harness';
import { ids, started } from './stream-pipe';

describe('batches', () => {
  test('a full batch goes at once, the rest when its window ends', async () => {
    const harness = await started({ batch_size: 3, maximum_batching_window_in_seconds: 2 });
    const begin = harness.clock.now();
    for (const id of ids(4)) harness.write(id);
    await harness.until(() => harness.delivered.length === 4);
    expect(harness.sent.map(({ at, entries }) => [at - begin, entries.length])).toEqual([
      [0, 3],
      [2000, 1],
    ]);
  });

  test('the window begins with the first record', async () => {
    const harness = await started({ maximum_batching_window_in_seconds: 2 });
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.runtime.idle();
    harness.clock.moveTo(begin + 1500);
    harness.write('o1');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.sent.map(({ at, entries }) => [at - begin, entries.length])).toEqual([[2000, 2]]);
  });

  test('without a window what is there goes at once', async () => {
    const harness = await started();
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.clock.now()).toBe(begin);
  });

  test('backlog goes in full batches, in order', async () => {
    const harness = new Harness();
    await harness.pipe({ batch_size: 10 });
    for (const id of ids(35)) harness.write(id);
    await harness.start();
    await harness.until(() => harness.delivered.length === 35);
    expect(harness.delivered).toEqual(ids(35));
    expect(harness.sent.map(({ entries }) => entries.length)).toEqual([10, 10, 10, 5]);
  });

  test('with several lanes each item keeps its order', async () => {
    await assert(
      asyncProperty(
        array(constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 60 }),
        integer({ min: 1, max: 10 }),
        integer({ min: 1, max: 10 }),
        integer({ min: 0, max: 4 }),
        async (items, lanes, size, throttles) => {
          const harness = await started({ parallelization_factor: lanes, batch_size: size });
          if (throttles > 0)
            harness.runtime.faults.add({ operation: 'PutEvents', effect: 'failBefore', times: throttles });
          items.forEach((item, n) => harness.write(item, { n: { N: String(n) } }));
          expect(await harness.until(() => harness.taken.length >= items.length)).toBe(true);
          for (const item of new Set(items)) {
            const expected = items.flatMap((id, n) => (id === item ? [String(n)] : []));
            const got = harness.taken
              .filter((detail) => detail.dynamodb.Keys.id.S === item)
              .map((detail) => detail.dynamodb.NewImage.n?.N);
            expect(got).toEqual(expected);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a lane that waits does not hold the others back', async () => {
    const harness = await started({ parallelization_factor: 10, batch_size: 1 });
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'o0' ? 'InternalFailure' : undefined);
    for (const id of ids(10)) harness.write(id);
    await harness.pass(1);
    expect(harness.delivered.length).toBeGreaterThanOrEqual(5);
    expect(harness.delivered).not.toContain('o0');
  });
});
