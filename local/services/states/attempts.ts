import type { Retrier, State } from './definition';
import type { Frame } from './frame';
import { write } from './path';
import { StateError } from './state-error';

/** A state that may be tried again, and whose errors may be caught. */
export type Failing = Extract<State, { Retry: Retrier[] }>;

/** What came of a state. */
export interface Outcome {
  readonly output: unknown;
  /** @default the end */
  readonly next?: string | undefined;
}

/**
 * Runs what may fail: again by its retriers, else on by its catchers.
 *
 * @param data the state's input, which a catcher goes on with
 * @throws StateError that nothing catches
 */
export async function attempt(
  frame: Frame,
  state: Failing,
  data: unknown,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const used = new Map<Retrier, number>();
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const tell = (operation: string, what: string) =>
        frame.record({
          operation,
          outcome: 'failed',
          summary: `${error.error}, ${what}`,
          data: { state: frame.name, ...error.details },
        });
      const retrier = state.Retry.find(({ ErrorEquals }) => matches(ErrorEquals, error));
      const count = (retrier && used.get(retrier)) ?? 0;
      if (retrier && count < retrier.MaxAttempts) {
        used.set(retrier, count + 1);
        frame.retries++;
        const pause = pauseOf(retrier, count, frame);
        tell('retry', `retry ${count + 1} of ${retrier.MaxAttempts} in ${(pause / 1000).toFixed(1)} s`);
        await frame.thread.scope.sleep(pause);
        continue;
      }
      const catcher = state.Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error));
      if (!catcher) {
        tell('fail', 'which nothing catches');
        throw error;
      }
      tell('catch', `goes on to ${catcher.Next}`);
      const { ResultPath, Next } = catcher;
      const caught = { Error: error.error, Cause: error.cause };
      return { output: frame.limited(ResultPath ? write(data, ResultPath, caught) : data), next: Next };
    }
  }
}

/** Source: Step Functions Developer Guide, "Handling errors": what is not retried, and what the collective names leave out. */
function matches(names: readonly string[], { error }: StateError): boolean {
  if (error === 'States.Runtime') return false;
  if (names.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout');
}

/** Milliseconds before a retry. Source: Amazon States Language, "Retrying after error". */
function pauseOf(
  { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy }: Retrier,
  count: number,
  frame: Frame,
): number {
  const longest = Math.min(IntervalSeconds * BackoffRate ** count, MaxDelaySeconds) * 1000;
  return JitterStrategy === 'FULL' ? frame.execution.runtime.random.next() * longest : longest;
}
