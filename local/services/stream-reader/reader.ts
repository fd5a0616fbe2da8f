import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { type StreamRecord, recordParents } from '../dynamodb/record';
import type { Consumer } from './consumer';
import type { SourceRecord } from './record';
import { Shard } from './shard';

interface StreamDescription {
  readonly Shards: readonly { readonly ShardId: string }[];
  readonly KeySchema?: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

/** Reads a stream for a consumer. */
export interface StreamReader {
  /**
   * Begins to read, or goes on where it stopped.
   *
   * @throws AwsError if the role may not read
   */
  start(role: RolePrincipal): Promise<void>;
  /** Takes up no further batch; what is under way is finished. */
  stop(): void;
}

/** A reader of a DynamoDB stream: each shard is read in order, on the stream's signal. */
export function streamReader(runtime: Runtime, consumer: Consumer): StreamReader {
  const { stream } = consumer;
  const shards = new Map<string, Shard>();
  let unsubscribe: (() => void) | undefined;

  const discover = async (role: RolePrincipal) => {
    const { StreamDescription: description }: { StreamDescription: StreamDescription } = await runtime.call({
      service: 'dynamodbstreams',
      operation: 'DescribeStream',
      input: { StreamArn: stream },
      principal: role,
    });
    const hashKey = description.KeySchema?.find((key) => key.KeyType === 'HASH')?.AttributeName;
    const accept = acceptor(runtime, consumer, hashKey);
    for (const { ShardId: shardId } of description.Shards) {
      if (shards.has(shardId)) continue;
      const onClosed = () => void runtime.track(discover(role)).catch(() => undefined);
      shards.set(shardId, new Shard({ runtime, consumer, shardId, accept, onClosed }));
    }
    for (const shard of shards.values()) shard.start(role);
  };

  return {
    async start(role) {
      // AWS refuses a role that lacks any of the four stream actions, ListStreams included.
      runtime.authorize(role, { action: 'dynamodb:ListStreams', resource: stream }, runtime.service('dynamodbstreams'));
      await discover(role);
      unsubscribe ??= runtime.onSignal(stream, () => {
        for (const shard of shards.values()) shard.signal();
      });
    },
    stop() {
      unsubscribe?.();
      unsubscribe = undefined;
      for (const shard of shards.values()) shard.stop();
    },
  };
}

/** Takes in a stream record; one that the filters refuse is noted and forgotten. */
function acceptor(runtime: Runtime, consumer: Consumer, hashKey: string | undefined) {
  return (record: StreamRecord, shardId: string, role: RolePrincipal): SourceRecord | undefined => {
    const event = { ...record, eventSourceARN: consumer.stream };
    const { Keys: keys, SequenceNumber: sequenceNumber, ApproximateCreationDateTime: created } = record.dynamodb;
    const parents = record[recordParents];
    if (consumer.matches(event)) {
      const key = JSON.stringify(hashKey === undefined ? keys : keys[hashKey]);
      return { event, time: created * 1000, key, shardId, sequenceNumber, parents };
    }
    runtime.timeline.record({
      service: consumer.service,
      operation: 'filter',
      resource: consumer.arn,
      principal: role.arn,
      parents,
      outcome: 'filtered',
      summary: `${consumer.name} filters ${record.eventName} out`,
      data: { eventID: record.eventID, sequenceNumber },
    });
    return undefined;
  };
}
