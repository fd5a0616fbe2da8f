import { z } from 'zod';
import { toAwsError } from '../aws-error';
import type { Scheduler } from '../services/scheduler';
import type { Hop } from '../timeline';
import type { Model } from './model';

/** An action that cannot be done: the message is for the person at the page. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** What came of an action. */
export interface Answer {
  readonly text: string;
  /** Hop that it began with, if it left one. */
  readonly hop?: number;
}

/** An action of the page: it checks its input itself. */
type Action = (model: Model, input: unknown) => Promise<Answer>;

/** Milliseconds that the page waits for a redrive to end: some thousand messages take as long. */
const patience = 10_000;

const effects = ['throttle', 'deny', 'failBefore', 'failAfter', 'kill', 'killAfter', 'duplicate'] as const;

const sendInput = z.strictObject({
  sample: z.string(),
  body: z.string().max(1_048_576),
  headers: z.record(z.string(), z.string()).default({}),
});
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
const nodeInput = z.strictObject({ node: z.string() });

/** Actions by the end of their path: `/api/send`. */
export const actions: Readonly<Record<string, Action>> = {
  async send({ local, samples }, input) {
    const { sample: id, body, headers } = check(sendInput, input);
    const sample = samples.find((one) => one.id === id);
    if (!sample) throw new ActionError(`There is no sample ${id}`);
    if (sample.isJson) parseJson(body);
    const before = local.timeline.hops.at(-1)?.id ?? 0;
    const { target } = sample;
    const text =
      'url' in target
        ? await request(target, body, headers)
        : await call(local, target, target.asObject ? parseJson(body) : body);
    const isFirst = (hop: { parents: readonly number[]; principal?: string }) =>
      hop.parents.length === 0 && (!hop.principal || hop.principal.endsWith(':user/developer'));
    const hop = local.timeline.after(before, 1000).find(isFirst)?.id;
    return { text, ...(hop && { hop }) };
  },

  async fault({ local, places }, input) {
    const { node, direction, ...fault } = check(faultInput, input);
    const place = places.get(node);
    if (!place) throw new ActionError(`There is no ${node}`);
    if (direction === 'by' && !place.role) throw new ActionError(`${place.name} calls nothing: it has no role`);
    local.faults.add({ ...fault, ...(direction === 'to' ? { resource: place.arn } : { principal: place.role! }) });
    return { text: `${fault.effect} at the next ${fault.times} calls of ${fault.operation}` };
  },

  async clear({ local }, input) {
    const { id } = check(clearInput, input);
    if (id === undefined) local.faults.clear();
    else if (!local.faults.remove(id)) throw new ActionError('The fault is gone: it happened as often as it should');
    return { text: id === undefined ? 'All faults are cleared' : 'The fault is cleared' };
  },

  async redrive({ local, places, graph }, input) {
    const place = places.get(check(nodeInput, input).node);
    if (!place) throw new ActionError('There is no such queue');
    // SQS does not know the queue of a message that a function has sent here.
    const [source, another] = graph.edges.filter(
      ({ from, to, isFailure }) => to === place.id && isFailure && from.includes('/aws_sqs_queue.'),
    );
    const DestinationArn = source && !another && places.get(source.from)!.arn;
    const ended = nextMove(local, place.arn);
    try {
      const task = { SourceArn: place.arn, ...(DestinationArn && { DestinationArn }) };
      await awsErrors(local.call('sqs', 'StartMessageMoveTask', task));
      const move = await ended.hop;
      if (!move) return { text: `The messages of ${place.name} are still on the move after ${patience / 1000} s` };
      if (move.outcome === 'failed') throw new ActionError(`The redrive ${move.summary}`);
      return { text: `The redrive ${move.summary}`, hop: move.id };
    } finally {
      ended.cancel();
    }
  },

  async schedule({ local, places }, input) {
    const place = places.get(check(nodeInput, input).node);
    if (!place) throw new ActionError('There is no such schedule');
    const before = local.timeline.hops.at(-1)?.id ?? 0;
    (local.runtime.service('scheduler') as Scheduler).runNow(place.arn);
    const hop = local.timeline.after(before, 10)[0]?.id;
    return { text: `${place.name} runs now, beside its plan`, ...(hop && { hop }) };
  },
};

/** The end of the next task that moves messages out of a queue; undefined if it takes longer than the page waits. */
function nextMove({ timeline, runtime }: Model['local'], arn: string) {
  let cancel = () => {};
  const hop = new Promise<Hop | undefined>((resolve) => {
    const timer = runtime.clock.schedule(patience, () => resolve(undefined));
    const stopListening = timeline.subscribe((one) => {
      if (one.service === 'sqs' && one.operation === 'move' && one.resource === arn) resolve(one);
    });
    cancel = () => {
      timer.cancel();
      stopListening();
    };
  });
  return { hop, cancel: () => cancel() };
}

function check<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ActionError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ActionError(`The body must be JSON: ${(error as Error).message}`);
  }
}

async function request(
  { url, method }: { url: string; method: string },
  body: string,
  given: Readonly<Record<string, string>>,
): Promise<string> {
  const named = Object.entries(given).filter(([, value]) => value !== '');
  const headers = { 'Content-Type': 'application/json', ...Object.fromEntries(named) };
  try {
    const response = await fetch(url, { method, headers, ...(method !== 'GET' && method !== 'HEAD' && { body }) });
    return `${response.status} ${(await response.text()).replaceAll(/\s+/g, ' ').trim()}`;
  } catch (error) {
    throw new ActionError(`The request could not be sent: ${(error as Error).message}`);
  }
}

async function call(
  local: Model['local'],
  target: { service: string; operation: string; input: Readonly<Record<string, unknown>>; member: string },
  body: unknown,
): Promise<string> {
  const input = { ...target.input, [target.member]: body };
  const { Payload, FunctionError, ...rest } = await awsErrors(local.call(target.service, target.operation, input));
  if (Payload !== undefined) return `${FunctionError ? `${FunctionError}: ` : ''}${String(Payload)}`;
  return JSON.stringify(rest);
}

async function awsErrors(work: Promise<any>): Promise<any> {
  try {
    return await work;
  } catch (error) {
    const { code, message } = toAwsError(error);
    throw new ActionError(`${code}: ${message}`, { cause: error });
  }
}
