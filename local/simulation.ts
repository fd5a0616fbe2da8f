import type { SimulatedClock } from './clock';
import type { Runtime } from './runtime';

/**
 * Lets simulated time pass until `done` holds: whenever nothing is under way, the clock moves to its next timer.
 *
 * @param limit how much runtime time may pass, in milliseconds. @default a day
 * @returns false if `done` cannot come to hold: no timer is left, or the limit is reached
 */
export async function runUntil(
  runtime: Runtime,
  clock: SimulatedClock,
  done: () => boolean,
  limit = 86_400_000,
): Promise<boolean> {
  const end = clock.now() + limit;
  while (!done()) {
    await runtime.idle();
    if (done()) return true;
    if (!clock.step(end)) return false;
  }
  return true;
}
