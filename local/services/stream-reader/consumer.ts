import type { RolePrincipal } from '../../principal';
import type { Condition, SourceRecord } from './record';

/** How a stream is read, in the words that pipes and event source mappings share. */
export interface Reading {
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Most records of one batch. */
  readonly batchSize: number;
  /** Milliseconds that a batch may gather. */
  readonly window: number;
  /** Batches of one shard at the same time; records of one key stay in order. */
  readonly parallelizationFactor: number;
  /** Seconds after which a record is given up; -1: when the stream drops it. */
  readonly maximumRecordAge: number;
  /** -1: for ever. */
  readonly maximumRetryAttempts: number;
  /** Whether a failed batch is tried again in two parts. */
  readonly bisects: boolean;
}

/** What a consumer answered last. */
export interface Answer {
  readonly requestId: string;
  readonly functionError?: string;
}

/** How a batch failed. */
export interface BatchFailure {
  /** What is left to be delivered, in order. */
  readonly records: readonly SourceRecord[];
  /** Whether the failure counts against the maximum of retry attempts. */
  readonly counts: boolean;
  /** `CODE: message` */
  readonly reason: string;
  /** The consumer said from where on to try again: where batches are bisected, this one is bisected there. */
  readonly divided?: boolean;
  readonly answer?: Answer;
}

/** Records that were given up. */
export interface GivenUp {
  readonly records: readonly SourceRecord[];
  readonly condition: Condition;
  /** Deliveries that failed and counted. */
  readonly attempts: number;
  readonly answer?: Answer;
}

/**
 * What became of records that were not delivered: `sent` on, `refused` where they were sent on to, `dropped` since there is
 * no such place, `expired` in the stream.
 */
export type End = 'sent' | 'refused' | 'dropped' | 'expired';

/** Who reads a stream: a pipe or an event source mapping. */
export interface Consumer {
  /** As hops name it. */
  readonly service: 'pipes' | 'lambda';
  readonly arn: string;
  readonly name: string;
  /** ARN of the stream. */
  readonly stream: string;
  readonly reading: Reading;
  /** What the place for records given up is called, and whose it is. */
  readonly words: { readonly owner: string; readonly place: string };
  /** Whether the record is wanted. */
  matches(event: Readonly<Record<string, unknown>>): boolean;
  /** Notes that a record goes into a batch. @default its causes stay the batch's */
  begin?(record: SourceRecord, role: RolePrincipal): SourceRecord;
  /** How many of the first records fit in one batch, if not all. */
  fitting?(records: readonly SourceRecord[]): number;
  /** Delivers a batch; never throws. */
  process(records: readonly SourceRecord[], role: RolePrincipal): Promise<BatchFailure | undefined>;
  /**
   * Sends on what was given up. @default it is dropped
   *
   * @returns what was sent where, for a person
   * @throws AwsError as the place answers
   */
  sendOn?(given: GivenUp, role: RolePrincipal): Promise<string>;
  /** Told of each page read. */
  hasRead?(records: number, filteredOut: number): void;
  /** Told of records that were not delivered. */
  hasEnded?(records: readonly SourceRecord[], end: End): void;
}
