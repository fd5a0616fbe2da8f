import { setTimeout } from 'node:timers/promises';

/** Time and chance as functions take them: passed in, so that tests can pass their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Waits a random time of at most `longest` milliseconds. */
  jitter(longest: number): Promise<void>;
}

/** The real clock; only functions use it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  jitter: async (longest) => setTimeout(Math.random() * longest),
};
