import { type Parsed, createKey, validateItem, validateKey } from 'dynalite/db';
import { AwsError } from '../../aws-error';
import type { Call } from '../../service';
import { type Output, type Staged, awsError, read, stage } from './engine';
import { type Input, type TransactAction, actionsOf } from './inputs';
import { fingerprint, itemBytes } from './item';
import type { Table } from './table';
import type { Tables } from './tables';

/** Most bytes of the items of a transaction. AWS: Amazon DynamoDB Transactions, 4 MB. */
const maxBytes = 4 * 1024 * 1024;

/** How long a `ClientRequestToken` is remembered, in milliseconds. AWS: 10 minutes after the request completed. */
const tokenLife = 10 * 60_000;

interface Part {
  readonly kind: TransactAction;
  readonly table: Table;
  readonly data: Parsed;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

const none: Reason = { Code: 'None' };
const operations = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;

/** Remembers the tokens of transactions that were done. */
export class Tokens {
  private readonly done = new Map<string, { readonly request: string; readonly until: number }>();

  /**
   * Whether the same request was done under the token.
   *
   * @throws AwsError `IdempotentParameterMismatchException` if it was another request
   */
  seen(token: string, request: string, now: number): boolean {
    for (const [old, { until }] of this.done) {
      if (until > now) break;
      this.done.delete(old);
    }
    const known = this.done.get(token);
    if (known && known.request !== request) {
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.',
      );
    }
    return known !== undefined;
  }

  add(token: string, request: string, now: number): void {
    this.done.set(token, { request, until: now + tokenLife });
  }
}

/**
 * `TransactWriteItems`: all or nothing.
 *
 * @param raw the input as the caller sent it
 * @throws AwsError `TransactionCanceledException` with `CancellationReasons`
 */
export function transactWrite(tables: Tables, tokens: Tokens, data: Input, raw: object, call: Call): object {
  const { clock } = tables.runtime;
  const token = data.ClientRequestToken;
  const request = token === undefined ? '' : fingerprint({ ...raw, ClientRequestToken: undefined });
  const parts = partsOf(tables, data);
  if (token !== undefined && tokens.seen(token, request, clock.now())) {
    const summary = `${parts[0]!.table.name}: the transaction of ClientRequestToken ${token} was done before`;
    call.record({ resource: parts[0]!.table.arn, summary, outcome: 'duplicate' });
    return {};
  }
  checkKeys(parts);
  const staged = stageAll(parts);
  const writes = staged.filter((_, i) => parts[i]!.kind !== 'ConditionCheck');
  if (writes.reduce((bytes, { before, after }) => bytes + itemBytes(after ?? before ?? {}), 0) > maxBytes) {
    throw new AwsError('ValidationException', 'The aggregate size of the items in the transaction exceeds 4 MB');
  }
  tables.commit(writes, call);
  if (token !== undefined) tokens.add(token, request, clock.now());
  return capacity(staged.map(({ output }) => output));
}

/**
 * `TransactGetItems`.
 *
 * @throws AwsError `TransactionCanceledException` with `CancellationReasons`
 */
export function transactGet(tables: Tables, data: Input): object {
  const parts = partsOf(tables, data);
  checkKeys(parts);
  const outputs = parts.map((part) => read(part.table, part.data));
  const Responses = outputs.map(({ Item }) => (Item ? { Item } : {}));
  return { Responses, ...capacity(outputs) };
}

function partsOf(tables: Tables, { TransactItems = [], ReturnConsumedCapacity }: Input): Part[] {
  return TransactItems.flatMap(actionsOf).map(({ kind, data }) => ({
    kind,
    table: tables.get(data.TableName),
    data: { ...data, ...(ReturnConsumedCapacity && { ReturnConsumedCapacity }) },
  }));
}

/** Keys come first: the first that does not fit its table cancels the transaction, an item named twice refuses it. */
function checkKeys(parts: readonly Part[]): void {
  const seen = new Set<string>();
  const wrong = parts.findIndex(({ table, data }) => keyFault(table, data));
  if (wrong >= 0) {
    const fault = awsError(keyFault(parts[wrong]!.table, parts[wrong]!.data));
    if (fault.message.includes('cannot contain an empty')) throw fault;
    throw canceled(parts.map((_, i) => (i === wrong ? { Code: 'ValidationError', Message: fault.message } : none)));
  }
  for (const { table, data } of parts) {
    const key = `${table.name} ${createKey(data.Item ?? data.Key!, table.schema)}`;
    if (!seen.has(key)) seen.add(key);
    else
      throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
  }
}

function keyFault(table: Table, data: Parsed) {
  return data.Item ? validateItem(data.Item, table.schema) : validateKey(data.Key!, table.schema);
}

function stageAll(parts: readonly Part[]): Staged[] {
  const staged: Staged[] = [];
  const reasons = parts.map(({ kind, table, data }): Reason => {
    if (kind === 'Get') return none;
    try {
      staged.push(stage(operations[kind], table, data));
      return none;
    } catch (error) {
      return reason(awsError(error));
    }
  });
  if (staged.length < parts.length) throw canceled(reasons);
  return staged;
}

function reason({ code, message, fields }: AwsError): Reason {
  const Code = code === 'ValidationException' ? 'ValidationError' : code.replace(/Exception$/, '');
  return { Code, Message: message, ...fields };
}

function canceled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, 400, { CancellationReasons: reasons });
}

/** AWS: a transaction consumes twice the units, to prepare and to commit. */
function capacity(outputs: readonly Output[]): object {
  const units = new Map<string, number>();
  for (const { ConsumedCapacity: consumed } of outputs) {
    if (consumed) units.set(consumed.TableName, (units.get(consumed.TableName) ?? 0) + 2 * consumed.CapacityUnits);
  }
  if (units.size === 0) return {};
  return { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) };
}
