import { AwsError } from '../../aws-error';
import { type Service, jsonErrors } from '../../service';
import { checkAge, readIterator, writeIterator } from './iterator';
import { operation } from './operation';
import { keyPermissions } from './permissions';
import {
  type DescribeStream,
  type GetRecords,
  type GetShardIterator,
  type ListStreams,
  describeStreamInput,
  getRecordsInput,
  getShardIteratorInput,
  listStreamsInput,
} from './stream-inputs';
import type { Offset, Shard, Stream } from './stream';
import type { Tables } from './tables';

/** What callers of a list are given at once, at most. AWS: API reference, 100. */
const pageSize = 100;

/** The service `dynamodbstreams`; its IAM actions are those of DynamoDB. */
export function streamsService(tables: Tables): Service {
  return {
    name: 'dynamodbstreams',
    errors: jsonErrors,
    resources: {},
    operations: {
      ListStreams: operation(
        listStreamsInput,
        ({ TableName }) => [
          {
            action: 'dynamodb:ListStreams',
            resource: TableName === undefined ? '*' : tables.runtime.arn('dynamodb', `table/${TableName}/stream/*`),
          },
        ],
        (input) => listStreams(tables, input),
      ),
      DescribeStream: operation(
        describeStreamInput,
        ({ StreamArn }) => [{ action: 'dynamodb:DescribeStream', resource: StreamArn }],
        (input) => describeStream(tables, input),
      ),
      GetShardIterator: operation(
        getShardIteratorInput,
        ({ StreamArn }) => [{ action: 'dynamodb:GetShardIterator', resource: StreamArn }],
        (input) => getShardIterator(tables, input),
      ),
      GetRecords: operation(
        getRecordsInput,
        ({ ShardIterator }) => {
          const { stream } = readIterator(tables, ShardIterator);
          const key = keyPermissions(tables.runtime, tables.get(stream.tableName));
          return [{ action: 'dynamodb:GetRecords', resource: stream.arn }, ...key];
        },
        (input) => getRecords(tables, input),
      ),
    },
  };
}

function listStreams(
  tables: Tables,
  { TableName, Limit = pageSize, ExclusiveStartStreamArn: start }: ListStreams,
): object {
  const streams = tables.all
    .flatMap(({ stream }) => stream ?? [])
    .filter((stream) => !TableName || stream.tableName === TableName);
  const from = start === undefined ? 0 : streams.findIndex((stream) => stream.arn === start) + 1;
  const page = streams.slice(from, from + Limit);
  return {
    Streams: page.map((stream) => ({ StreamArn: stream.arn, TableName: stream.tableName, StreamLabel: stream.label })),
    ...(from + Limit < streams.length && { LastEvaluatedStreamArn: page.at(-1)!.arn }),
  };
}

function describeStream(tables: Tables, input: DescribeStream): object {
  const { Limit = pageSize, ExclusiveStartShardId: start } = input;
  const stream = tables.stream(input.StreamArn);
  const from = start === undefined ? 0 : stream.shards.indexOf(shardOf(stream, start)) + 1;
  const page = stream.shards.slice(from, from + Limit);
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: 'ENABLED',
      StreamViewType: stream.viewType,
      CreationRequestDateTime: stream.created / 1000,
      TableName: stream.tableName,
      KeySchema: tables.get(stream.tableName).schema.KeySchema,
      Shards: page.map((shard) => ({
        ShardId: shard.id,
        SequenceNumberRange: { StartingSequenceNumber: shard.start },
      })),
      ...(from + Limit < stream.shards.length && { LastEvaluatedShardId: page.at(-1)!.id }),
    },
  };
}

function getShardIterator(tables: Tables, input: GetShardIterator): object {
  const stream = tables.stream(input.StreamArn);
  const shard = shardOf(stream, input.ShardId);
  const offset = startOf(shard, input);
  return { ShardIterator: writeIterator({ stream, shard, offset, issued: tables.runtime.clock.now() }) };
}

function startOf(shard: Shard, { ShardIteratorType: type, SequenceNumber }: GetShardIterator): Offset {
  if (type === 'TRIM_HORIZON') return shard.horizon;
  if (type === 'LATEST') return shard.end;
  if (SequenceNumber === undefined) {
    throw new AwsError('ValidationException', `SequenceNumber is required for ShardIteratorType ${type}`);
  }
  return shard.find(SequenceNumber, type === 'AFTER_SEQUENCE_NUMBER');
}

function shardOf(stream: Stream, id: string): Shard {
  const shard = stream.shards.find((candidate) => candidate.id === id);
  if (shard) return shard;
  const message = `Requested resource not found: Shard: ${id} in Stream: ${stream.arn} not found`;
  throw new AwsError('ResourceNotFoundException', message);
}

function getRecords(tables: Tables, { ShardIterator, Limit = 1000 }: GetRecords): object {
  const iterator = readIterator(tables, ShardIterator);
  const now = tables.runtime.clock.now();
  checkAge(iterator, now);
  const { records, next } = iterator.shard.read(iterator.offset, Limit);
  return { Records: records, NextShardIterator: writeIterator({ ...iterator, offset: next, issued: now }) };
}
