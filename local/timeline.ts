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
  /** Payload and figures; shown on demand. Of a large one that is old only `dropped` is kept. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Characters of `data` that are not kept any more. */
  readonly dropped?: number;
}

/** What a service reports; the timeline adds id and time. */
export type NewHop = Omit<Hop, 'id' | 'time' | 'parents' | 'outcome' | 'dropped'> & {
  readonly parents?: readonly number[];
  /** @default ok */
  readonly outcome?: Outcome;
};

/** How much a timeline keeps; the oldest goes first. */
export interface TimelineLimits {
  /** Hops. @default 200,000 */
  readonly hops?: number;
  /** Characters of large payloads, each of one or two bytes; their hops stay. @default 67,108,864 (64 Mi) */
  readonly payload?: number;
}

/** Characters up to which the data of a hop is small: it stays as long as the hop. */
const smallPayload = 1024;

/** The one log of the runtime: tests wait on it, the terminal and the page show it. */
export class Timeline {
  private readonly kept: Hop[] = [];
  /** Sizes of large payloads by the ids of their hops, oldest first. */
  private readonly large = new Map<number, number>();
  private payload = 0;
  private readonly limits: Required<TimelineLimits>;
  private readonly listeners = new Set<(hop: Hop) => void>();
  private nextId = 1;

  /** @param clock stamps each hop */
  constructor(
    private readonly clock: Clock,
    limits: TimelineLimits = {},
  ) {
    this.limits = { hops: 200_000, payload: 67_108_864, ...limits };
  }

  /** Appends a hop and returns its id, which later hops name as their parent. */
  record(hop: NewHop): number {
    const entry: Hop = { outcome: 'ok', ...hop, parents: hop.parents ?? [], id: this.nextId++, time: this.clock.now() };
    this.kept.push(entry);
    const { hops } = this.limits;
    if (this.kept.length > hops * 1.1) this.kept.splice(0, this.kept.length - hops);
    if (hop.data) this.weigh(entry.id, sizeOf(hop.data));
    for (const listener of this.listeners) listener(entry);
    return entry.id;
  }

  /** Counts a payload, and lets go of the oldest large ones where there are too many. */
  private weigh(id: number, size: number): void {
    if (size <= smallPayload) return;
    this.large.set(id, size);
    this.payload += size;
    for (const [old, dropped] of this.large) {
      if (this.payload <= this.limits.payload) return;
      this.large.delete(old);
      this.payload -= dropped;
      const hop = this.find(old);
      if (!hop) continue;
      const { data: _data, ...rest } = hop;
      this.kept[old - this.kept[0]!.id] = { ...rest, dropped };
    }
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

/** Characters in a value, about as many as its JSON text has. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 0;
  if (Array.isArray(value)) for (const inner of value) size += sizeOf(inner);
  else for (const name in value) size += name.length + sizeOf((value as Readonly<Record<string, unknown>>)[name]);
  return size;
}
