import { z } from 'zod';
import { AwsError } from '../../../local/aws-error';
import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import type { Attributes, Permission } from '../../../local/service';
import { dynamodb, dynamodbStreams } from '../../../local/services/dynamodb';
import type { Item } from '../../../local/services/dynamodb/item';
import type { StreamRecord } from '../../../local/services/dynamodb/record';

const created = z.looseObject({ arn: z.string(), stream_arn: z.string() });

/** Arguments of a table like those of the stacks: `id`, `createdAt`, a stream, an index by status. */
export const ordersTable = {
  name: 'orders',
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'id',
  range_key: 'createdAt',
  attribute: [
    { name: 'id', type: 'S' },
    { name: 'createdAt', type: 'N' },
    { name: 'status', type: 'S' },
  ],
  global_secondary_index: [{ name: 'by-status', hash_key: 'status', range_key: 'createdAt', projection_type: 'ALL' }],
  stream_enabled: true,
  stream_view_type: 'NEW_AND_OLD_IMAGES',
};

/** Arguments of the smallest table. */
export const inboxTable = {
  name: 'inbox',
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'id',
  attribute: [{ name: 'id', type: 'S' }],
};

/** An item of the orders table; `more` are further attributes. */
export const order = (id: string, createdAt = 1, more: object = {}) => ({
  id: { S: id },
  createdAt: { N: String(createdAt) },
  ...more,
});

/** Input of an operation on an item of the inbox. */
export const key = (id: string) => ({ TableName: 'inbox', Key: { id: { S: id } } });

/** Input that writes an item to the inbox; `more` goes over it. */
export const put = (id: string, more: object = {}) => ({ TableName: 'inbox', Item: { id: { S: id } }, ...more });

/** Lets a write happen only where there is no item yet. */
export const isNew = { ConditionExpression: 'attribute_not_exists(id)' };

/** What a caller gets: an answer, or the error of AWS. */
export interface Answer {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly Attributes?: Item;
  readonly Count?: number;
  readonly LastEvaluatedKey?: Item;
  readonly Responses?: unknown;
  readonly [member: string]: unknown;
}

/** A runtime with DynamoDB on a simulated clock. */
export class Database {
  readonly clock = simulatedClock();
  readonly runtime = new Runtime({ clock: this.clock, random: seededRandom(1), region: 'eu-central-1' });
  private readonly service = dynamodb(this.runtime);
  private readonly streams = dynamodbStreams(this.runtime);

  constructor() {
    this.runtime.register(this.service);
    this.runtime.register(this.streams);
  }

  async table(args: object): Promise<Attributes & { readonly arn: string; readonly stream_arn: string }> {
    const type = this.service.resources['aws_dynamodb_table']!;
    const resource = { address: 's/aws_dynamodb_table.t', stack: 's', type: 'aws_dynamodb_table', name: 't' };
    return created.parse(await type.create({ ...resource, arguments: type.arguments.parse(args) }));
  }

  async call(operation: string, input: unknown, principal = this.runtime.administrator): Promise<Answer> {
    return this.runtime.call({ service: 'dynamodb', operation, input, principal });
  }

  async stream(operation: string, input: unknown): Promise<Answer> {
    const principal = this.runtime.administrator;
    return this.runtime.call({ service: 'dynamodbstreams', operation, input, principal });
  }

  /** The error that a call ends with. */
  async refusal(operation: string, input: unknown, service: 'call' | 'stream' = 'call'): Promise<AwsError> {
    return this[service](operation, input).then(
      () => {
        throw new Error(`${operation} was not refused`);
      },
      (error: unknown) => {
        if (error instanceof AwsError) return error;
        throw error;
      },
    );
  }

  permissions(operation: string, input: object): readonly Permission[] {
    return (this.service.operations[operation] ?? this.streams.operations[operation])!.permissions(input);
  }

  /** All items of a table. */
  async items(TableName: string): Promise<readonly Item[]> {
    return (await this.call('Scan', { TableName })).Items!;
  }

  /** An iterator to the only shard of a stream. */
  async iterator(StreamArn: string, ShardIteratorType = 'TRIM_HORIZON', SequenceNumber?: string): Promise<string> {
    const { StreamDescription } = await this.stream('DescribeStream', { StreamArn });
    const { Shards } = z
      .looseObject({ Shards: z.array(z.looseObject({ ShardId: z.string() })) })
      .parse(StreamDescription);
    const input = { StreamArn, ShardId: Shards[0]!.ShardId, ShardIteratorType, SequenceNumber };
    return z.string().parse((await this.stream('GetShardIterator', input))['ShardIterator']);
  }

  /** The records from an iterator on. */
  async read(ShardIterator: string, Limit?: number): Promise<{ records: readonly StreamRecord[]; next: string }> {
    const output = await this.stream('GetRecords', { ShardIterator, Limit });
    const records = z.array(z.custom<StreamRecord>()).parse(output['Records']);
    return { records, next: z.string().parse(output['NextShardIterator']) };
  }

  /** All records of a stream that are still there. */
  async records(streamArn: string): Promise<readonly StreamRecord[]> {
    return (await this.read(await this.iterator(streamArn))).records;
  }
}

/** A database with tables. */
export async function databaseWith(...tables: readonly object[]): Promise<Database> {
  const database = new Database();
  for (const table of tables) await database.table(table);
  return database;
}
