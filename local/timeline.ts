import type { Clock } from './clock';
import type { DecidedBy } from './iam';

/** How a hop ended. */
export type Outcome = 'ok' | 'filtered' | 'duplicate' | 'denied' | 'throttled' | 'failed' | 'dead-lettered';

/** One step of an event's way, or anything else that happened in the runtime. */
export interface Hop {
  /** Position in the log, from 1. */
  readonly id: number;
  /** Runtime time, in epoch milliseconds. */
  readonly time: number;
  /** The hops that caused this one; none for what came from outside. */
  readonly parents: readonly number[];
  /** The AWS service's prefix as in IAM: `dynamodb`, `sqs`, `pipes`, `events`, `lambda`, `execute-api`. */
  readonly service: string;
  /** The operation as AWS names it (`PutItem`), or the runtime's own step (`filter`, `match`, `retry`, `redrive`). */
  readonly operation: string;
  /** ARN of what was acted on. */
  readonly resource: string;
  /** ARN of the role or user, or name of the service, that acted. */
  readonly principal?: string;
  /** The statements that allowed the call, one for each permission that it needed. */
  readonly allowedBy?: readonly DecidedBy[];
  readonly outcome: Outcome;
  /** One line for a person. */
  readonly summary: string;
  /** Payload and figures; shown on demand. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What a service reports; the timeline adds id and time. */
export type NewHop = Omit<Hop, 'id' | 'time' | 'parents' | 'outcome'> & {
  readonly parents?: readonly number[];
  /** @default ok */
  readonly outcome?: Outcome;
};

/** The one log of the runtime: tests wait on it, the terminal and the page show it. */
export class Timeline {
  private readonly kept: Hop[] = [];
  private readonly listeners = new Set<(hop: Hop) => void>();
  private nextId = 1;

  /**
   * @param clock stamps each hop
   * @param limit how many hops are kept; the oldest go first
   */
  constructor(
    private readonly clock: Clock,
    private readonly limit = 200_000,
  ) {}

  /** Appends a hop and returns its id, which later hops name as their parent. */
  record(hop: NewHop): number {
    const entry: Hop = { outcome: 'ok', ...hop, parents: hop.parents ?? [], id: this.nextId++, time: this.clock.now() };
    this.kept.push(entry);
    if (this.kept.length > this.limit * 1.1) this.kept.splice(0, this.kept.length - this.limit);
    for (const listener of this.listeners) listener(entry);
    return entry.id;
  }

  /** All hops kept, oldest first. */
  get hops(): readonly Hop[] {
    return this.kept;
  }

  /** The hop with this id, if it is still kept. */
  find(id: number): Hop | undefined {
    return this.kept[id - (this.kept[0]?.id ?? 0)];
  }

  /** The last `count` of the hops that came after the one with this id, oldest first. */
  after(id: number, count: number): Hop[] {
    const first = this.kept[0]?.id ?? 0;
    return this.kept.slice(Math.max(0, id + 1 - first, this.kept.length - count));
  }

  /** Calls `listener` for each hop from now on, until the returned function is called. */
  subscribe(listener: (hop: Hop) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The hop and all that it caused, oldest first. */
  descendants(id: number): Hop[] {
    const ids = new Set([id]);
    return this.after(id - 1, this.kept.length).filter((hop) => {
      if (hop.id === id) return true;
      if (!hop.parents.some((parent) => ids.has(parent))) return false;
      ids.add(hop.id);
      return true;
    });
  }
}
