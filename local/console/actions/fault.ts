import { z } from 'zod';
import { type FaultCall, faultCalls } from '../fault-calls';
import type { Model } from '../model';
import { ActionError, type Answer, check, described, nodeAt } from './action';

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

/** Sets a fault at calls to a node or by it: one of those that the page offers. */
export async function fault(model: Model, input: unknown): Promise<Answer> {
  const { node: id, direction, ...wanted } = check(faultInput, input);
  const { place } = checkCall(model, id, { direction, service: wanted.service, operation: wanted.operation });
  const where = direction === 'to' ? { resource: place.arn } : { principal: place.role! };
  model.local.faults.add({ ...wanted, ...where });
  return { text: `${wanted.effect} at the next ${wanted.times} calls of ${wanted.operation}` };
}

/** @throws ActionError for what never happens: a fault there would wait for ever */
function checkCall(model: Model, id: string, { direction, service, operation }: FaultCall) {
  const { node, place } = nodeAt(model, id);
  const run = model.local.runtime.registered.find(({ name }) => name === service);
  if (!run) throw new ActionError(`The local runtime does not run the service ${service}`);
  if (!Object.hasOwn(run.operations, operation))
    throw new ActionError(`${service} has no operation ${operation} in the local runtime`);
  const offered = faultCalls(model.graph, id, place.role).filter((call) => call.direction === direction);
  if (offered.some((call) => call.service === service && call.operation === operation)) return { place };
  const choice = offered.map((call) => `${call.service} ${call.operation}`).join(', ');
  const what = `A fault cannot hit ${service} ${operation} ${direction === 'to' ? 'on' : 'by'} ${described(node)}`;
  throw new ActionError(`${what}: ${choice ? `choose ${choice}` : 'there are no such calls'}`);
}

/** Clears one fault, or all. */
export async function clear({ local }: Model, input: unknown): Promise<Answer> {
  const { id } = check(clearInput, input);
  if (id === undefined) local.faults.clear();
  else if (!local.faults.remove(id)) throw new ActionError('The fault is gone: it happened as often as it should');
  return { text: id === undefined ? 'All faults are cleared' : 'The fault is cleared' };
}
