import type { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { PipeArguments } from './arguments';

/** A pipe as Terraform declares it. */
export interface Pipe {
  readonly name: string;
  readonly arn: string;
  readonly arguments: PipeArguments;
}

/** A record of the source, or an event that the enrichment made, on its way through a pipe. */
export interface PipeEvent {
  /** As filters, enrichment and target see it. */
  readonly event: unknown;
  /** The hops that caused it. */
  readonly parents: readonly number[];
}

/** An event that the target did not take. */
export interface Failure<E extends PipeEvent = PipeEvent> {
  readonly record: E;
  readonly error: AwsError;
}

/** A call to an enrichment or target, for the log. */
export interface Exchange {
  /** As the API was asked. */
  readonly request: unknown;
  /** As it answered; none if it refused the whole request. */
  readonly response?: unknown;
}

/** What became of a batch at its target. */
export interface Delivery extends Exchange {
  readonly failures: readonly Failure[];
}

/** Where a pipe's events go. */
export interface Target {
  /** IAM prefix of the service. */
  readonly service: string;
  /** Most events of one batch. @default the service bounds their size, not their number */
  readonly maximumBatch?: number;
  /** Never throws: what is not delivered is in `failures`. */
  send(events: readonly PipeEvent[], role: RolePrincipal): Promise<Delivery>;
}

/** What became of a batch at its enrichment: events for the target, or why there are none. */
export type Enriched = Exchange & ({ readonly events: readonly PipeEvent[] } | { readonly error: AwsError });

/** Makes events of records. */
export interface Enrichment {
  /** IAM prefix of the service. */
  readonly service: string;
  /** Never throws. */
  enrich(records: readonly PipeEvent[], role: RolePrincipal): Promise<Enriched>;
}

/** Takes one batch through enrichment and target, with logs and metrics; answers which records failed. */
export type Execute = <E extends PipeEvent>(
  records: readonly E[],
  role: RolePrincipal,
) => Promise<readonly Failure<E>[]>;

/** Where a pipe's records come from. */
export interface Source {
  /**
   * Checks what AWS checks when a pipe is made. @default nothing until the pipe starts
   *
   * @throws Error with what was wrong
   */
  check?(role: RolePrincipal): Promise<void>;
  /**
   * Begins to read, or goes on where it stopped.
   *
   * @throws AwsError if the role may not read
   */
  start(role: RolePrincipal): void | Promise<void>;
  /** Takes up no further batch; what is under way is finished. */
  stop(): void;
}

/** All hops that caused the events. */
export function causes(events: readonly PipeEvent[]): number[] {
  return [...new Set(events.flatMap(({ parents }) => parents))];
}
