/**
 * Calls `fn` after real milliseconds, whatever the runtime's clock does.
 *
 * The time limit of an invocation is the one thing measured in real time: the handler's code runs at real speed, so
 * that at `--speed 60` three virtual seconds would be 50 ms, less than a cold start.
 *
 * @returns cancels it
 */
export function afterRealTime(ms: number, fn: () => void): () => void {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
}
