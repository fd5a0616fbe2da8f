import { z } from 'zod';
import type { Model } from '../model';
import { ActionError, type Answer, awsErrors, check } from './action';

const sendInput = z.strictObject({
  sample: z.string(),
  body: z.string().max(1_048_576),
  headers: z.record(z.string(), z.string()).default({}),
});

/** Sends what the person wrote to a place that takes it. */
export async function send({ local, samples }: Model, input: unknown): Promise<Answer> {
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
