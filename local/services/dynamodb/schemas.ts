import type { Parsed } from 'dynalite/db';
import type { Types } from 'dynalite/validations';
import * as batchGetItem from 'dynalite/validations/batchGetItem';
import * as batchWriteItem from 'dynalite/validations/batchWriteItem';
import * as deleteItem from 'dynalite/validations/deleteItem';
import * as describeTable from 'dynalite/validations/describeTable';
import * as getItem from 'dynalite/validations/getItem';
import * as listTables from 'dynalite/validations/listTables';
import * as putItem from 'dynalite/validations/putItem';
import * as query from 'dynalite/validations/query';
import * as scan from 'dynalite/validations/scan';
import * as updateItem from 'dynalite/validations/updateItem';
import { maxItemBytes, options } from './engine';
import { type Input, type Schema, type TransactAction, actionsOf, writesOf } from './inputs';
import { type Item, itemBytes } from './item';

/** The operations of DynamoDB that are run. */
export type OperationName =
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'Query'
  | 'Scan'
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'TransactWriteItems'
  | 'TransactGetItems'
  | 'DescribeTable'
  | 'DescribeTimeToLive'
  | 'DescribeContinuousBackups'
  | 'ListTables'
  | 'ListTagsOfResource';

const onFailure = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
const text = { type: 'String' };
const required = { type: 'String', notNull: true };
const tableName = putItem.types['TableName'];
const names = putItem.types['ExpressionAttributeNames'];
const condition = {
  TableName: tableName,
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: putItem.types['ExpressionAttributeValues'],
  ReturnValuesOnConditionCheckFailure: onFailure,
};
const key = { Key: deleteItem.types['Key'], ...condition };
const actionTypes: Record<Exclude<TransactAction, 'Get'>, Types> = {
  ConditionCheck: { ...key, ConditionExpression: required },
  Put: { Item: putItem.types['Item'], ...condition, ConditionExpression: text },
  Update: { ...key, UpdateExpression: required, ConditionExpression: text },
  Delete: { ...key, ConditionExpression: text },
};
const actionRules = {
  ConditionCheck: deleteItem.custom,
  Put: boundedPut,
  Update: updateItem.custom,
  Delete: deleteItem.custom,
  Get: getItem.custom,
};
const getTypes = {
  TableName: tableName,
  Key: getItem.types['Key'],
  ProjectionExpression: text,
  ExpressionAttributeNames: names,
};

function structs(types: Record<string, Types>): Types {
  const entries = Object.entries(types);
  return Object.fromEntries(entries.map(([name, children]) => [name, { type: `FieldStruct<${name}>`, children }]));
}

function items(types: Record<string, Types>) {
  const children = { type: 'ValueStruct<TransactWriteItem>', children: structs(types) };
  return { type: 'List', notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 100, children };
}

function boundedPut(data: Parsed): string | undefined {
  return tooBig(data.Item) ?? putItem.custom(data, { options });
}

function tooBig(item: Item | undefined): string | undefined {
  return item && itemBytes(item) > maxItemBytes ? 'Item size has exceeded the maximum allowed size' : undefined;
}

function transactWriteRule({ TransactItems }: Input): string | undefined {
  for (const entry of TransactItems!) {
    const actions = actionsOf(entry);
    if (actions.length !== 1) return 'TransactItems can only contain one of Check, Put, Update or Delete';
    const fault = actionRules[actions[0]!.kind](actions[0]!.data, { options });
    if (fault) return fault;
  }
  return undefined;
}

function transactGetRule({ TransactItems }: Input): string | undefined {
  for (const entry of TransactItems!) {
    const [get] = actionsOf(entry);
    if (!get) return 'TransactItems can only contain Get';
    const fault = getItem.custom(get.data, { options });
    if (fault) return fault;
  }
  return undefined;
}

function batchWriteRule(data: Input): string | undefined {
  const requests = Object.values(data.RequestItems!).flatMap(writesOf);
  if (requests.length > 25) return 'Too many items requested for the BatchWriteItem call';
  if (requests.some((request) => request.PutRequest && request.DeleteRequest)) {
    return 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes';
  }
  for (const { PutRequest } of requests) if (tooBig(PutRequest?.Item)) return tooBig(PutRequest?.Item);
  return batchWriteItem.custom(data, { options });
}

function tableArnRule({ ResourceArn }: Input): string | undefined {
  if (/^arn:[^:]+:dynamodb:[^:]+:\d+:table\/[^/]+$/.test(ResourceArn!)) return undefined;
  return `Invalid TableArn: Invalid ResourceArn provided as input ${ResourceArn}`;
}

const consumed = { ReturnConsumedCapacity: putItem.types['ReturnConsumedCapacity'] };
const conditional = { ReturnValuesOnConditionCheckFailure: onFailure };
const token = { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 };

/** How the inputs of the operations are checked. */
export const schemas: Readonly<Record<OperationName, Schema<Input>>> = {
  PutItem: { types: { ...putItem.types, ...conditional }, custom: putItem.custom },
  UpdateItem: { types: { ...updateItem.types, ...conditional }, custom: updateItem.custom },
  DeleteItem: { types: { ...deleteItem.types, ...conditional }, custom: deleteItem.custom },
  GetItem: getItem,
  Query: query,
  Scan: { types: { ...scan.types, ConsistentRead: 'Boolean' }, custom: scan.custom },
  BatchGetItem: batchGetItem,
  BatchWriteItem: { types: batchWriteItem.types, custom: batchWriteRule },
  TransactWriteItems: {
    types: {
      ...consumed,
      ReturnItemCollectionMetrics: putItem.types['ReturnItemCollectionMetrics'],
      ClientRequestToken: token,
      TransactItems: items(actionTypes),
    },
    custom: transactWriteRule,
  },
  TransactGetItems: { types: { ...consumed, TransactItems: items({ Get: getTypes }) }, custom: transactGetRule },
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTable,
  DescribeContinuousBackups: describeTable,
  ListTables: listTables,
  ListTagsOfResource: { types: { ResourceArn: required }, custom: tableArnRule },
};
