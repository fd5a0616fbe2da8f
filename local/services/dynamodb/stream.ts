import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import { type Item, itemBytes } from './item';
import { type StreamRecord, type StreamViewType, recordParents } from './record';

/** Shards of a stream. AWS opens one per partition of the table; a small table has one. */
const shardCount = 1;

/** How long a record can be read, in milliseconds. AWS: DynamoDB Streams keep records for 24 hours. */
const retention = 24 * 60 * 60_000;

/** Most bytes that one `GetRecords` answers. AWS: API reference of `GetRecords`. */
const maxReadBytes = 1024 * 1024;

/** A change to an item of the table. */
export interface ItemChange {
  /** The engine's key of the item; it starts with six hex digits that are a hash of the partition key. */
  readonly key: string;
  readonly keys: Item;
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
}

/** A place in a shard: how many records were ever written before it. */
export type Offset = number;

interface Entry {
  readonly time: number;
  readonly record: StreamRecord;
}

/** An ordered part of a stream; items of one partition key are all in one shard. */
export class Shard {
  private readonly entries: Entry[] = [];
  private trimmed: Offset = 0;
  private lastTrimmed = '';

  /** @param start the first sequence number that the shard may hold */
  constructor(
    readonly id: string,
    readonly start: string,
    private readonly runtime: Runtime,
  ) {}

  append(record: StreamRecord): void {
    this.trim();
    this.entries.push({ time: this.runtime.clock.now(), record });
  }

  /** Where the oldest record is that can still be read. */
  get horizon(): Offset {
    this.trim();
    return this.trimmed;
  }

  /** Where the next record will be. */
  get end(): Offset {
    return this.trimmed + this.entries.length;
  }

  /**
   * Where a sequence number is, or is followed.
   *
   * @throws AwsError `TrimmedDataAccessException`, or `ValidationException` for a number that the shard does not hold
   */
  find(sequenceNumber: string, after: boolean): Offset {
    this.trim();
    if (this.lastTrimmed && BigInt(sequenceNumber) <= BigInt(this.lastTrimmed)) throw trimmedDataAccess();
    const index = this.entries.findIndex(({ record }) => record.dynamodb.SequenceNumber === sequenceNumber);
    if (index >= 0) return this.trimmed + index + (after ? 1 : 0);
    if (BigInt(sequenceNumber) === BigInt(this.start)) return this.trimmed;
    throw new AwsError('ValidationException', `Invalid SequenceNumber: ${sequenceNumber} is not in shard ${this.id}`);
  }

  /**
   * Records from a place on, and the place behind them.
   *
   * @throws AwsError `TrimmedDataAccessException` for a place before the horizon
   */
  read(from: Offset, limit: number): { records: StreamRecord[]; next: Offset } {
    this.trim();
    if (from < this.trimmed) throw trimmedDataAccess();
    const records: StreamRecord[] = [];
    let bytes = 0;
    for (let i = from - this.trimmed; i < this.entries.length && records.length < limit; i++) {
      const { record } = this.entries[i]!;
      bytes += record.dynamodb.SizeBytes;
      if (bytes > maxReadBytes && records.length > 0) break;
      records.push(record);
    }
    return { records, next: from + records.length };
  }

  private trim(): void {
    const oldest = this.runtime.clock.now() - retention;
    let count = 0;
    while (count < this.entries.length && this.entries[count]!.time <= oldest) count++;
    if (count === 0) return;
    this.lastTrimmed = this.entries[count - 1]!.record.dynamodb.SequenceNumber;
    this.entries.splice(0, count);
    this.trimmed += count;
  }
}

function trimmedDataAccess(): AwsError {
  const message = 'The operation attempted to read past the oldest stream record in a shard.';
  return new AwsError('TrimmedDataAccessException', message);
}

/** The change log of a table. */
export class Stream {
  readonly label: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly shards: readonly Shard[];
  private sequence = 100_000_000_000_000_000_000n;
  private records = 0;

  constructor(
    private readonly runtime: Runtime,
    readonly tableName: string,
    tableArn: string,
    readonly viewType: StreamViewType,
  ) {
    this.created = runtime.clock.now();
    this.label = new Date(this.created).toISOString().slice(0, -1);
    this.arn = `${tableArn}/stream/${this.label}`;
    const start = this.nextSequenceNumber();
    this.shards = Array.from({ length: shardCount }, (_, i) => {
      const id = `shardId-${String(this.created).padStart(20, '0')}-${i.toString(16).padStart(8, '0')}`;
      return new Shard(id, start, runtime);
    });
  }

  /**
   * Writes a change.
   *
   * @param parents hops that wrote it
   */
  append(change: ItemChange, parents: readonly number[], userIdentity?: StreamRecord['userIdentity']): void {
    const { keys, before, after } = change;
    const newImage = this.viewType === 'OLD_IMAGE' || this.viewType === 'KEYS_ONLY' ? undefined : after;
    const oldImage = this.viewType === 'NEW_IMAGE' || this.viewType === 'KEYS_ONLY' ? undefined : before;
    const record: StreamRecord = {
      eventID: this.nextEventId(),
      eventName: after ? (before ? 'MODIFY' : 'INSERT') : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.runtime.region,
      dynamodb: Object.freeze({
        ApproximateCreationDateTime: Math.floor(this.runtime.clock.now() / 1000),
        Keys: keys,
        ...(newImage && { NewImage: newImage }),
        ...(oldImage && { OldImage: oldImage }),
        SequenceNumber: this.nextSequenceNumber(),
        SizeBytes: [keys, newImage, oldImage].reduce((bytes, part) => bytes + (part ? itemBytes(part) : 0), 0),
        StreamViewType: this.viewType,
      }),
      ...(userIdentity && { userIdentity }),
      [recordParents]: parents,
    };
    const shard = this.shards[Number.parseInt(change.key.slice(0, 6), 16) % this.shards.length]!;
    shard.append(Object.freeze(record));
  }

  /** AWS leaves gaps: nothing may depend on the next number. */
  private nextSequenceNumber(): string {
    this.sequence += BigInt(1 + this.runtime.random.integer(100));
    return String(this.sequence);
  }

  private nextEventId(): string {
    const noise = this.runtime.random
      .integer(2 ** 32)
      .toString(16)
      .padStart(8, '0');
    return noise + (this.records++).toString(16).padStart(24, '0');
  }
}
