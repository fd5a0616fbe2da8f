import { Heap } from './heap';

/** A callback scheduled on a {@link Clock}. */
export interface Timer {
  /** Without effect after it has rung. */
  cancel(): void;
}

/** The only source of time in the local runtime. Units are milliseconds of runtime time. */
export interface Clock {
  /** Runtime time, in milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Calls `fn` once, `ms` milliseconds of runtime time from now, never earlier. What is due first rings first; of what is
   * due at the same time, what was scheduled first.
   */
  schedule(ms: number, fn: () => void): Timer;
}

/** A clock that can be moved forward. */
export interface MovableClock extends Clock {
  /**
   * Moves to the next scheduled timer that is due at or before `limit` and runs it.
   *
   * @returns false if there was none; time is then left as it was
   */
  step(limit: number): boolean;
  /** Moves time to `time` without running anything; only forward. What is due by then rings as soon as it can. */
  moveTo(time: number): void;
}

/** A clock that stands still until it is told to move. */
export type SimulatedClock = MovableClock;

/** What a timer is to the clock that keeps it. */
interface Bell {
  readonly ring: () => void;
}

/** The longest that `setTimeout` waits, in milliseconds: what is longer rings at once. */
const longest = 2 ** 31 - 1;

/**
 * Real time, multiplied; it can be moved forward beside that.
 *
 * @param speed runtime seconds per real second: 1 is real time, 60 a minute per second
 */
export function realClock(speed = 1): MovableClock {
  const epoch = Date.now();
  const origin = performance.now();
  let moved = 0;
  const elapsed = () => (performance.now() - origin) * speed + moved;
  const bells = new Heap<Bell>();
  let disarm = () => {};

  /** Waits for the bell that is due first; one a turn, so that what it begins can stop the next one. */
  const arm = () => {
    disarm();
    if (bells.size === 0) return;
    const wait = Math.ceil((bells.firstKey - elapsed()) / speed);
    if (wait <= 0) {
      const turn = setImmediate(ring);
      disarm = () => clearImmediate(turn);
    } else {
      const timeout = setTimeout(ring, Math.min(wait, longest));
      disarm = () => clearTimeout(timeout);
    }
  };
  const ring = () => {
    try {
      if (bells.firstKey <= elapsed()) bells.take()?.ring();
    } finally {
      arm();
    }
  };
  const move = (by: number) => {
    moved += Math.max(0, by);
    arm();
  };
  return {
    now: () => epoch + Math.floor(elapsed()),
    schedule(ms, fn) {
      const bell = { ring: fn };
      bells.add(bell, elapsed() + Math.max(0, ms));
      if (bells.first === bell) arm();
      return {
        cancel() {
          const wasFirst = bells.first === bell;
          bells.remove(bell);
          if (wasFirst) arm();
        },
      };
    },
    step(limit) {
      const due = bells.firstKey;
      const next = epoch + due > limit ? undefined : bells.take();
      if (!next) return false;
      move(due - elapsed());
      next.ring();
      return true;
    },
    moveTo: (time) => move(time - epoch - elapsed()),
  };
}

/** @param start the time the clock starts at, in epoch milliseconds. @default 2026-01-01T00:00:00Z */
export function simulatedClock(start = Date.UTC(2026, 0, 1)): SimulatedClock {
  let time = start;
  const bells = new Heap<Bell>();
  return {
    now: () => time,
    schedule(ms, fn) {
      const bell = { ring: fn };
      bells.add(bell, time + Math.max(0, ms));
      return { cancel: () => void bells.remove(bell) };
    },
    step(limit) {
      const due = bells.firstKey;
      const next = due > limit ? undefined : bells.take();
      if (!next) return false;
      time = Math.max(time, due);
      next.ring();
      return true;
    },
    moveTo(to) {
      time = Math.max(time, to);
    },
  };
}

/** A clock for one user of it, who may end before the clock does. */
export interface ClockLease extends Clock {
  /** Forgets all timers; those scheduled from now on never ring. */
  end(): void;
}

/** Lends a clock. */
export function leaseOf(clock: Clock): ClockLease {
  const timers = new Set<Timer>();
  let hasEnded = false;
  return {
    now: () => clock.now(),
    schedule(ms, fn) {
      if (hasEnded) return { cancel() {} };
      const timer = clock.schedule(ms, () => {
        timers.delete(timer);
        fn();
      });
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    end() {
      hasEnded = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
