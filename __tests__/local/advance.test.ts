import { type Advance, advancer, AdvanceError } from '../../local/advance';
import { realClock, simulatedClock } from '../../local/clock';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';

const hour = 3_600_000;

function setUp(clock = realClock()) {
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-central-1' });
  return { clock, runtime, advance: advancer(runtime, clock) };
}

/** Work of some turns of the event loop. */
const work = async (turns: number) => {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
};

test.each([
  ['real', realClock],
  ['simulated', simulatedClock],
])('on a %s clock each timer rings at its time, and what it begins ends before the next', async (_, make) => {
  const { clock, runtime, advance } = setUp(make());
  const begin = clock.now();
  const told: string[] = [];
  const minutes = () => Math.floor((clock.now() - begin) / 60_000);
  const every = (left: number) => {
    clock.schedule(20 * 60_000, () => {
      told.push(`begins at ${minutes()}`);
      void runtime.track(work(10).then(() => told.push(`ends at ${minutes()}`)));
      if (left > 1) every(left - 1);
    });
  };
  every(5);
  // A real clock goes on beside that.
  const moved = hour + 60_000;
  expect(await advance(moved)).toEqual({ moved, timers: 3, isComplete: true });
  expect(told).toEqual([20, 40, 60].flatMap((at) => [`begins at ${at}`, `ends at ${at}`]));
  expect(clock.now() - begin).toBeGreaterThanOrEqual(moved);
  expect(await advance(2 * hour)).toMatchObject({ timers: 2, isComplete: true });
});

test('what is under way ends first: it is not overtaken', async () => {
  const { clock, runtime, advance } = setUp();
  const told: string[] = [];
  void runtime.track(work(20).then(() => told.push('done')));
  clock.schedule(60_000, () => told.push('timed out'));
  await advance(hour);
  expect(told).toEqual(['done', 'timed out']);
});

test('a second advance is refused while one is under way', async () => {
  const { clock, advance } = setUp(simulatedClock());
  const begin = clock.now();
  const first = advance(hour);
  await expect(advance(hour)).rejects.toThrow('Time is being advanced already: wait until that has ended');
  await first;
  await advance(hour);
  expect(clock.now()).toBe(begin + 2 * hour);
});

test.each([0, -1, 1.5, Number.NaN, 7 * 24 * hour + 1])(
  '%p milliseconds are refused, with what is allowed',
  async (ms) => {
    const { clock, advance } = setUp(simulatedClock());
    const begin = clock.now();
    await expect(advance(ms)).rejects.toThrow(AdvanceError);
    await expect(advance(ms)).rejects.toThrow(`1 to 604,800,000 milliseconds (7 days) at once, not by ${ms}`);
    expect(clock.now()).toBe(begin);
  },
);

test('an advance ends with the runtime, and moves nothing more', async () => {
  const { clock, runtime, advance } = setUp(simulatedClock());
  const rang = jest.fn();
  void runtime.track(new Promise(() => undefined));
  clock.schedule(60_000, rang);
  const advanced = advance(hour).catch((error: Error) => error.message);
  await runtime.stop();
  expect(await advanced).toBe('The runtime was stopped before time had arrived');
  expect(rang).not.toHaveBeenCalled();
});

describe('when it takes too long', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'Date', 'nextTick'] }));
  afterEach(() => jest.useRealTimers());

  test('it stops where it is and says so, and nothing that is due is left out', async () => {
    const { clock, runtime, advance } = setUp(simulatedClock());
    const begin = clock.now();
    const rang: number[] = [];
    let release = () => {};
    clock.schedule(60_000, () => {
      rang.push(1);
      void runtime.track(new Promise<void>((resolve) => (release = resolve)));
    });
    clock.schedule(120_000, () => rang.push(2));
    const stopped: Promise<Advance> = advance(hour);
    while (rang.length === 0) await work(1);
    jest.advanceTimersByTime(30_000);
    expect(await stopped).toEqual({ moved: 60_000, timers: 1, isComplete: false });
    expect([rang, clock.now() - begin]).toEqual([[1], 60_000]);
    release();
    expect(await advance(hour)).toEqual({ moved: hour, timers: 1, isComplete: true });
    expect(rang).toEqual([1, 2]);
  });
});
