import deleteItem from 'dynalite/actions/deleteItem';
import getItem from 'dynalite/actions/getItem';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import updateItem from 'dynalite/actions/updateItem';
import type { Done, Failure, ItemDb, Output, Parsed, Range, Store } from 'dynalite/db';
import { Stream as EventStream } from 'node:stream';
import { AwsError } from '../../aws-error';
import { type Item, frozen, sameItem } from './item';
import type { SortedMap } from './sorted-map';
import type { Table } from './table';
import type { TableChange } from './tables';

export type { Output } from 'dynalite/db';

/** Most bytes of an item. AWS: Service, account, and table quotas in Amazon DynamoDB. */
export const maxItemBytes = 400 * 1024;

/** Limits that dynalite is given: sizes are checked here, in bytes, not by it, in characters. */
export const options = { maxItemSize: Number.POSITIVE_INFINITY } as const;

type Action = (store: Store, data: Parsed, done: Done<Output>) => void;

/** What a write would change; nothing has changed yet. */
export interface Staged extends TableChange {
  readonly output: Output;
}

const writes = { PutItem: putItem, UpdateItem: updateItem, DeleteItem: deleteItem } as const;
const searches = { Query: query, Scan: scan } as const;

/** An error of dynalite's as AWS answers it; other errors go on as they are. */
export function awsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (!isFailure(error)) throw error;
  const { body, statusCode } = error;
  const { __type: type, message, Message } = body;
  return new AwsError(type.slice(type.indexOf('#') + 1), message ?? Message ?? '', statusCode);
}

function isFailure(error: unknown): error is Failure & Required<Pick<Failure, 'body'>> {
  return error instanceof Error && 'body' in error;
}

/**
 * Works out a single write without doing it.
 *
 * @throws AwsError `ConditionalCheckFailedException` (with `Item`, if the caller asked for it), `ValidationException`
 */
export function stage(operation: keyof typeof writes, table: Table, data: Parsed): Staged {
  const keys = table.keysOf(data.Item ?? data.Key!);
  let change: TableChange | undefined;
  let before: Item | undefined;
  const items: ItemDb = {
    ...noItems,
    get(key, done) {
      before = table.items.get(key);
      done(null, before);
    },
    put(key, item, done) {
      const after = frozen(item);
      change = { table, key, keys, before, after: before && sameItem(before, after) ? before : after };
      done(null);
    },
    del(key, done) {
      change = { table, key, keys, before, after: undefined };
      done(null);
    },
  };
  try {
    const output = settled(writes[operation], storeOf(table, items, noItems), data);
    if (change?.after) table.checkItem(change.after, operation);
    return { ...change!, output: tidy(output) };
  } catch (error) {
    const failure = awsError(error);
    const wanted = data.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before;
    if (failure.code !== 'ConditionalCheckFailedException' || !wanted) throw failure;
    throw new AwsError(failure.code, failure.message, failure.status, { Item: before });
  }
}

/** @throws AwsError `ValidationException` */
export function read(table: Table, data: Parsed): Output {
  const items: ItemDb = { ...noItems, get: (key, done) => done(null, table.items.get(key)) };
  try {
    return tidy(settled(getItem, storeOf(table, items, noItems), data));
  } catch (error) {
    throw awsError(error);
  }
}

/** @throws AwsError `ValidationException` */
export async function search(operation: keyof typeof searches, table: Table, data: Parsed): Promise<Output> {
  const streams: RangeStream[] = [];
  const stream = (entries: SortedMap<Item>, start?: { asked: string; stored: string }) => (range: Range) => {
    const opened = new RangeStream(entries, start ? startingAt(range, start) : range);
    streams.push(opened);
    return opened;
  };
  const items: ItemDb = {
    ...noItems,
    get: (key, done) => done(null, table.items.get(key)),
    createValueStream: stream(table.items),
  };
  const index = data.IndexName === undefined ? undefined : table.indexes.get(data.IndexName);
  const indexItems: ItemDb = index
    ? { ...noItems, createValueStream: (range) => stream(index.entries, index.start(data.ExclusiveStartKey))(range) }
    : noItems;
  const output = await new Promise<Output>((resolve, reject) => {
    const done: Done<Output> = (error, value) => (error ? reject(error) : resolve(value!));
    try {
      searches[operation](storeOf(table, items, indexItems), data, done);
      for (const opened of streams) opened.flow();
    } catch (error) {
      reject(error);
    }
  }).catch((error: unknown) => {
    throw awsError(error);
  });
  return tidy(output);
}

function settled(action: Action, store: Store, data: Parsed): Output {
  let outcome: { error: Failure | null; value?: Output | undefined } | undefined;
  action(store, data, (error, value) => {
    outcome ??= { error, value };
  });
  if (!outcome) throw new Error(`The engine did not answer at once for table ${data.TableName}`);
  if (outcome.error) throw outcome.error;
  return outcome.value!;
}

function storeOf(table: Table, items: ItemDb, indexItems: ItemDb): Store {
  return {
    options,
    getTable: (_name, done) => done(null, table.schema),
    getItemDb: () => items,
    getIndexDb: () => indexItems,
  };
}

/** Nothing to read, and writes that need no other place: indexes are kept when a change is committed. */
const noItems: ItemDb = {
  get: (_key, done) => done(null),
  put: (_key, _item, done) => done(null),
  del: (_key, done) => done(null),
  lock: (_key, run) => run((done) => done),
  createValueStream: () => {
    throw new Error('This store cannot be searched');
  },
};

/** Members without a value go, and nobody can change what is left. */
function tidy(output: Output): Output {
  return frozen(Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined)));
}

/** dynalite's key of an index entry is ambiguous (24 bits of hash); ours goes on with the key of the item. */
function startingAt(range: Range, { asked, stored }: { asked: string; stored: string }): Range {
  return {
    ...range,
    ...(range.gt === asked && { gt: stored }),
    ...(range.lt === asked && { lt: stored }),
  };
}

/** Hands dynalite the items of a range at once, where a database would take its time. */
class RangeStream extends EventStream {
  private wanted = true;

  constructor(
    private readonly entries: SortedMap<Item>,
    private readonly range: Range,
  ) {
    super();
  }

  destroy(): void {
    this.wanted = false;
  }

  flow(): void {
    let left = this.range.limit === undefined || this.range.limit < 0 ? Number.POSITIVE_INFINITY : this.range.limit;
    for (const item of this.entries.range(this.range)) {
      if (!this.wanted || left-- <= 0) break;
      this.emit('data', item);
    }
    this.emit('end');
  }
}
