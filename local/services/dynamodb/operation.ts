import { z } from 'zod';
import type { Call, Operation, Permission } from '../../service';
import { type Schema, check } from './inputs';

/**
 * An operation whose input is checked with DynamoDB's own messages. What was checked for the permissions is used by
 * the first run; a run marks it, so another run checks again.
 *
 * @param run gets the checked input, the call, and the input as the caller sent it
 */
export function operation<Input extends object>(
  schema: Schema<Input>,
  permissions: (input: Input) => readonly Permission[],
  run: (input: Input, call: Call, raw: object) => object | Promise<object>,
): Operation<object> {
  const checked = new WeakMap<object, Input>();
  return {
    input: z.looseObject({}),
    permissions(raw) {
      const input = check(schema, raw);
      checked.set(raw, input);
      return permissions(input);
    },
    run(raw, call) {
      const input = checked.get(raw) ?? check(schema, raw);
      checked.delete(raw);
      return run(input, call, raw);
    },
  };
}
