import { type IndexSchema, type KeyElement, type TableSchema, createIndexKey, createKey } from 'dynalite/db';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import { maxItemBytes } from './engine';
import { Expiry } from './expiry';
import { type Item, frozen, itemBytes, pick } from './item';
import type { StreamViewType } from './record';
import { SortedMap } from './sorted-map';
import { type ItemChange, Stream } from './stream';

/** What a table is made from. */
export interface TableDefinition {
  readonly schema: TableSchema;
  readonly billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** Units per second; 0 where requests are paid for. */
  readonly capacity: { readonly read: number; readonly write: number };
  readonly tableClass: string;
  readonly deletionProtection: boolean;
  /** Days that can be gone back; undefined if point-in-time recovery is off. */
  readonly recoveryDays?: number | undefined;
  readonly streamViewType?: StreamViewType | undefined;
  /** Whether the table is encrypted with a key in the account, and with which if it is a customer's. */
  readonly encryption: { readonly kms: boolean; readonly keyArn?: string | undefined };
  /** Attribute that holds the epoch second after which an item may go. */
  readonly ttlAttribute?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The entries of a secondary index. */
export class TableIndex {
  readonly entries = new SortedMap<Item>();
  readonly keyNames: readonly string[];

  constructor(
    private readonly table: TableSchema,
    private readonly schema: IndexSchema,
  ) {
    this.keyNames = schema.KeySchema.map((element) => element.AttributeName);
  }

  /** @param itemKey the engine's key of the item */
  update(itemKey: string, before: Item | undefined, after: Item | undefined): void {
    const old = before && this.key(before, itemKey);
    const key = after && this.key(after, itemKey);
    if (old !== undefined && old !== key) this.entries.delete(old);
    if (key !== undefined) this.entries.set(key, this.project(after!));
  }

  /** Where a search goes on, in dynalite's words and in ours. */
  start(exclusiveStartKey: Item | undefined): { asked: string; stored: string } | undefined {
    if (!exclusiveStartKey) return undefined;
    const asked = createIndexKey(exclusiveStartKey, this.table, this.schema.KeySchema);
    return { asked, stored: `${asked}/${createKey(exclusiveStartKey, this.table)}` };
  }

  private key(item: Item, itemKey: string): string | undefined {
    if (!this.keyNames.every((name) => item[name])) return undefined;
    return `${createIndexKey(item, this.table, this.schema.KeySchema)}/${itemKey}`;
  }

  private project(item: Item): Item {
    const { ProjectionType, NonKeyAttributes = [] } = this.schema.Projection;
    if (ProjectionType === 'ALL') return item;
    return pick(item, [...new Set([...names(this.table.KeySchema), ...this.keyNames, ...NonKeyAttributes])]);
  }
}

/** A table with its items, indexes, stream and expiry. */
export class Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly schema: TableSchema;
  readonly keyNames: readonly string[];
  readonly items = new SortedMap<Item>();
  readonly indexes: ReadonlyMap<string, TableIndex>;
  readonly stream: Stream | undefined;
  readonly expiry: Expiry | undefined;

  /** @param expire deletes the item of a key whose time has come */
  constructor(
    runtime: Runtime,
    readonly definition: TableDefinition,
    expire: (table: Table, key: string, writtenBy: number) => void,
  ) {
    const { schema, streamViewType, ttlAttribute } = definition;
    this.schema = schema;
    this.name = schema.TableName;
    this.arn = runtime.arn('dynamodb', `table/${this.name}`);
    this.id = runtime.random.uuid();
    this.created = runtime.clock.now();
    this.keyNames = names(schema.KeySchema);
    this.indexes = new Map(secondaryIndexes(schema).map((index) => [index.IndexName, new TableIndex(schema, index)]));
    this.stream = streamViewType && new Stream(runtime, this.name, this.arn, streamViewType);
    this.expiry = ttlAttribute ? new Expiry(runtime, ttlAttribute, (key, hop) => expire(this, key, hop)) : undefined;
  }

  /** The key attributes of an item. */
  keysOf(item: Item): Item {
    return frozen(pick(item, this.keyNames));
  }

  /** Makes a change, in the table and its indexes. */
  apply({ key, before, after }: ItemChange): void {
    if (after) this.items.set(key, after);
    else this.items.delete(key);
    for (const index of this.indexes.values()) index.update(key, before, after);
  }

  /**
   * Checks what only the finished item shows.
   *
   * @throws AwsError `ValidationException`
   */
  checkItem(item: Item, operation: string): void {
    if (itemBytes(item) > maxItemBytes) {
      const size = operation === 'UpdateItem' ? 'Item size to update has' : 'Item size has';
      throw new AwsError('ValidationException', `${size} exceeded the maximum allowed size`);
    }
    for (const { IndexName, KeySchema } of secondaryIndexes(this.schema)) {
      const empty = names(KeySchema).find((name) => item[name]?.S === '' || item[name]?.B === '');
      if (empty === undefined) continue;
      throw new AwsError(
        'ValidationException',
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${IndexName}, IndexKey: ${empty}`,
      );
    }
  }
}

/** All secondary indexes of a table. */
function secondaryIndexes(schema: TableSchema): readonly IndexSchema[] {
  return [...(schema.GlobalSecondaryIndexes ?? []), ...(schema.LocalSecondaryIndexes ?? [])];
}

function names(keySchema: readonly KeyElement[]): string[] {
  return keySchema.map((element) => element.AttributeName);
}
