import type { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { SourceRecord } from '../stream-reader/record';
import type { PipeArguments } from './arguments';

/** A pipe as Terraform declares it. */
export interface Pipe {
  readonly name: string;
  readonly arn: string;
  readonly arguments: PipeArguments;
}

/** A record that the target did not take. */
export interface Failure {
  readonly record: SourceRecord;
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
  send(records: readonly SourceRecord[], role: RolePrincipal): Promise<Delivery>;
}

/** Gives one batch to the target, with logs and metrics; answers what failed. */
export type Execute = (records: readonly SourceRecord[], role: RolePrincipal) => Promise<readonly Failure[]>;
