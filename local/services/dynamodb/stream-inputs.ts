import type { Schema } from './inputs';

/* Limits of the inputs of DynamoDB Streams. AWS: Amazon DynamoDB Streams API reference. */

const streamArn = { type: 'String', lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 };
const shardId = { type: 'String', lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 };
const limit = (most: number) => ({ type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: most });

/** Input of `ListStreams`. */
export interface ListStreams {
  readonly TableName?: string;
  readonly Limit?: number;
  readonly ExclusiveStartStreamArn?: string;
}

/** Input of `DescribeStream`. */
export interface DescribeStream {
  readonly StreamArn: string;
  readonly Limit?: number;
  readonly ExclusiveStartShardId?: string;
}

/** Input of `GetShardIterator`. */
export interface GetShardIterator {
  readonly StreamArn: string;
  readonly ShardId: string;
  readonly ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';
  readonly SequenceNumber?: string;
}

/** Input of `GetRecords`. */
export interface GetRecords {
  readonly ShardIterator: string;
  readonly Limit?: number;
}

/** Input of ListStreams (DynamoDB Streams API reference). */
export const listStreamsInput: Schema<ListStreams> = {
  types: {
    TableName: {
      type: 'String',
      regex: '[a-zA-Z0-9_.-]+',
      lengthGreaterThanOrEqual: 3,
      lengthLessThanOrEqual: 255,
    },
    Limit: limit(100),
    ExclusiveStartStreamArn: streamArn,
  },
};

/** Input of DescribeStream (DynamoDB Streams API reference). */
export const describeStreamInput: Schema<DescribeStream> = {
  types: { StreamArn: { ...streamArn, notNull: true }, Limit: limit(100), ExclusiveStartShardId: shardId },
};

/** Input of GetShardIterator (DynamoDB Streams API reference). */
export const getShardIteratorInput: Schema<GetShardIterator> = {
  types: {
    StreamArn: { ...streamArn, notNull: true },
    ShardId: { ...shardId, notNull: true },
    ShardIteratorType: {
      type: 'String',
      notNull: true,
      enum: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
    },
    SequenceNumber: {
      type: 'String',
      regex: '[0-9]+',
      lengthGreaterThanOrEqual: 21,
      lengthLessThanOrEqual: 40,
    },
  },
};

/** Input of GetRecords (DynamoDB Streams API reference). */
export const getRecordsInput: Schema<GetRecords> = {
  types: {
    ShardIterator: { type: 'String', notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2048 },
    Limit: limit(1000),
  },
};
