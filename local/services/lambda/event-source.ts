import type { RolePrincipal } from '../../principal';
import type { Reading } from '../stream-reader/consumer';
import type { LambdaFunction } from './functions';

/** An event source mapping. */
export interface Mapping {
  readonly uuid: string;
  readonly arn: string;
  /** `stack/aws_lambda_event_source_mapping.name` */
  readonly address: string;
  readonly target: LambdaFunction;
  readonly sourceArn: string;
  /** Most records of one invocation. */
  readonly batchSize: number;
  /** Milliseconds that a batch may gather. */
  readonly window: number;
  /** Invocations at the same time, if limited. */
  readonly maximumConcurrency?: number;
  /** How a stream is read; not for queues. */
  readonly reading?: Reading;
  /** ARN where records of a stream go that failed for good. */
  readonly onFailure?: string;
  readonly reportsFailures: boolean;
  /** Filters, any of which a record must fit; none lets all pass. */
  readonly filters: readonly ((record: Readonly<Record<string, unknown>>) => boolean)[];
  readonly counts: boolean;
  enabled: boolean;
  /** Epoch milliseconds. */
  modified: number;
  /** As the API tells it; streams only. */
  lastResult?: string;
}

/** Where the records of a mapping come from, and when they count as done. */
export interface EventSource {
  /**
   * Checks what AWS checks when a mapping is made.
   *
   * @throws Error with what was wrong and what to do
   */
  check(principal: RolePrincipal): Promise<void>;
  /** Begins to poll with a session of the function's role. */
  start(principal: RolePrincipal): void | Promise<void>;
  /** Takes no further records; invocations under way end. */
  stop(): void;
}
