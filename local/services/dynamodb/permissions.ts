import type { Parsed } from 'dynalite/db';
import type { Runtime } from '../../runtime';
import type { ConditionContext, Permission } from '../../service';
import { type Input, type TransactAction, actionsOf } from './inputs';
import { type Item, valueText } from './item';
import type { Table } from './table';
import type { Tables } from './tables';

/** One use of a table that IAM must allow. */
interface Use {
  readonly action: string;
  readonly tableName: string;
  readonly data: Parsed;
}

/** IAM actions of transactions: their own operations are none. AWS: "Using IAM with DynamoDB transactions". */
const transactActions = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
} as const satisfies Record<TransactAction, string>;

/** What IAM must allow for an operation on items: the actions on each table, then the use of each table's key. */
export function dataPermissions(tables: Tables, operation: string, input: Input): readonly Permission[] {
  const groups = new Map<string, Use[]>();
  for (const use of usesOf(operation, input)) {
    const name = `${use.action} ${use.tableName}`;
    groups.set(name, [...(groups.get(name) ?? []), use]);
  }
  const enclosing = operation.startsWith('Transact') ? operation : undefined;
  const actions = [...groups.values()].map((uses) => permissionOf(tables, uses, enclosing));
  const used = new Set([...groups.values()].map(([use]) => tables.find(use!.tableName)));
  return [...actions, ...[...used].flatMap((table) => (table ? keyPermissions(tables.runtime, table) : []))];
}

/**
 * Use of the customer's key of a table, if it has one. AWS: "Using the AWS KMS key policy and grants" of "DynamoDB
 * encryption at rest".
 */
export function keyPermissions(runtime: Runtime, table: Table): readonly Permission[] {
  const { keyArn } = table.definition.encryption;
  if (!keyArn) return [];
  const context = {
    'kms:ViaService': `dynamodb.${runtime.region}.amazonaws.com`,
    'kms:CallerAccount': runtime.accountId,
    'kms:EncryptionContext:aws:dynamodb:tableName': table.name,
    'kms:EncryptionContext:aws:dynamodb:subscriberId': runtime.accountId,
  };
  return [{ action: 'kms:Decrypt', resource: keyArn, context }];
}

function usesOf(operation: string, input: Input): Use[] {
  if (input.TransactItems) {
    return input.TransactItems.flatMap(actionsOf).map(({ kind, data }) => ({
      action: transactActions[kind],
      tableName: data.TableName,
      data,
    }));
  }
  if (!input.RequestItems) return [{ action: operation, tableName: input.TableName, data: input }];
  return Object.entries(input.RequestItems).flatMap(([tableName, requests]) => {
    const parsed: object[] = Array.isArray(requests)
      ? requests.map(({ PutRequest, DeleteRequest }) => ({ ...PutRequest, ...DeleteRequest }))
      : requests.Keys.map((Key) => ({ ...requests, Key }));
    return parsed.map((data) => ({ action: operation, tableName, data: { ...data, TableName: tableName } }));
  });
}

function permissionOf(tables: Tables, uses: readonly Use[], enclosing: string | undefined): Permission {
  const { action, tableName, data } = uses[0]!;
  const hashKey = hashKeyOf(tables.find(tableName), data.IndexName);
  const leading = uses.flatMap((use) => leadingKey(use.data, hashKey) ?? []);
  const context: ConditionContext = {
    ...(leading.length > 0 && { 'dynamodb:LeadingKeys': leading }),
    'dynamodb:Attributes': [...new Set(uses.flatMap((use) => attributesOf(use.data)))],
    ...(data.Select && { 'dynamodb:Select': data.Select }),
    ...(data.ReturnValues && { 'dynamodb:ReturnValues': data.ReturnValues }),
    ...(data.ReturnConsumedCapacity && { 'dynamodb:ReturnConsumedCapacity': data.ReturnConsumedCapacity }),
    ...(enclosing && { 'dynamodb:EnclosingOperation': enclosing }),
  };
  const resource = `table/${tableName}${data.IndexName === undefined ? '' : `/index/${data.IndexName}`}`;
  return { action: `dynamodb:${action}`, resource: tables.runtime.arn('dynamodb', resource), context };
}

function hashKeyOf(table: Table | undefined, indexName: string | undefined): string | undefined {
  return indexName === undefined ? table?.keyNames[0] : table?.indexes.get(indexName)?.keyNames[0];
}

function leadingKey(data: Parsed, hashKey: string | undefined): string | undefined {
  if (hashKey === undefined) return undefined;
  const value = (data.Item ?? data.Key)?.[hashKey] ?? data.KeyConditions?.[hashKey]?.AttributeValueList[0];
  return value && valueText(value);
}

/** Names of the top-level attributes that a request speaks of. */
function attributesOf(data: Parsed): string[] {
  const items: (Item | Record<string, unknown> | undefined)[] = [
    data.Item,
    data.Key,
    data.Expected,
    data.AttributeUpdates,
    data.KeyConditions,
    data._condition?.pathHeads,
    data._filter?.pathHeads,
  ];
  const paths = [...(data._projection?.paths ?? []), ...(data._updates?.paths ?? [])].map(([head]) => head);
  return [...items.flatMap((item) => Object.keys(item ?? {})), ...(data.AttributesToGet ?? []), ...paths];
}
