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
  let underWay: Interruption | undefined;
  runtime.onStop(() => underWay?.come('stopped'));
  return async (ms) => {
    if (!Number.isInteger(ms) || ms < 1 || ms > furthest)
      throw new AdvanceError(
        `Time can be advanced by 1 to ${furthest.toLocaleString('en')} milliseconds (7 days) at once, not by ${ms}`,
      );
    if (underWay) throw new AdvanceError('Time is being advanced already: wait until that has ended');
    const interruption = new Interruption();
    underWay = interruption;
    const cancel = afterRealTime(patience, () => interruption.come('late'));
    try {
      return await advance(runtime, clock, ms, interruption);
    } finally {
      cancel();
      underWay = undefined;
    }
  };
}

/** Why an advance ends before it has arrived. */
class Interruption {
  reason: 'late' | 'stopped' | undefined;
  private resolve = () => {};
  /** Resolves when there is a reason. */
  readonly hasCome = new Promise<void>((resolve) => (this.resolve = resolve));

  come(reason: 'late' | 'stopped'): void {
    this.reason ??= reason;
    this.resolve();
  }
}

async function advance(
  runtime: Runtime,
  clock: MovableClock,
  ms: number,
  interruption: Interruption,
): Promise<Advance> {
  const begin = clock.now();
  const end = begin + ms;
  for (let timers = 0; ; timers++) {
    await Promise.race([runtime.idle(), interruption.hasCome]);
    if (interruption.reason === 'stopped') throw new AdvanceError('The runtime was stopped before time had arrived');
    if (interruption.reason === 'late') return { moved: Math.min(clock.now() - begin, ms), timers, isComplete: false };
    if (clock.step(end)) continue;
    clock.moveTo(end);
    return { moved: ms, timers, isComplete: true };
  }
}
