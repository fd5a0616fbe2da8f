/**
 * Calls `fn` after real milliseconds, whatever the runtime's clock does.
 *
 * For what happens at real speed: the code of functions, since at `--speed 60` three virtual seconds would be 50 ms, less
 * than a cold start; and how long a person waits while time is advanced.
 *
 * @returns cancels it
 */
export function afterRealTime(ms: number, fn: () => void): () => void {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
}
