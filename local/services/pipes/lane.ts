import { toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { StreamParameters } from './arguments';
import { type Condition, sendDeadLetter } from './dead-letter';
import { type Execute, type Failure, type Pipe, type PipeRecord, backoff, count, isInternal, parentsOf } from './pipe';

/** How long a stream keeps its records, in milliseconds (DynamoDB developer guide, streams). */
const retention = 86_400_000;

/** What a lane works with. */
export interface LaneOptions {
  readonly runtime: Runtime;
  readonly pipe: Pipe;
  readonly parameters: StreamParameters;
  readonly execute: Execute;
  /** Called whenever a batch has left the lane. */
  readonly onRoom: () => void;
}

/** Records that go to the target together. */
interface Batch {
  readonly records: readonly PipeRecord[];
  /** Failed deliveries that count against the maximum of retry attempts. */
  readonly counted: number;
  /** Failed deliveries in all. */
  readonly failures: number;
  /** Set once the records are given up and wait for the dead-letter queue. */
  readonly condition?: Condition;
}

/** One ordered sequence of batches of a shard: the next batch waits until the one before is delivered or given up. */
export class Lane {
  private readonly queue: { readonly record: PipeRecord; readonly since: number }[] = [];
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
  offer(record: PipeRecord): void {
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
      while (this.role && (this.work.length > 0 || this.gather())) {
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
  private gather(): boolean {
    const { batch_size: size, maximum_batching_window_in_seconds: window } = this.options.parameters;
    const first = this.queue[0];
    if (!first) return false;
    const wait = first.since + window * 1000 - this.options.runtime.clock.now();
    if (this.queue.length < size && wait > 0) {
      this.sleep(wait);
      return false;
    }
    const records = this.queue.splice(0, size).map(({ record }) => this.mark(record));
    this.work.push({ records, counted: 0, failures: 0 });
    return true;
  }

  private mark(record: PipeRecord): PipeRecord {
    const { runtime, pipe } = this.options;
    const hop = runtime.timeline.record({
      service: 'pipes',
      operation: 'batch',
      resource: pipe.arn,
      principal: this.role!.arn,
      parents: record.parents,
      summary: `${pipe.name} takes ${String(record.event['eventName'])} to ${pipe.arguments.target.split('/').at(-1)!}`,
      data: { eventID: record.event['eventID'], sequenceNumber: record.sequenceNumber },
    });
    return { ...record, parents: [hop] };
  }

  /** Does the next thing with a batch; what is left of it goes to the front of the work. Answers how long to wait. */
  private async advance(batch: Batch, role: RolePrincipal): Promise<number> {
    if (batch.condition) return this.giveUp(batch, batch.condition, role);
    const { maximum_record_age_in_seconds: age } = this.options.parameters;
    const expires = age === -1 || age * 1000 > retention;
    const limit = expires ? retention : age * 1000;
    const old = batch.records.filter((record) => this.options.runtime.clock.now() - record.time > limit);
    if (old.length > 0) {
      const young = batch.records.filter((record) => !old.includes(record));
      if (young.length > 0) this.work.unshift({ ...batch, records: young });
      if (expires) this.drop(old, 'the stream keeps records for 24 hours only');
      else this.work.unshift({ ...batch, records: old, condition: 'RecordAgeExceeded' });
      return 0;
    }
    const failures = await this.options.execute(batch.records, role);
    return failures.length === 0 ? 0 : this.fail(batch, failures, role);
  }

  private fail(batch: Batch, failures: readonly Failure[], role: RolePrincipal): number {
    const { maximum_retry_attempts: maximum, on_partial_batch_item_failure: bisect } = this.options.parameters;
    const failed = new Set(failures.map(({ record }) => record));
    const records = batch.records.filter((record) => failed.has(record));
    const counts = failures.some(({ error }) => !isInternal(error));
    const next: Batch = { records, counted: batch.counted + (counts ? 1 : 0), failures: batch.failures + 1 };
    const { error } = failures.find((failure) => !isInternal(failure.error)) ?? failures[0]!;
    if (counts && bisect && records.length > 1) return this.bisect(records, `${error.code}: ${error.message}`, role);
    if (maximum !== -1 && next.counted > maximum) {
      this.work.unshift({ ...next, condition: 'RetryAttemptsExhausted' });
      return 0;
    }
    const delay = backoff(next.failures);
    const attempt = counts ? `retry ${next.counted}${maximum === -1 ? '' : ` of ${maximum}`}` : 'retry, not counted';
    this.record(
      'retry',
      records,
      role,
      'failed',
      `${attempt} of ${count(records)} in ${delay / 1000} s: ${error.code}: ${error.message}`,
    );
    this.work.unshift(next);
    return delay;
  }

  /** Splitting does not count as a retry, so each half begins anew. */
  private bisect(records: readonly PipeRecord[], reason: string, role: RolePrincipal): number {
    const middle = Math.ceil(records.length / 2);
    const halves = [records.slice(0, middle), records.slice(middle)];
    this.work.unshift(...halves.map((half) => ({ records: half, counted: 0, failures: 0 })));
    this.record(
      'bisect',
      records,
      role,
      'failed',
      `${count(records)} failed, tried again as ${middle} and ${records.length - middle}: ${reason}`,
    );
    return 0;
  }

  private async giveUp(batch: Batch, condition: Condition, role: RolePrincipal): Promise<number> {
    const { runtime, pipe, parameters } = this.options;
    const { records } = batch;
    const queue = parameters.dead_letter_config?.arn;
    if (!queue) {
      this.drop(records, `${condition}, and the pipe has no dead-letter queue`);
      return 0;
    }
    try {
      await sendDeadLetter(runtime, pipe, role, queue, records, condition);
      this.record(
        'dead-letter',
        records,
        role,
        'dead-lettered',
        `${count(records)} given up (${condition}): metadata sent to ${queue.split(':').at(-1)!}`,
      );
    } catch (thrown) {
      const error = toAwsError(thrown);
      if (isInternal(error) && runtime.clock.now() - records[0]!.time < retention) {
        this.work.unshift({ ...batch, failures: batch.failures + 1 });
        return backoff(batch.failures);
      }
      this.drop(records, `${condition}, and the dead-letter queue refused: ${error.code}: ${error.message}`);
    }
    return 0;
  }

  private drop(records: readonly PipeRecord[], reason: string): void {
    this.record('dead-letter', records, this.role, 'failed', `${count(records)} dropped: ${reason}`);
  }

  private record(
    operation: string,
    records: readonly PipeRecord[],
    role: RolePrincipal | undefined,
    outcome: 'failed' | 'dead-lettered',
    what: string,
  ): void {
    const { runtime, pipe } = this.options;
    runtime.timeline.record({
      service: 'pipes',
      operation,
      resource: pipe.arn,
      ...(role && { principal: role.arn }),
      parents: parentsOf(records),
      outcome,
      summary: `${pipe.name}: ${what}`,
      data: { sequenceNumbers: records.map((record) => record.sequenceNumber) },
    });
  }
}
