import * as fc from 'fast-check';
import { leaseOf, realClock, simulatedClock } from '../../local/clock';

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

  test('moved forward, it rings what is due on the way in order, each at its time, and the rest as much sooner', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 30 }),
        fc.constantFrom(0.5, 1, 60),
        (delays, speed) => {
          const clock = realClock(speed);
          const begin = clock.now();
          const rang: [number, number][] = [];
          const timers = delays.map((ms, index) => clock.schedule(ms, () => rang.push([clock.now() - begin, index])));
          while (clock.step(begin + 2500));
          clock.moveTo(begin + 2500);
          const inOrder = delays
            .map((ms, index): [number, number] => [ms, index])
            .sort(([a, i], [b, j]) => a - b || i - j);
          expect(rang).toEqual(inOrder.filter(([ms]) => ms <= 2500));
          expect(clock.now()).toBe(begin + 2500);
          jest.advanceTimersByTime(Math.ceil(2500 / speed) + 100);
          expect(rang.map(([, index]) => index)).toEqual(inOrder.map(([, index]) => index));
          for (const timer of timers) timer.cancel();
        },
      ),
    );
  });

  test('it never goes back, and goes on from where it was moved to', () => {
    const clock = realClock(60);
    const begin = clock.now();
    clock.moveTo(begin + 10_000);
    clock.moveTo(begin);
    jest.advanceTimersByTime(1000);
    expect(clock.now() - begin).toBe(70_000);
  });

  test('what one timer begins can stop the next, though both are overdue', async () => {
    const clock = realClock();
    const rang = jest.fn();
    clock.schedule(1, () => void Promise.resolve().then(() => later.cancel()));
    const later = clock.schedule(2, rang);
    clock.moveTo(clock.now() + 10);
    await jest.advanceTimersByTimeAsync(10);
    expect(rang).not.toHaveBeenCalled();
  });

  test('without timers it keeps no process alive', () => {
    const clock = realClock();
    const timers = [50, 2 ** 40, 0].map((ms) => clock.schedule(ms, () => undefined));
    for (const timer of timers) timer.cancel();
    expect(jest.getTimerCount()).toBe(0);
  });
});

test('a lease that has ended rings no more, and leaves the timers of others alone', () => {
  const clock = simulatedClock(0);
  const lease = leaseOf(clock);
  const rang: string[] = [];
  lease.schedule(10, () => rang.push('in time'));
  lease.schedule(20, () => rang.push('too late'));
  clock.schedule(30, () => rang.push('other'));
  clock.step(10);
  lease.end();
  lease.schedule(5, () => rang.push('after the end'));
  while (clock.step(Number.POSITIVE_INFINITY));
  expect(rang).toEqual(['in time', 'other']);
  expect(lease.now()).toBe(30);
});
