import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import metadataSchema from './event-metadata.v1.schema.json';
import { UnexpectedEvent } from './unexpected-event';

/** What an event says about itself; `event-metadata.v1.schema.json` describes each member. */
export interface Metadata {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** ISO 8601. */
  readonly time: string;
  readonly dataversion: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string | undefined;
}

/** The detail of an event on the bus. */
export interface Envelope<Data = unknown> {
  readonly metadata: Metadata;
  readonly data: Data;
}

/** Gives a value back if it fits. @throws UnexpectedEvent naming the members that do not, never their values */
export type Check<E extends Envelope = Envelope> = (value: unknown) => E;

/** The check of envelopes against the schema of one type and version. */
export const envelopeCheck = (schema: Schema) => schemaCheck(schema) as Check;

/**
 * The check of values against a JSON Schema; the schema of metadata is known to it.
 *
 * @returns gives a value back if it fits; throws UnexpectedEvent naming the members that do not, never their values
 */
export function schemaCheck(schema: Schema): (value: unknown) => unknown {
  const validator = new Validator(schema, '2020-12', false);
  validator.addSchema(metadataSchema as Schema);
  return (value) => {
    // The validator knows JSON only: members that are undefined would be foreign to it.
    const json: unknown = JSON.parse(JSON.stringify(value ?? null));
    const { valid, errors } = validator.validate(json);
    if (valid) return json;
    const faults = [...new Set(errors.flatMap(faultOf))];
    throw new UnexpectedEvent(`Not ${schema['title']}: ${faults.join('; ')}`);
  };
}

/** Keywords that only say that something further down is wrong. */
const applicators = new Set(['properties', '$ref']);

function faultOf({ keyword, instanceLocation, error }: OutputUnit): string[] {
  if (applicators.has(keyword)) return [];
  const path = instanceLocation.split('/').slice(1);
  // The name comes from the schema, not from the event.
  const missing = keyword === 'required' ? /"(.+)"/.exec(error)?.[1] : undefined;
  const member = [...path, ...(missing ? [missing] : [])].join('.') || 'event';
  return [`${member}: ${missing ? 'missing' : `breaks the rule "${keyword}"`}`];
}
