import type { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { PipeArguments } from './arguments';

/** A pipe as Terraform declares it. */
export interface Pipe {
  readonly name: string;
  readonly arn: string;
  readonly arguments: PipeArguments;
}

/** One record on its way through a pipe. */
export interface PipeRecord {
  /** The record as filters and target see it. */
  readonly event: Readonly<Record<string, unknown>>;
  /** When the source took it, in epoch milliseconds. */
  readonly time: number;
  /** Records with one key keep their order. */
  readonly key: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** The hops that caused it. */
  readonly parents: readonly number[];
}

/** A record that the target did not take. */
export interface Failure {
  readonly record: PipeRecord;
  readonly error: AwsError;
}

/** What became of a batch at its target. */
export interface Delivery {
  readonly failures: readonly Failure[];
  /** As the target's API was asked, for the log. */
  readonly request: unknown;
  /** As it answered; none if it refused the whole request. */
  readonly response?: unknown;
}

/** Where a pipe's records go. */
export interface Target {
  /** IAM prefix of the service. */
  readonly service: string;
  /** Never throws: what is not delivered is in `failures`. */
  send(records: readonly PipeRecord[], role: RolePrincipal): Promise<Delivery>;
}

/** Where a pipe's records come from. Reads, filters, batches, retries; gives batches to an executor. */
export interface Source {
  /**
   * Begins to read, or goes on where it stopped.
   *
   * @throws AwsError if the role may not read
   */
  start(role: RolePrincipal): Promise<void>;
  /** Takes up no further batch; what is under way is finished. */
  stop(): void;
}

/** Gives one batch to the target, with logs and metrics; answers what failed. */
export type Execute = (records: readonly PipeRecord[], role: RolePrincipal) => Promise<readonly Failure[]>;

/** Throttles and what went wrong inside AWS: retried without being counted (EventBridge Pipes user guide, error handling). */
export function isInternal(error: AwsError): boolean {
  return error.status >= 500 || isThrottle(error);
}

/** Whether the target asked to slow down. */
export function isThrottle(error: AwsError): boolean {
  return /Throttl|TooManyRequests|RequestLimitExceeded|ThroughputExceeded/.test(error.code);
}

/** Milliseconds before the next try: 1 s doubled per failure, 60 s at most. The service documents no figures. */
export function backoff(failures: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.min(failures - 1, 6));
}

/** All hops that caused the records. */
export function parentsOf(records: readonly PipeRecord[]): number[] {
  return [...new Set(records.flatMap((record) => record.parents))];
}

/** `1 record`, `3 records` */
export function count(records: readonly unknown[]): string {
  return `${records.length} record${records.length === 1 ? '' : 's'}`;
}
