import type { AwsError } from '../../aws-error';

/** One record of a stream on its way to a consumer. */
export interface SourceRecord {
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

/** Why records were given up, as AWS names it in what it tells of them. */
export type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** Throttles and what went wrong inside AWS: retried without being counted. */
export function isInternal(error: AwsError): boolean {
  return error.status >= 500 || isThrottle(error);
}

/** Whether the service asked to slow down. */
export function isThrottle(error: AwsError): boolean {
  return /Throttl|TooManyRequests|RequestLimitExceeded|ThroughputExceeded/.test(error.code);
}

/** Milliseconds before the next try: 1 s doubled per failure, 60 s at most. AWS documents no figures. */
export function backoff(failures: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.min(failures - 1, 6));
}

/** All hops that caused the records. */
export function parentsOf(records: readonly SourceRecord[]): number[] {
  return [...new Set(records.flatMap((record) => record.parents))];
}

/** `1 record`, `3 records` */
export function count(records: readonly unknown[]): string {
  return `${records.length} record${records.length === 1 ? '' : 's'}`;
}

/** Which part of a stream was given up: the member `DDBStreamBatchInfo` of what a dead-letter queue or destination gets. */
export function batchInfo(stream: string, records: readonly SourceRecord[]) {
  const [first, last] = [records[0]!, records.at(-1)!];
  return {
    shardId: first.shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: new Date(first.time).toISOString(),
    approximateArrivalOfLastRecord: new Date(last.time).toISOString(),
    batchSize: records.length,
    streamArn: stream,
  };
}
