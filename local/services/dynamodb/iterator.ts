import { AwsError } from '../../aws-error';
import type { Offset, Shard, Stream } from './stream';
import type { Tables } from './tables';

/** How long an iterator can be used, in milliseconds. AWS: API reference of `GetShardIterator`, 15 minutes. */
const life = 15 * 60_000;

/** A place in a shard of a stream, and when somebody asked for it. */
export interface Iterator {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly offset: Offset;
  /** Epoch milliseconds; it is good for 15 minutes from then. */
  readonly issued: number;
}

/** The iterator as callers get it: opaque. */
export function writeIterator({ stream, shard, offset, issued }: Iterator): string {
  const place = Buffer.from(JSON.stringify([shard.id, offset, issued])).toString('base64url');
  return `${stream.arn}|1|${place}`;
}

/** @throws AwsError `ValidationException`, `ResourceNotFoundException` */
export function readIterator(tables: Tables, text: string): Iterator {
  const [arn = '', version, place = ''] = text.split('|');
  const [shardId, offset, issued] = parsed(place);
  if (version !== '1' || typeof offset !== 'number' || typeof issued !== 'number') throw invalid();
  const stream = tables.stream(arn);
  const shard = stream.shards.find((candidate) => candidate.id === shardId);
  if (!shard || !(offset >= 0 && offset <= shard.end)) throw invalid();
  return { stream, shard, offset, issued };
}

/** @throws AwsError `ExpiredIteratorException` */
export function checkAge({ issued }: Iterator, now: number): void {
  if (now - issued <= life) return;
  const message = 'The shard iterator has expired and can no longer be used to retrieve stream records.';
  throw new AwsError('ExpiredIteratorException', message);
}

function parsed(place: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(place, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function invalid(): AwsError {
  return new AwsError('ValidationException', 'Invalid ShardIterator');
}
