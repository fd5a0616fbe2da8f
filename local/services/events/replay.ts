import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import type { Archive, Kept } from './archive';
import type { Bus } from './buses';
import type { Deliver } from './delivery';
import type { BusEvent } from './entry';
import { route } from './route';
import { servicePrincipal } from './steps';

/** What StartReplay is asked for. */
export interface ReplayOrder {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly archive: Archive;
  readonly bus: Bus;
  /** ARNs of the rules that get the events. @default all of the bus */
  readonly rules: readonly string[] | undefined;
  /** Epoch milliseconds; events of this very time are replayed. */
  readonly from: number;
  /** Epoch milliseconds; events of this very time are not replayed. */
  readonly to: number;
  /** The hop of StartReplay. */
  readonly hop: number;
}

/** FAILED is AWS's as well, and never seen here: neither archives nor buses can go while the runtime runs. */
export const replayStates = ['STARTING', 'RUNNING', 'CANCELLING', 'COMPLETED', 'CANCELLED', 'FAILED'] as const;

/** How far a replay is. */
export type ReplayState = (typeof replayStates)[number];

/** Milliseconds: a minute of events is replayed at once, before the next one (user guide, eb-replay-archived-event). */
const interval = 60_000;

/** Milliseconds from StartReplay to the first events, and from CancelReplay to the end: AWS names no figure. */
const pauseAtEnds = 1000;

/** Milliseconds between two intervals that have events: AWS names no figure; empty intervals take no time here. */
const pauseBetween = 100;

/**
 * Puts events of an archive on its bus again, oldest minute first, in no order within a minute.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
export class Replay {
  state: ReplayState = 'STARTING';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  endedAt: number | undefined;
  /** Time that the last replayed event carries, in epoch milliseconds. */
  lastEvent: number | undefined;
  private replayed = 0;
  private timer: Timer;

  constructor(
    private readonly runtime: Runtime,
    readonly order: ReplayOrder,
    private readonly deliver: Deliver,
  ) {
    this.startedAt = runtime.clock.now();
    this.timer = runtime.clock.schedule(pauseAtEnds, () => this.run());
  }

  /** Whether events may still come of it. */
  get isActive(): boolean {
    return this.endedAt === undefined;
  }

  /** Ends the replay a little later; what was replayed stays replayed. */
  cancel(): void {
    this.timer.cancel();
    this.state = 'CANCELLING';
    this.timer = this.runtime.clock.schedule(pauseAtEnds, () => this.end('CANCELLED'));
  }

  /** Ends the timer only: the runtime stops. */
  stop(): void {
    this.timer.cancel();
  }

  private run(): void {
    const { archive, from, to } = this.order;
    this.state = 'RUNNING';
    const byInterval = new Map<number, Kept[]>();
    for (const kept of archive.between(from, to)) {
      const start = Math.floor(timeOf(kept.event) / interval);
      const events = byInterval.get(start) ?? [];
      events.push(kept);
      byInterval.set(start, events);
    }
    this.next([...byInterval].sort(([a], [b]) => a - b).map(([, events]) => events));
  }

  private next([events, ...later]: readonly Kept[][]): void {
    if (!events) return this.end('COMPLETED');
    const { rules } = this.order;
    const only = rules && new Set(rules);
    const shuffled = this.runtime.random.shuffle(events);
    this.deliver(shuffled.flatMap((kept) => route(this.runtime, this.accept(kept), only)));
    this.replayed += events.length;
    this.lastEvent = Math.max(...events.map(({ event }) => timeOf(event)));
    this.timer = this.runtime.clock.schedule(pauseBetween, () => this.next(later));
  }

  private accept({ event: archived, hop: original }: Kept) {
    const { name, bus, hop: start } = this.order;
    const event = withReplayName(archived, name);
    const hop = this.runtime.timeline.record({
      service: 'events',
      operation: 'replay',
      resource: bus.arn,
      principal: servicePrincipal,
      parents: [start, original],
      summary: `${event['detail-type']} from ${event.source} by ${name}`,
      data: { event },
    });
    return { bus, event, hop };
  }

  private end(state: 'COMPLETED' | 'CANCELLED'): void {
    const { name, archive, hop } = this.order;
    this.state = state;
    this.endedAt = this.runtime.clock.now();
    const events = `${this.replayed} ${this.replayed === 1 ? 'event' : 'events'}`;
    this.runtime.timeline.record({
      service: 'events',
      operation: 'replay-end',
      resource: archive.settings.arn,
      principal: servicePrincipal,
      parents: [hop],
      summary: `${name} ${state.toLowerCase()}: ${events} of ${archive.settings.name} replayed`,
    });
  }
}

const timeOf = ({ time }: BusEvent) => Date.parse(time);

/** The name stands where AWS writes it. */
function withReplayName({ resources, detail, ...head }: BusEvent, name: string): BusEvent {
  return { ...head, 'replay-name': name, resources, detail };
}
