import * as z from 'zod/mini';
import { faultsOf } from '../shared/faults';
import { largestMessage, type Message } from './message';

/** Bytes of the smallest sample: what its id, type and the rest of the JSON may take. */
const smallest = 256;
const most = 100;

const rules = {
  request: 'must be an object',
  size: `must be a whole number from ${smallest} to ${largestMessage}: bytes of each message`,
  count: `must be a whole number from 1 to ${most}`,
  type: 'must be 1 to 128 letters, digits, dots, dashes and underscores, a letter first',
};

/** What `submit-sample` takes. */
const sampleRequest = z.strictObject(
  {
    size: z.int(rules.size).check(z.minimum(smallest, rules.size), z.maximum(largestMessage, rules.size)),
    count: z.int(rules.count).check(z.minimum(1, rules.count), z.maximum(most, rules.count)),
    type: z._default(z.string(rules.type).check(z.regex(/^[A-Za-z][\w.-]{0,127}$/, rules.type)), 'sample'),
  },
  rules.request,
);

/** What `submit-sample` is called with, checked. */
export type SampleRequest = z.output<typeof sampleRequest>;

/** A request for samples that cannot be what was meant. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
}

/** Reads what `submit-sample` was called with. @throws InvalidRequest naming each field that does not fit */
export function sampleRequestOf(input: unknown): SampleRequest {
  const result = sampleRequest.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidRequest(faultsOf(result.error, 'request'));
}

/** A message of exactly `size` bytes, as JSON. */
export function sample(id: string, type: string, size: number): string {
  const message = (text: string) => JSON.stringify({ id, type, payload: { text } } satisfies Message);
  return message('x'.repeat(size - message('').length));
}
