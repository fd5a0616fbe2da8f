import type { Clock } from '../../clock';

/** Lets `burst` requests pass at once and `rate` a second after that. */
export interface TokenBucket {
  /** Takes a token; false if there is none. */
  take(): boolean;
}

/**
 * The token bucket of API Gateway's throttling, in runtime time.
 *
 * Source: API Gateway developer guide, "Throttle requests to your REST APIs".
 *
 * @param rate tokens added a second
 * @param burst tokens it holds at most
 */
export function tokenBucket(clock: Clock, rate: number, burst: number): TokenBucket {
  let tokens = burst;
  let filled = clock.now();
  return {
    take() {
      const now = clock.now();
      tokens = Math.min(burst, tokens + ((now - filled) / 1000) * rate);
      filled = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
