import type { Frame, Thread } from './frame';
import { Scope } from './scope';

/** A branch, or what is done with an item. */
interface Branch {
  /** `$$.Map` in it. @default that around it */
  readonly map?: object;
  run(thread: Thread): Promise<unknown>;
}

/**
 * Runs branches side by side; the first that fails stops all others, and is the failure of all.
 *
 * @param kind how the history names the state
 * @param limit how many at a time; 0 for all
 * @returns what each came to, in the order given
 */
export async function branches(
  frame: Frame,
  kind: 'ParallelState' | 'MapState',
  runs: readonly Branch[],
  limit: number,
  details?: object,
): Promise<unknown[]> {
  const { execution, thread } = frame;
  const { runtime } = execution;
  frame.add(`${kind}Started`, details);
  thread.scope.check();
  const scope = new Scope(runtime, thread.scope);
  const outputs: unknown[] = [];
  const { event, hop } = thread;
  let next = 0;
  const worker = async () => {
    while (next < runs.length) {
      scope.check();
      const index = next++;
      const { map = thread.map, run } = runs[index]!;
      const own: Thread = { scope, event, hop, ...(map && { map }) };
      outputs[index] = await run(own);
      thread.event = own.event;
    }
  };
  let failure: { readonly error: unknown } | undefined;
  const guarded = async () => {
    try {
      await worker();
    } catch (error) {
      failure ??= { error };
      scope.end();
    }
  };
  const count = limit === 0 ? runs.length : Math.min(limit, runs.length);
  // Each counts as under way by itself, so that all may wait at once.
  await runtime.untracked(Promise.all(Array.from({ length: count }, async () => runtime.track(guarded()))));
  scope.end();
  thread.scope.check();
  if (failure) {
    frame.add(`${kind}Failed`);
    throw failure.error;
  }
  frame.add(`${kind}Succeeded`);
  return outputs;
}
