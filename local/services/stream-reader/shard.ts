import { toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { RolePrincipal } from '../../principal';
import type { StreamRecord } from '../dynamodb/record';
import { Lane, type LaneOptions } from './lane';
import { type SourceRecord, backoff } from './record';

/** Records of one GetRecords (DynamoDB Streams API reference). */
const maximumRecords = 1000;

/** What a shard works with. */
export interface ShardOptions extends Omit<LaneOptions, 'onRoom'> {
  readonly shardId: string;
  /** Makes of a record what the consumer gets; undefined if it is not wanted. */
  readonly accept: (record: StreamRecord, shardId: string, role: RolePrincipal) => SourceRecord | undefined;
  /** Called when the shard's last record is delivered or given up: its children may be read. */
  readonly onClosed: () => void;
}

/** Reads one shard in order, as far ahead as its lanes have room. */
export class Shard {
  private readonly lanes: readonly Lane[];
  private role: RolePrincipal | undefined;
  private iterator: string | undefined;
  /** The last record read. */
  private position: { readonly ShardIteratorType: string; readonly SequenceNumber?: string };
  /** When `LATEST` was, in epoch seconds; what is older is not read. */
  private latest: number | undefined;
  private drained = false;
  private closed = false;
  private finished = false;
  private reading = false;
  private failures = 0;
  private timer: Timer | undefined;

  constructor(private readonly options: ShardOptions) {
    const { startingPosition, parallelizationFactor } = options.consumer.reading;
    this.position = { ShardIteratorType: startingPosition };
    const onRoom = () => this.read();
    this.lanes = Array.from({ length: parallelizationFactor }, () => new Lane({ ...options, onRoom }));
  }

  start(role: RolePrincipal): void {
    if (this.role) return;
    this.role = role;
    for (const lane of this.lanes) lane.start(role);
    this.signal();
  }

  /** Position, records in hand and retries are kept for the next start. */
  stop(): void {
    this.role = undefined;
    this.timer?.cancel();
    this.timer = undefined;
    for (const lane of this.lanes) lane.stop();
  }

  /** There is something to read. */
  signal(): void {
    this.drained = false;
    this.read();
  }

  private read(): void {
    if (this.reading || this.timer || !this.role) return;
    if (this.closed) return this.finish();
    if (this.drained || this.room <= 0) return;
    this.reading = true;
    void this.options.runtime.track(this.pump());
  }

  private get room(): number {
    const { parallelizationFactor: lanes, batchSize: size } = this.options.consumer.reading;
    return lanes * size - this.lanes.reduce((sum, lane) => sum + lane.size, 0);
  }

  private async pump(): Promise<void> {
    try {
      while (this.role && !this.drained && !this.closed && this.room > 0) await this.page(this.role);
      this.failures = 0;
    } catch (error) {
      this.recover(toAwsError(error).code);
    } finally {
      this.reading = false;
    }
    if (this.closed) this.finish();
  }

  private async page(role: RolePrincipal): Promise<void> {
    const { runtime, consumer, shardId } = this.options;
    const call = (operation: string, input: object) =>
      runtime.call({ service: 'dynamodbstreams', operation, input, principal: role });
    this.iterator ??= (
      await call('GetShardIterator', { StreamArn: consumer.stream, ShardId: shardId, ...this.position })
    ).ShardIterator;
    this.drained = true;
    if (this.position.ShardIteratorType === 'LATEST') this.latest ??= Math.floor(runtime.clock.now() / 1000);
    const { Records: records, NextShardIterator: next }: { Records: StreamRecord[]; NextShardIterator?: string } =
      await call('GetRecords', {
        ShardIterator: this.iterator,
        Limit: Math.min(this.room, maximumRecords),
      });
    this.iterator = next;
    this.closed = next === undefined;
    if (records.length > 0) this.drained = false;
    this.take(records, role);
  }

  private take(records: readonly StreamRecord[], role: RolePrincipal): void {
    const { consumer, shardId, accept } = this.options;
    const { latest = 0 } = this;
    let filteredOut = 0;
    for (const record of records) {
      const { SequenceNumber, ApproximateCreationDateTime: created } = record.dynamodb;
      this.position = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber };
      if (created < latest) continue;
      const accepted = accept(record, shardId, role);
      if (accepted) this.lanes[hash(accepted.key) % this.lanes.length]!.offer(accepted);
      else filteredOut++;
    }
    consumer.hasRead?.(records.length, filteredOut);
    for (const lane of this.lanes) lane.wake();
  }

  /**
   * Iterators end after 15 minutes, records after 24 hours; anything else is tried again later. Where nothing was read yet, a
   * second `LATEST` would miss what came since the first.
   */
  private recover(code: string): void {
    this.drained = false;
    this.iterator = undefined;
    const missesSome = this.latest !== undefined && this.position.ShardIteratorType === 'LATEST';
    if (code === 'TrimmedDataAccessException' || missesSome) this.position = { ShardIteratorType: 'TRIM_HORIZON' };
    if (!this.role) return;
    const delay = code === 'ExpiredIteratorException' && this.failures === 0 ? 0 : backoff(this.failures + 1);
    this.failures++;
    this.timer = this.options.runtime.clock.schedule(delay, () => {
      this.timer = undefined;
      this.read();
    });
  }

  private finish(): void {
    if (this.finished || !this.role || this.lanes.some((lane) => lane.size > 0)) return;
    this.finished = true;
    this.options.onClosed();
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
