import { type Synthesized, synthesize } from '../synthesis';

/** The stack as it is synthesized with the given `OUTBOX_*` variables. */
export function notifications(env: Record<string, string> = {}): Synthesized {
  return synthesize(env).notifications;
}
