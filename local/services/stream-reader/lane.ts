import { toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Answer, BatchFailure, Consumer, End } from './consumer';
import { type Condition, type SourceRecord, backoff, count, isInternal, parentsOf } from './record';

/** How long a stream keeps its records, in milliseconds (DynamoDB developer guide, streams). */
const retention = 86_400_000;

/** What a lane works with. */
export interface LaneOptions {
  readonly runtime: Runtime;
  readonly consumer: Consumer;
  /** Called whenever a batch has left the lane. */
  readonly onRoom: () => void;
}

/** Records that go to the consumer together. */
interface Batch {
  readonly records: readonly SourceRecord[];
  /** Failed deliveries that count against the maximum of retry attempts. */
  readonly counted: number;
  /** Failed deliveries in all. */
  readonly failures: number;
  /** The consumer's last answer. */
  readonly answer?: Answer;
  /** Set once the records are given up and are to be sent on. */
  readonly condition?: Condition;
}

/** One ordered sequence of batches of a shard: the next batch waits until the one before is delivered or given up. */
export class Lane {
  private readonly queue: { readonly record: SourceRecord; readonly since: number }[] = [];
  /** Parts of a batch that was begun, first the next to be delivered. */
  private readonly work: Batch[] = [];
  private underWay = 0;
  private role: RolePrincipal | undefined;
  private timer: Timer | undefined;
  private busy = false;

  constructor(private readonly options: LaneOptions) {}

  /** Records taken in and not yet delivered or given up. */
  get size(): number {
    return this.queue.length + this.underWay + this.work.reduce((sum, batch) => sum + batch.records.length, 0);
  }

  /** Takes a record in; {@link wake} makes it go. */
  offer(record: SourceRecord): void {
    this.queue.push({ record, since: this.options.runtime.clock.now() });
  }

  start(role: RolePrincipal): void {
    this.role = role;
    this.wake();
  }

  /** Keeps what is not delivered for the next start. */
  stop(): void {
    this.role = undefined;
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** Delivers what is ready, unless a retry or the batching window is being waited for. */
  wake(): void {
    if (this.busy || !this.role || (this.timer && this.work.length > 0)) return;
    this.timer?.cancel();
    this.timer = undefined;
    this.busy = true;
    void this.options.runtime.track(this.drain());
  }

  private async drain(): Promise<void> {
    try {
      while (this.role && (this.work.length > 0 || this.gather(this.role))) {
        const batch = this.work.shift()!;
        this.underWay = batch.records.length;
        const delay = await this.advance(batch, this.role);
        this.underWay = 0;
        this.options.onRoom();
        if (delay > 0) return this.sleep(delay);
      }
    } finally {
      this.busy = false;
    }
  }

  private sleep(delay: number): void {
    if (!this.role) return;
    this.timer = this.options.runtime.clock.schedule(delay, () => {
      this.timer = undefined;
      this.wake();
    });
  }

  /** Forms the next batch if it is full or its window is over; else waits for the window. */
  private gather(role: RolePrincipal): boolean {
    const { consumer, runtime } = this.options;
    const { batchSize: size, window } = consumer.reading;
    const first = this.queue[0];
    if (!first) return false;
    const wait = first.since + window - runtime.clock.now();
    if (this.queue.length < size && wait > 0) {
      this.sleep(wait);
      return false;
    }
    const end = consumer.fitting?.(this.queue.slice(0, size).map(({ record }) => record)) ?? size;
    const records = this.queue.splice(0, end).map(({ record }) => consumer.begin?.(record, role) ?? record);
    this.work.push({ records, counted: 0, failures: 0 });
    return true;
  }

  /** Does the next thing with a batch; what is left of it goes to the front of the work. Answers how long to wait. */
  private async advance(batch: Batch, role: RolePrincipal): Promise<number> {
    if (batch.condition) return this.giveUp(batch, batch.condition, role);
    const { consumer, runtime } = this.options;
    const { maximumRecordAge: age } = consumer.reading;
    const expires = age === -1 || age * 1000 > retention;
    const limit = expires ? retention : age * 1000;
    const old = batch.records.filter((record) => runtime.clock.now() - record.time > limit);
    if (old.length > 0) {
      const young = batch.records.filter((record) => !old.includes(record));
      if (young.length > 0) this.work.unshift({ ...batch, records: young });
      if (expires) this.drop(old, 'expired', 'the stream keeps records for 24 hours only');
      else this.work.unshift({ ...batch, records: old, condition: 'RecordAgeExceeded' });
      return 0;
    }
    const failure = await consumer.process(batch.records, role);
    return failure ? this.fail(batch, failure) : 0;
  }

  private fail(batch: Batch, failure: BatchFailure): number {
    const { maximumRetryAttempts: maximum, bisects } = this.options.consumer.reading;
    const { records, counts, reason, answer = batch.answer } = failure;
    const next: Batch = {
      records,
      counted: batch.counted + (counts ? 1 : 0),
      failures: batch.failures + 1,
      ...(answer && { answer }),
    };
    if (counts && bisects && failure.divided) return this.divide({ ...next, counted: batch.counted }, reason);
    if (counts && bisects && records.length > 1) return this.bisect(next, reason);
    if (maximum !== -1 && next.counted > maximum) {
      this.work.unshift({ ...next, condition: 'RetryAttemptsExhausted' });
      return 0;
    }
    const delay = backoff(next.failures);
    const attempt = counts ? `retry ${next.counted}${maximum === -1 ? '' : ` of ${maximum}`}` : 'retry, not counted';
    this.record('retry', records, 'failed', `${attempt} of ${count(records)} in ${delay / 1000} s: ${reason}`);
    this.work.unshift(next);
    return delay;
  }

  /** Tries again at once from where the consumer said. That is no retry. */
  private divide(rest: Batch, reason: string): number {
    this.work.unshift(rest);
    this.record(
      'bisect',
      rest.records,
      'failed',
      `tried again from the first failed, ${count(rest.records)}: ${reason}`,
    );
    return 0;
  }

  /** Splitting does not count as a retry, so each half begins anew. */
  private bisect({ records, answer }: Batch, reason: string): number {
    const middle = Math.ceil(records.length / 2);
    const anew = { counted: 0, failures: 0, ...(answer && { answer }) };
    this.work.unshift({ ...anew, records: records.slice(0, middle) }, { ...anew, records: records.slice(middle) });
    const parts = `${middle} and ${records.length - middle}`;
    this.record('bisect', records, 'failed', `${count(records)} failed, tried again as ${parts}: ${reason}`);
    return 0;
  }

  private async giveUp(batch: Batch, condition: Condition, role: RolePrincipal): Promise<number> {
    const { runtime, consumer } = this.options;
    const { records, answer } = batch;
    const { owner, place } = consumer.words;
    if (!consumer.sendOn) {
      this.drop(records, 'dropped', `${condition}, and the ${owner} has no ${place}`);
      return 0;
    }
    try {
      const given = { records, condition, attempts: batch.counted, ...(answer && { answer }) };
      const sent = await consumer.sendOn(given, role);
      this.record('dead-letter', records, 'dead-lettered', `${count(records)} given up (${condition}): ${sent}`);
      consumer.hasEnded?.(records, 'sent');
    } catch (thrown) {
      const error = toAwsError(thrown);
      if (isInternal(error) && runtime.clock.now() - records[0]!.time < retention) {
        this.work.unshift({ ...batch, failures: batch.failures + 1 });
        return backoff(batch.failures);
      }
      this.drop(records, 'refused', `${condition}, and the ${place} refused: ${error.code}: ${error.message}`);
    }
    return 0;
  }

  private drop(records: readonly SourceRecord[], end: End, reason: string): void {
    this.record('dead-letter', records, 'failed', `${count(records)} dropped: ${reason}`);
    this.options.consumer.hasEnded?.(records, end);
  }

  private record(
    operation: string,
    records: readonly SourceRecord[],
    outcome: 'failed' | 'dead-lettered',
    what: string,
  ): void {
    const { role } = this;
    const { runtime, consumer } = this.options;
    runtime.timeline.record({
      service: consumer.service,
      operation,
      resource: consumer.arn,
      ...(role && { principal: role.arn }),
      parents: parentsOf(records),
      outcome,
      summary: `${consumer.name}: ${what}`,
      data: { sequenceNumbers: records.map((record) => record.sequenceNumber) },
    });
  }
}
