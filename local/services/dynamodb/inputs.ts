import type { Parsed } from 'dynalite/db';
import { type Custom, type Types, checkTypes, checkValidations } from 'dynalite/validations';
import { AwsError } from '../../aws-error';
import { awsError, options } from './engine';
import type { Item } from './item';

const actionKinds = ['ConditionCheck', 'Put', 'Update', 'Delete', 'Get'] as const;

/** An action of `TransactWriteItems` or `TransactGetItems`. */
export type TransactAction = (typeof actionKinds)[number];

type TransactItem = Readonly<Partial<Record<TransactAction, Parsed>>> | null;

/** A checked input of any operation. */
export interface Input extends Parsed {
  readonly TransactItems?: readonly TransactItem[];
  readonly ClientRequestToken?: string;
  readonly RequestItems?: Readonly<Record<string, BatchWrite[] | BatchGet>>;
  readonly ResourceArn?: string;
  readonly Limit?: number;
  readonly ExclusiveStartTableName?: string;
}

/** One request of `BatchWriteItem`. */
export interface BatchWrite {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

/** What `BatchGetItem` asks of one table. */
export interface BatchGet extends Parsed {
  readonly Keys: readonly Item[];
}

/** How an input is checked. */
export interface Schema<Checked> {
  readonly types: Types;
  readonly custom?: Custom<Checked>;
}

/** AWS: nested attributes up to 32 levels deep; each takes two levels of JSON, below those of the request. */
const maxDepth = 2 * 32 + 8;

/** The actions of one entry of a transaction; one, once the input is checked. */
export function actionsOf(entry: TransactItem): { kind: TransactAction; data: Parsed }[] {
  return actionKinds.flatMap((kind) => (entry?.[kind] ? { kind, data: entry[kind] } : []));
}

/** The requests of `BatchWriteItem` for one table. */
export function writesOf(requests: BatchWrite[] | BatchGet): BatchWrite[] {
  return Array.isArray(requests) ? requests : [];
}

/**
 * Checks an input, with AWS's messages.
 *
 * @returns a copy that the engine may change
 * @throws AwsError `SerializationException` for a wrong type, `ValidationException` for a wrong value
 */
export function check<Checked extends object>({ types, custom }: Schema<Checked>, input: unknown): Checked {
  try {
    const data = checkTypes<Checked>(copy(input, 0), types);
    checkValidations(data, types, custom, { options });
    if ('ConditionalOperator' in data && data.ConditionalOperator === 'OR') {
      throw new AwsError('ValidationException', 'ConditionalOperator OR is not run locally; use an expression instead');
    }
    return data;
  } catch (error) {
    if (error instanceof TypeError) throw emptyValue();
    throw awsError(error);
  }
}

/** The only value that dynalite's checks trip over is null where a value must be. */
function emptyValue(): AwsError {
  const message = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
  return new AwsError('ValidationException', message);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) throw new AwsError('ValidationException', 'Nesting Levels have exceeded supported limits');
  if (Array.isArray(value)) return value.map((member) => copy(member, depth + 1));
  const entries = Object.entries(value);
  if (entries.some(([name]) => name === '__proto__')) {
    throw new AwsError('ValidationException', 'The local runtime cannot hold a member named __proto__');
  }
  return Object.fromEntries(entries.map(([name, member]) => [name, copy(member, depth + 1)]));
}
