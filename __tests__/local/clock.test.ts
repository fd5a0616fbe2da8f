import * as fc from 'fast-check';
import { realClock, simulatedClock } from '../../local/clock';

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

describe('real time', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('a timer further away than setTimeout reaches rings when it is due, not at once', () => {
    const days = 24 * 3_600_000;
    const clock = realClock(0.5);
    let rang = false;
    clock.schedule(30 * days, () => (rang = true));
    jest.advanceTimersByTime(59 * days);
    expect(rang).toBe(false);
    jest.advanceTimersByTime(days);
    expect(rang).toBe(true);
  });

  test('a cancelled timer does not ring, however far away it was', () => {
    const rang = jest.fn();
    realClock(1)
      .schedule(2 ** 32, rang)
      .cancel();
    jest.advanceTimersByTime(2 ** 33);
    expect(rang).not.toHaveBeenCalled();
  });

  test('speed makes a timer ring sooner', () => {
    const rang = jest.fn();
    realClock(60).schedule(60_000, rang);
    jest.advanceTimersByTime(999);
    expect(rang).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(rang).toHaveBeenCalledTimes(1);
  });
});
