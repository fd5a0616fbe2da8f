import * as z from 'zod/mini';
import { faultsOf } from '../shared/faults';

/** What is known of a user beside the id; the relay publishes these fields and no others. */
export interface Profile {
  readonly username: string;
  readonly email: string;
  readonly displayName?: string | undefined;
  /** BCP 47, such as `en-GB`. */
  readonly locale?: string | undefined;
  /** Whether the user wants to get the newsletter. */
  readonly newsletter?: boolean | undefined;
}

/** What is told of a user, and can be changed. */
export const profileFields = ['username', 'email', 'displayName', 'locale', 'newsletter'] as const;

const rules = {
  request: 'must be an object',
  id: 'must be 1 to 64 letters, digits, dots, dashes and underscores',
  username: 'must be 3 to 40 letters, digits, dots, dashes and underscores, a letter or digit first',
  email: 'must be an e-mail address of at most 254 characters',
  displayName: 'must be 1 to 100 characters',
  locale: 'must be a language tag such as en or en-GB',
  newsletter: 'must be true or false',
  expectedVersion: 'must be a whole number from 1',
  correlationId: 'must be 1 to 128 visible characters',
};

const text = (rule: string, pattern: RegExp) => z.string(rule).check(z.regex(pattern, rule));
const id = text(rules.id, /^[\w.-]{1,64}$/);
const correlationId = z.optional(text(rules.correlationId, /^[!-~]{1,128}$/));
const username = text(rules.username, /^[A-Za-z0-9][\w.-]{2,39}$/);
const email = z.email(rules.email).check(z.maxLength(254, rules.email));
const displayName = z
  .string(rules.displayName)
  .check(z.minLength(1, rules.displayName), z.maxLength(100, rules.displayName));
const locale = text(rules.locale, /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/);
const newsletter = z.boolean(rules.newsletter);

/** What `create-user` takes; without `id` it makes one, and then a repeated call makes a second user. */
export const newUser = z.strictObject(
  {
    id: z.optional(id),
    username,
    email,
    displayName: z.optional(displayName),
    locale: z.optional(locale),
    newsletter: z.optional(newsletter),
    correlationId,
  },
  rules.request,
);

const changes = {
  username: z.optional(username),
  email: z.optional(email),
  displayName: z.optional(z.nullable(displayName)),
  locale: z.optional(z.nullable(locale)),
  newsletter: z.optional(z.nullable(newsletter)),
};

/** What `update-user` takes: fields that stay are left out, fields that go are null. */
export const userChange = z
  .strictObject(
    {
      id,
      ...changes,
      expectedVersion: z.optional(z.int(rules.expectedVersion).check(z.minimum(1, rules.expectedVersion))),
      correlationId,
    },
    rules.request,
  )
  .check(
    z.refine((change) => profileFields.some((field) => change[field] !== undefined), 'must change at least one field'),
  );

/** What `delete-user` takes. */
export const userRemoval = z.strictObject({ id, correlationId }, rules.request);

/** Fields of a profile with their new values; null removes. */
export type ProfileChanges = { readonly [Field in keyof Profile]?: Profile[Field] | null };

/** A request that cannot be what was meant. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
}

/**
 * Reads what a function was called with.
 *
 * @throws InvalidRequest naming each field that does not fit and what it should be, never its value
 */
export function requestOf<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidRequest(faultsOf(result.error, 'request'));
}
