import * as fc from 'fast-check';
import { simulatedClock } from '../../local/clock';

test('time stands still until the clock steps to its next timer', () => {
  const clock = simulatedClock(1000);
  const rang: number[] = [];
  clock.schedule(50, () => rang.push(clock.now()));
  expect(clock.now()).toBe(1000);
  expect(clock.step(1049)).toBe(false);
  expect(clock.step(1050)).toBe(true);
  expect(rang).toEqual([1050]);
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test('a cancelled timer does not ring', () => {
  const clock = simulatedClock();
  clock
    .schedule(1, () => {
      throw new Error('it rang');
    })
    .cancel();
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test('time moves forward only', () => {
  const clock = simulatedClock(1000);
  clock.moveTo(2000);
  clock.moveTo(1500);
  expect(clock.now()).toBe(2000);
});

test('timers ring in order of their time, those of one time in the order they were set', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }), (delays) => {
      const clock = simulatedClock(0);
      const rang: [number, number][] = [];
      for (const [index, ms] of delays.entries()) clock.schedule(ms, () => rang.push([clock.now(), index]));
      while (clock.step(Number.POSITIVE_INFINITY));
      expect(rang).toEqual(
        delays.map((ms, index): [number, number] => [ms, index]).sort(([a, i], [b, j]) => a - b || i - j),
      );
    }),
  );
});
