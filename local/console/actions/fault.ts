import { z } from 'zod';
import type { Model } from '../model';
import { ActionError, type Answer, check } from './action';

const effects = ['throttle', 'deny', 'failBefore', 'failAfter', 'kill', 'killAfter', 'duplicate'] as const;

const faultInput = z.strictObject({
  node: z.string(),
  direction: z.enum(['to', 'by']),
  service: z.string().min(1),
  operation: z.string().min(1, 'choose an operation'),
  effect: z.enum(effects),
  times: z.number().int().min(1).max(1_000_000),
  probability: z.number().gt(0).max(1),
});
const clearInput = z.strictObject({ id: z.number().optional() });

/** Sets a fault at calls to a node or by it. */
export async function fault({ local, places }: Model, input: unknown): Promise<Answer> {
  const { node, direction, ...wanted } = check(faultInput, input);
  const place = places.get(node);
  if (!place) throw new ActionError(`There is no ${node}`);
  if (direction === 'by' && !place.role) throw new ActionError(`${place.name} calls nothing: it has no role`);
  local.faults.add({ ...wanted, ...(direction === 'to' ? { resource: place.arn } : { principal: place.role! }) });
  return { text: `${wanted.effect} at the next ${wanted.times} calls of ${wanted.operation}` };
}

/** Clears one fault, or all. */
export async function clear({ local }: Model, input: unknown): Promise<Answer> {
  const { id } = check(clearInput, input);
  if (id === undefined) local.faults.clear();
  else if (!local.faults.remove(id)) throw new ActionError('The fault is gone: it happened as often as it should');
  return { text: id === undefined ? 'All faults are cleared' : 'The fault is cleared' };
}
