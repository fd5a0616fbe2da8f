/** A callback scheduled on a {@link Clock}. */
export interface Timer {
  /** Without effect after it has rung. */
  cancel(): void;
}

/** The only source of time in the local runtime. Units are milliseconds of runtime time. */
export interface Clock {
  /** Runtime time, in milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `fn` once, `ms` milliseconds of runtime time from now. */
  schedule(ms: number, fn: () => void): Timer;
}

/** The longest that `setTimeout` waits, in milliseconds: what is longer rings at once. */
const longest = 2 ** 31 - 1;

/**
 * Real time, multiplied.
 *
 * @param speed runtime seconds per real second: 1 is real time, 60 a minute per second
 */
export function realClock(speed = 1): Clock {
  const epoch = Date.now();
  const origin = performance.now();
  return {
    now: () => epoch + Math.floor((performance.now() - origin) * speed),
    schedule(ms, fn) {
      let timer: NodeJS.Timeout;
      const wait = (left: number) => {
        timer = setTimeout(() => (left > longest ? wait(left - longest) : fn()), Math.min(left, longest));
      };
      wait(ms / speed);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** A clock that stands still until it is told to move to its next timer. */
export interface SimulatedClock extends Clock {
  /**
   * Moves to the next scheduled timer that is due at or before `limit` and runs it.
   *
   * @returns false if there was none; time then stands where it stood
   */
  step(limit: number): boolean;
  /** Moves time to `time` without running anything; only forward. */
  moveTo(time: number): void;
}

/** @param start the time the clock starts at, in epoch milliseconds. @default 2026-01-01T00:00:00Z */
export function simulatedClock(start = Date.UTC(2026, 0, 1)): SimulatedClock {
  let time = start;
  let sequence = 0;
  const timers = new Map<number, { due: number; fn: () => void }>();
  return {
    now: () => time,
    schedule(ms, fn) {
      const id = sequence++;
      timers.set(id, { due: time + Math.max(0, ms), fn });
      return { cancel: () => timers.delete(id) };
    },
    step(limit) {
      let next: [number, { due: number; fn: () => void }] | undefined;
      for (const entry of timers) if (!next || entry[1].due < next[1].due) next = entry;
      if (!next || next[1].due > limit) return false;
      timers.delete(next[0]);
      time = Math.max(time, next[1].due);
      next[1].fn();
      return true;
    },
    moveTo(to) {
      time = Math.max(time, to);
    },
  };
}
