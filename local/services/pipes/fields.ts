import { z } from 'zod';

/** `$.dynamodb.NewImage.type.S`: the one kind of value that is looked up in the event instead of taken as it stands. */
export const jsonPath = /^\$(\.[\w/-]+(\[\d+\])*)+$/;

/** An argument that the local runtime does not model. */
export const refused = (what: string, instead: string) =>
  z.never({ error: `${what} is not modelled by the local runtime; ${instead}` }).optional();

/** An integer within bounds, both included. */
export const integer = (name: string, low: number, high: number) =>
  z
    .int({ error: ({ input }) => `${name} must be an integer, got ${JSON.stringify(input)}` })
    .refine((value) => value >= low && value <= high, {
      error: ({ input }) => `${name} must be ${low} to ${high}, got ${String(input)}`,
    });

/** Text of a length within bounds, both included. */
export const text = (name: string, low: number, high: number) =>
  z.string().refine((value) => value.length >= low && value.length <= high, {
    error: ({ input }) => `${name} must have ${low} to ${high} characters, got ${String(input).length}`,
  });

/** Text that stands for itself, or a path to a value of the event. */
export const dynamic = (name: string, high: number) =>
  text(name, 1, high).refine((value) => !value.startsWith('$') || jsonPath.test(value), {
    error: ({ input }) =>
      `${name} must be text or a path to one value such as $.dynamodb.NewImage.type.S, got ${String(input)}`,
  });
