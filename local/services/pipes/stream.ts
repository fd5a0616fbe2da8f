import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { type StreamRecord, recordParents } from '../dynamodb/record';
import { compilePattern } from '../event-pattern';
import type { Execute, Pipe, PipeRecord, Source } from './pipe';
import { Shard } from './shard';

interface StreamDescription {
  readonly Shards: readonly { readonly ShardId: string }[];
  readonly KeySchema?: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

/** A DynamoDB stream as source: each shard is read in order, on the stream's signal. */
export function streamSource(runtime: Runtime, pipe: Pipe, execute: Execute): Source {
  const parameters = pipe.arguments.source_parameters.dynamodb_stream_parameters;
  const shards = new Map<string, Shard>();
  const matches = matcher(pipe);
  const stream = pipe.arguments.source;
  let unsubscribe: (() => void) | undefined;

  const discover = async (role: RolePrincipal) => {
    const { StreamDescription: description }: { StreamDescription: StreamDescription } = await runtime.call({
      service: 'dynamodbstreams',
      operation: 'DescribeStream',
      input: { StreamArn: stream },
      principal: role,
    });
    const hashKey = description.KeySchema?.find((key) => key.KeyType === 'HASH')?.AttributeName;
    const accept = acceptor(runtime, pipe, matches, hashKey);
    for (const { ShardId: shardId } of description.Shards) {
      if (shards.has(shardId)) continue;
      const onClosed = () => void runtime.track(discover(role)).catch(() => undefined);
      shards.set(shardId, new Shard({ runtime, pipe, parameters, execute, shardId, accept, onClosed }));
    }
    for (const shard of shards.values()) shard.start(role);
  };

  return {
    async start(role) {
      // AWS refuses a pipe whose role lacks any of the four stream actions, ListStreams included.
      runtime.authorize(role, { action: 'dynamodb:ListStreams', resource: stream }, runtime.service('dynamodbstreams'));
      await discover(role);
      unsubscribe = runtime.onSignal(stream, () => {
        for (const shard of shards.values()) shard.signal();
      });
    },
    stop() {
      unsubscribe?.();
      for (const shard of shards.values()) shard.stop();
    },
  };
}

/** The pipe's filters as one test, compiled once; a pipe without filters takes everything. */
export function matcher(pipe: Pipe): (event: Readonly<Record<string, unknown>>) => boolean {
  const filters = pipe.arguments.source_parameters.filter_criteria?.filter ?? [];
  const patterns = filters.map(({ pattern }) => compilePattern(pattern, { dialect: 'pipes' }));
  return (event) => patterns.length === 0 || patterns.some((matches) => matches(event));
}

/** Makes a pipe record of a stream record; one that the filters refuse is noted and forgotten. */
function acceptor(
  runtime: Runtime,
  pipe: Pipe,
  matches: (event: Readonly<Record<string, unknown>>) => boolean,
  hashKey: string | undefined,
) {
  return (record: StreamRecord, shardId: string, role: RolePrincipal): PipeRecord | undefined => {
    const event = { ...record, eventSourceARN: pipe.arguments.source };
    const { Keys: keys, SequenceNumber: sequenceNumber, ApproximateCreationDateTime: created } = record.dynamodb;
    const parents = record[recordParents];
    if (matches(event)) {
      const key = JSON.stringify(hashKey === undefined ? keys : keys[hashKey]);
      return { event, time: created * 1000, key, shardId, sequenceNumber, parents };
    }
    runtime.timeline.record({
      service: 'pipes',
      operation: 'filter',
      resource: pipe.arn,
      principal: role.arn,
      parents,
      outcome: 'filtered',
      summary: `${pipe.name} filters ${record.eventName} out`,
      data: { eventID: record.eventID, sequenceNumber },
    });
    return undefined;
  };
}
