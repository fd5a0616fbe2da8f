import type { Scheduler } from '../../services/scheduler';
import type { Model } from '../model';
import { ActionError, type Answer, check, nodeInput } from './action';

/** Runs a schedule now, beside its plan. */
export async function schedule({ local, places }: Model, input: unknown): Promise<Answer> {
  const place = places.get(check(nodeInput, input).node);
  if (!place) throw new ActionError('There is no such schedule');
  const before = local.timeline.hops.at(-1)?.id ?? 0;
  (local.runtime.service('scheduler') as Scheduler).runNow(place.arn);
  const hop = local.timeline.after(before, 10)[0]?.id;
  return { text: `${place.name} runs now, beside its plan`, ...(hop && { hop }) };
}
