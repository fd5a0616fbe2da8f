import type { Scheduler } from '../../services/scheduler';
import type { Model } from '../model';
import { ActionError, type Answer, awsErrors, check, described, nodeAt, nodeInput } from './action';

/** Runs a schedule now, beside its plan. */
export async function schedule(model: Model, input: unknown): Promise<Answer> {
  const { local } = model;
  const { node, place } = nodeAt(model, check(nodeInput, input).node);
  if (node.type !== 'aws_scheduler_schedule') throw new ActionError(`${described(node)} is not a schedule`);
  const before = local.timeline.hops.at(-1)?.id ?? 0;
  const scheduler = local.runtime.service('scheduler') as Scheduler;
  await awsErrors((async () => scheduler.runNow(place.arn))());
  const hop = local.timeline.after(before, 10)[0]?.id;
  return { text: `${place.name} runs now, beside its plan`, ...(hop && { hop }) };
}
