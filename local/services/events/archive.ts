import type { Clock } from '../../clock';
import type { Matcher } from '../event-pattern';
import type { BusEvent } from './entry';

/** What an archive is made of. */
export interface ArchiveSettings {
  readonly name: string;
  readonly arn: string;
  /** ARN of the bus whose events it keeps. */
  readonly source: string;
  readonly description: string | undefined;
  /** Days that an event is kept; 0 is for ever. */
  readonly retentionDays: number;
  readonly pattern: string | undefined;
  readonly matches: Matcher | undefined;
}

/** An event in an archive. */
export interface Kept {
  readonly event: BusEvent;
  /** The hop of its way to the bus. */
  readonly hop: number;
}

interface Stored extends Kept {
  /** When it came into the archive. */
  readonly time: number;
  readonly size: number;
}

const day = 86_400_000;

/** Keeps events of a bus in memory: the newest 10,000 at most, each as long as the archive says. */
export class Archive {
  /** Epoch milliseconds. */
  readonly created: number;
  private kept: Stored[] = [];

  constructor(
    readonly settings: ArchiveSettings,
    private readonly clock: Clock,
    private readonly limit = 10_000,
  ) {
    this.created = clock.now();
  }

  /**
   * Keeps the event if it is of the archive's bus and fits its pattern.
   *
   * @param size of the event as JSON, in bytes
   * @param hop of its way to the bus
   */
  keep(bus: string, event: BusEvent, size: number, hop: number): void {
    const { source, matches } = this.settings;
    if (bus !== source || matches?.(event) === false) return;
    this.kept.push({ time: this.clock.now(), size, event, hop });
    if (this.kept.length > this.limit * 1.1) this.kept = this.kept.slice(-this.limit);
  }

  /** How many events are kept now. */
  get count(): number {
    return this.current.length;
  }

  /**
   * The events that are kept now, by the time that they carry.
   *
   * @param from epoch milliseconds
   * @param to epoch milliseconds; events of this very time are left out
   */
  between(from: number, to: number): readonly Kept[] {
    return this.current.filter(({ event }) => Date.parse(event.time) >= from && Date.parse(event.time) < to);
  }

  /** Size of the events that are kept now, in bytes. */
  get size(): number {
    return this.current.reduce((sum, { size }) => sum + size, 0);
  }

  private get current(): readonly Stored[] {
    const { retentionDays } = this.settings;
    if (retentionDays > 0) {
      const oldest = this.clock.now() - retentionDays * day;
      this.kept = this.kept.filter(({ time }) => time > oldest);
    }
    return this.kept.slice(-this.limit);
  }
}
