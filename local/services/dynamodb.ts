import type { Runtime } from '../runtime';
import { type Call, type Operation, type ResourceType, type Service, jsonErrors } from '../service';
import { tableArguments, tableDefinition } from './dynamodb/arguments';
import { batchGet, batchWrite } from './dynamodb/batches';
import { describeContinuousBackups, describeTable, describeTimeToLive } from './dynamodb/describe';
import { read, search, stage } from './dynamodb/engine';
import { reuseParsedConditions } from './dynamodb/expressions';
import type { Input } from './dynamodb/inputs';
import { operation } from './dynamodb/operation';
import { dataPermissions } from './dynamodb/permissions';
import { type OperationName, schemas } from './dynamodb/schemas';
import { streamsService } from './dynamodb/streams';
import { Tables } from './dynamodb/tables';
import { Tokens, transactGet, transactWrite } from './dynamodb/transactions';

type Run = (input: Input, call: Call, raw: object) => object | Promise<object>;

const tablesOf = new WeakMap<Runtime, Tables>();

/** The tables that both services of a runtime share. */
function sharedTables(runtime: Runtime): Tables {
  const tables = tablesOf.get(runtime) ?? new Tables(runtime);
  tablesOf.set(runtime, tables);
  return tables;
}

/** Amazon DynamoDB Streams: the service `dynamodbstreams`. */
export function dynamodbStreams(runtime: Runtime): Service {
  return streamsService(sharedTables(runtime));
}

/** Amazon DynamoDB: the service `dynamodb`. */
export function dynamodb(runtime: Runtime): Service {
  reuseParsedConditions();
  const tables = sharedTables(runtime);
  return {
    name: 'dynamodb',
    errors: jsonErrors,
    operations: { ...itemOperations(tables), ...tableOperations(tables) },
    resources: { aws_dynamodb_table: tableResource(tables) },
  };
}

function itemOperations(tables: Tables): Record<string, Operation> {
  const tokens = new Tokens();
  const write =
    (name: 'PutItem' | 'UpdateItem' | 'DeleteItem'): Run =>
    (input, call) => {
      const staged = stage(name, tables.get(input.TableName), input);
      tables.commit([staged], call);
      return staged.output;
    };
  const find =
    (name: 'Query' | 'Scan'): Run =>
    async (input) =>
      search(name, tables.get(input.TableName), input);
  const on = (name: OperationName, run: Run): Operation =>
    operation(schemas[name], (input) => dataPermissions(tables, name, input), run);
  return {
    PutItem: on('PutItem', write('PutItem')),
    UpdateItem: on('UpdateItem', write('UpdateItem')),
    DeleteItem: on('DeleteItem', write('DeleteItem')),
    GetItem: on('GetItem', (input) => read(tables.get(input.TableName), input)),
    Query: on('Query', find('Query')),
    Scan: on('Scan', find('Scan')),
    BatchWriteItem: on('BatchWriteItem', (input, call) => batchWrite(tables, input, call)),
    BatchGetItem: on('BatchGetItem', (input) => batchGet(tables, input)),
    TransactWriteItems: on('TransactWriteItems', (input, call, raw) => transactWrite(tables, tokens, input, raw, call)),
    TransactGetItems: on('TransactGetItems', (input) => transactGet(tables, input)),
  };
}

function tableOperations(tables: Tables): Record<string, Operation> {
  const { runtime } = tables;
  const onTable = (name: string) => (input: Input) => [
    { action: `dynamodb:${name}`, resource: runtime.arn('dynamodb', `table/${input.TableName}`) },
  ];
  const table = ({ TableName }: Input) =>
    tables.get(TableName, `Requested resource not found: Table: ${TableName} not found`);
  return {
    DescribeTable: operation(schemas.DescribeTable, onTable('DescribeTable'), (input) => ({
      Table: describeTable(table(input)),
    })),
    DescribeTimeToLive: operation(schemas.DescribeTimeToLive, onTable('DescribeTimeToLive'), (input) => ({
      TimeToLiveDescription: describeTimeToLive(table(input)),
    })),
    DescribeContinuousBackups: operation(
      schemas.DescribeContinuousBackups,
      onTable('DescribeContinuousBackups'),
      (input) => ({
        ContinuousBackupsDescription: describeContinuousBackups(table(input), runtime.clock.now()),
      }),
    ),
    ListTagsOfResource: operation(
      schemas.ListTagsOfResource,
      ({ ResourceArn }) => [{ action: 'dynamodb:ListTagsOfResource', resource: ResourceArn! }],
      ({ ResourceArn: arn }) => {
        const message = `Requested resource not found: ResourcArn: ${arn} not found`;
        const { tags } = tables.get(arn!.slice(arn!.indexOf('/') + 1), message).definition;
        return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
      },
    ),
    ListTables: operation(
      schemas.ListTables,
      () => [{ action: 'dynamodb:ListTables', resource: '*' }],
      (input) => {
        const { Limit = 100, ExclusiveStartTableName: start = '' } = input;
        const names = tables.all.map(({ name }) => name).filter((name) => name > start);
        const page = names.slice(0, Limit);
        return { TableNames: page, ...(page.length < names.length && { LastEvaluatedTableName: page.at(-1) }) };
      },
    ),
  };
}

function tableResource(tables: Tables): ResourceType {
  return {
    arguments: tableArguments,
    create({ arguments: args }) {
      const { name, arn, stream } = tables.create(tableDefinition(args));
      return { id: name, name, arn, stream_arn: stream?.arn ?? '', stream_label: stream?.label ?? '' };
    },
  };
}
