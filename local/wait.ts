import type { SimulatedClock } from './clock';
import type { Runtime } from './runtime';
import { runUntil } from './simulation';
import type { Hop } from './timeline';

/** How much is waited for, and how long. */
export interface WaitOptions {
  /** How many hops must match. @default 1 */
  readonly count?: number;
  /** How much runtime time may pass, in milliseconds. @default a day */
  readonly limit?: number;
}

/** What was waited for did not happen. */
export class NeverHappened extends Error {
  override readonly name = 'NeverHappened';
}

/**
 * Waits until hops match: on a simulated clock by letting time pass as soon as nothing is under way, on a real clock
 * by listening.
 *
 * @returns the hops that match, those from before the call among them
 * @throws NeverHappened with what happened last
 */
export async function waitFor(
  runtime: Runtime,
  simulated: SimulatedClock | undefined,
  matches: (hop: Hop) => boolean,
  { count = 1, limit = 86_400_000 }: WaitOptions = {},
): Promise<Hop[]> {
  const { timeline, clock } = runtime;
  const found = timeline.hops.filter(matches);
  const unsubscribe = timeline.subscribe((hop) => matches(hop) && found.push(hop));
  try {
    if (simulated) await runUntil(runtime, simulated, () => found.length >= count, limit);
    else if (found.length < count) {
      await new Promise<void>((resolve) => {
        const timer = clock.schedule(limit, resolve);
        const stopListening = timeline.subscribe(() => {
          if (found.length < count) return;
          stopListening();
          timer.cancel();
          resolve();
        });
      });
    }
  } finally {
    unsubscribe();
  }
  if (found.length >= count) return found;
  const last = timeline.hops
    .slice(-10)
    .map((hop) => `  ${hop.service} ${hop.operation} ${hop.outcome}: ${hop.summary}`);
  throw new NeverHappened([`${found.length} of ${count} hops came; the last ones of all:`, ...last].join('\n'));
}
