/* What is used of dynalite, which has no types of its own. */

declare module 'dynalite/db' {
  import type { Stream } from 'node:stream';

  /** A value as DynamoDB's protocol writes it; exactly one member is set. Binary is base64. */
  export interface AttributeValue {
    readonly S?: string;
    readonly N?: string;
    readonly B?: string;
    readonly BOOL?: boolean;
    readonly NULL?: boolean;
    readonly SS?: readonly string[];
    readonly NS?: readonly string[];
    readonly BS?: readonly string[];
    readonly L?: readonly AttributeValue[];
    readonly M?: Item;
  }

  /** An item, or its key. */
  export type Item = Readonly<Record<string, AttributeValue>>;

  export interface KeyElement {
    AttributeName: string;
    KeyType: 'HASH' | 'RANGE';
  }

  export interface IndexSchema {
    IndexName: string;
    KeySchema: KeyElement[];
    Projection: { ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; NonKeyAttributes?: string[] };
  }

  /** The part of a table's description that decides what may be stored and asked. */
  export interface TableSchema {
    TableName: string;
    AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
    KeySchema: KeyElement[];
    GlobalSecondaryIndexes?: IndexSchema[];
    LocalSecondaryIndexes?: IndexSchema[];
  }

  export interface Path extends ReadonlyArray<string | number> {
    readonly 0: string;
  }

  /** An input after its types and values were checked; members with `_` are parsed expressions. */
  export interface Parsed {
    TableName: string;
    Item?: Item;
    Key?: Item;
    IndexName?: string;
    Select?: string;
    ExclusiveStartKey?: Item;
    ReturnValues?: string;
    ReturnConsumedCapacity?: string;
    ReturnValuesOnConditionCheckFailure?: string;
    ConditionalOperator?: string;
    Expected?: Record<string, unknown>;
    AttributeUpdates?: Record<string, unknown>;
    AttributesToGet?: string[];
    KeyConditions?: Record<string, { ComparisonOperator: string; AttributeValueList: Item[string][] }>;
    _condition?: { pathHeads: Record<string, true> };
    _filter?: { pathHeads: Record<string, true> };
    _projection?: { paths: Path[] };
    _updates?: { paths: Path[] };
  }

  export interface Failure extends Error {
    statusCode?: number;
    body?: { __type: string; message?: string; Message?: string };
  }

  /** What actions answer, as far as it is used here. */
  export interface Output {
    readonly Item?: Item;
    readonly ConsumedCapacity?: { readonly TableName: string; readonly CapacityUnits: number };
  }

  export type Done<T> = (error: Failure | null, value?: T) => void;

  export interface Range {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    /** -1 for none */
    limit?: number;
  }

  /** Where actions read and write the items of a table or an index. */
  export interface ItemDb {
    get(key: string, done: Done<Item>): void;
    put(key: string, item: Item, done: Done<void>): void;
    del(key: string, done: Done<void>): void;
    lock(key: string, run: (release: <T>(done: T) => T) => void): void;
    createValueStream(range: Range): Stream;
  }

  export interface Store {
    readonly options: { readonly maxItemSize: number };
    getTable(name: string, done: Done<TableSchema>): void;
    getItemDb(name: string): ItemDb;
    getIndexDb(type: string, table: string, index: string): ItemDb;
  }

  export function createKey(item: Item, table: TableSchema, keySchema?: KeyElement[]): string;
  export function createIndexKey(item: Item, table: TableSchema, keySchema: KeyElement[]): string;
  export function validateKey(key: Item, table: TableSchema): Failure | null | undefined;
  export function validateItem(item: Item, table: TableSchema): Failure | null | undefined;
}

declare module 'dynalite/db/conditionParser' {
  import type { AttributeValue } from 'dynalite/db';

  export interface Context {
    readonly attrNames?: Readonly<Record<string, string>>;
    readonly attrVals?: Readonly<Record<string, AttributeValue>>;
    /** The parser takes away what it has seen used. */
    readonly unusedAttrNames: Record<string, true>;
    readonly unusedAttrVals: Record<string, true>;
  }

  export interface ParsedCondition {
    /** A tree; values are in it as they are in the context. */
    readonly expression: unknown;
    readonly nestedPaths: Readonly<Record<string, true>>;
    readonly pathHeads: Readonly<Record<string, true>>;
  }

  export interface Options {
    readonly context: Context;
  }

  const parser: {
    /** @returns a message if the expression means nothing; throws for a syntax error */
    parse: (text: string, options: Options) => ParsedCondition | string;
  };
  export default parser;
}

declare module 'dynalite/validations' {
  import type { Parsed, Store } from 'dynalite/db';

  export type Types = Record<string, unknown>;
  export type Custom<Input> = (data: Input, store: Pick<Store, 'options'>) => string | undefined;

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the types are data; nothing infers from them
  export function checkTypes<Input>(data: unknown, types: Types): Input;
  export function checkValidations<Input = Parsed>(
    data: Input,
    types: Types,
    custom: Custom<Input> | undefined,
    store: Pick<Store, 'options'>,
  ): void;
}

declare module 'dynalite/validations/*' {
  import type { Parsed } from 'dynalite/db';
  import type { Custom, Types } from 'dynalite/validations';

  export const types: Types;
  export const custom: Custom<Parsed>;
}

declare module 'dynalite/actions/*' {
  import type { Done, Output, Parsed, Store } from 'dynalite/db';

  function action(store: Store, data: Parsed, done: Done<Output>): void;
  export = action;
}
