import { z } from 'zod';
import type { Operation } from '../../service';

/** Epoch milliseconds, from what the protocols make of a timestamp: epoch seconds or ISO 8601. */
export const timestamp = z.union([
  z.number().transform((seconds) => seconds * 1000),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.date().transform((date) => date.getTime()),
]);

/** Refuses a member that is not modelled. */
export const refused = (what: string) => z.never({ error: `${what} is not modelled by the local runtime` }).optional();

/** An operation whose parts agree on the type of the input. */
export function define<Input>(
  input: z.ZodType<Input>,
  permissions: Operation<Input>['permissions'],
  run: Operation<Input>['run'],
): Operation<Input> {
  return { input, permissions, run };
}
