import type { MovableClock } from './clock';
import { afterRealTime } from './real-time';
import type { Runtime } from './runtime';

/** Time cannot be advanced so; the message says why, and what to do. */
export class AdvanceError extends Error {
  override readonly name = 'AdvanceError';
}

/** How far time was advanced. */
export interface Advance {
  /** Milliseconds of runtime time. */
  readonly moved: number;
  /** Timers that became due on the way. */
  readonly timers: number;
  /** Whether it went all the way; else its real time was over. */
  readonly isComplete: boolean;
}

/** The furthest that time is advanced at once, in milliseconds: seven days. A day is 1,440 minutes of alarms and schedules. */
const furthest = 7 * 86_400_000;

/** Real milliseconds that an advance takes at most. */
const patience = 30_000;

/**
 * Makes the function that advances time: to each timer that becomes due on the way, in the order in which they are due. What
 * a timer begins comes to its end before time goes on, and so does what was under way before: functions run at real speed, so
 * no message is visible again because its function was overtaken.
 *
 * It stops after 30 seconds of real time, or when it has arrived; nothing that is due is left out.
 *
 * @returns takes milliseconds of runtime time, from 1 to 604,800,000 (7 days); throws AdvanceError
 */
export function advancer(runtime: Runtime, clock: MovableClock): (ms: number) => Promise<Advance> {
  let isMoving = false;
  return async (ms) => {
    if (!Number.isInteger(ms) || ms < 1 || ms > furthest)
      throw new AdvanceError(
        `Time can be advanced by 1 to ${furthest.toLocaleString('en')} milliseconds (7 days) at once, not by ${ms}`,
      );
    if (isMoving) throw new AdvanceError('Time is being advanced already: wait until that has ended');
    isMoving = true;
    try {
      return await advance(runtime, clock, ms);
    } finally {
      isMoving = false;
    }
  };
}

async function advance(runtime: Runtime, clock: MovableClock, ms: number): Promise<Advance> {
  const begin = clock.now();
  const end = begin + ms;
  let timers = 0;
  let isOver = false;
  let stopWaiting = () => {};
  const over = new Promise<void>((resolve) => {
    stopWaiting = afterRealTime(patience, () => {
      isOver = true;
      resolve();
    });
  });
  try {
    for (;;) {
      await Promise.race([runtime.idle(), over]);
      if (isOver) return { moved: Math.min(clock.now() - begin, ms), timers, isComplete: false };
      if (!clock.step(end)) break;
      timers++;
    }
    clock.moveTo(end);
    return { moved: ms, timers, isComplete: true };
  } finally {
    stopWaiting();
  }
}
