import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';

/** What a log group keeps here at most; beyond it the oldest events go. A limit of the local runtime, not of AWS. */
const maximumEvents = 100_000;
const maximumBytes = 64 * 1024 * 1024;

const day = 86_400_000;

/** A line of a log. Times are epoch milliseconds. */
export interface LogEvent {
  /** Rises with every event ingested. */
  readonly id: number;
  readonly stream: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** A log stream. Times are epoch milliseconds. */
export interface LogStream {
  readonly name: string;
  readonly arn: string;
  readonly creationTime: number;
  firstEvent?: number;
  lastEvent?: number;
  lastIngestion?: number;
}

/** What a log group is made with. */
export interface LogGroupSettings {
  readonly name: string;
  /** Days; 0 keeps events for ever. */
  readonly retention: number;
  /** ARN of the KMS key. */
  readonly key?: string;
}

/** A log group: its streams, and its events by time. */
export class LogGroup {
  readonly arn: string;
  readonly creationTime: number;
  readonly streams = new Map<string, LogStream>();
  private readonly kept: LogEvent[] = [];
  private bytes = 0;

  constructor(
    private readonly runtime: Runtime,
    readonly settings: LogGroupSettings,
  ) {
    this.arn = runtime.arn('logs', `log-group:${settings.name}`);
    this.creationTime = runtime.clock.now();
  }

  /** Epoch milliseconds before which events are gone. */
  get horizon(): number {
    return this.settings.retention === 0 ? -Infinity : this.runtime.clock.now() - this.settings.retention * day;
  }

  /** All events still kept, oldest first; within a millisecond in the order they came. */
  get events(): readonly LogEvent[] {
    this.expire();
    return this.kept;
  }

  /** Bytes of the messages kept. */
  get storedBytes(): number {
    this.expire();
    return this.bytes;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  stream(name: string): LogStream {
    const stream = this.streams.get(name);
    if (!stream) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    return stream;
  }

  /** @throws AwsError `ResourceAlreadyExistsException` */
  addStream(name: string): LogStream {
    if (this.streams.has(name))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    const stream = { name, arn: `${this.arn}:log-stream:${name}`, creationTime: this.runtime.clock.now() };
    this.streams.set(name, stream);
    return stream;
  }

  /** Adds one event in its place by time. */
  add(event: LogEvent): void {
    const place = this.placeAfter(event.timestamp);
    if (place === this.kept.length) this.kept.push(event);
    else this.kept.splice(place, 0, event);
    this.bytes += Buffer.byteLength(event.message);
    const stream = this.stream(event.stream);
    stream.firstEvent = Math.min(stream.firstEvent ?? Infinity, event.timestamp);
    stream.lastEvent = Math.max(stream.lastEvent ?? 0, event.timestamp);
    stream.lastIngestion = event.ingestionTime;
    if (this.kept.length > maximumEvents * 1.1 || this.bytes > maximumBytes * 1.1) this.shrink();
  }

  /** Position behind all events up to a time. */
  private placeAfter(timestamp: number): number {
    let low = 0;
    let high = this.kept.length;
    if (high === 0 || this.kept[high - 1]!.timestamp <= timestamp) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.kept[middle]!.timestamp <= timestamp) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private shrink(): void {
    let bytes = this.bytes;
    let count = 0;
    while (this.kept.length - count > maximumEvents || (bytes > maximumBytes && count < this.kept.length - 1)) {
      bytes -= Buffer.byteLength(this.kept[count]!.message);
      count++;
    }
    this.forget(count);
  }

  private expire(): void {
    if (this.settings.retention > 0) this.forget(this.placeAfter(this.horizon - 1));
  }

  private forget(count: number): void {
    if (count === 0) return;
    for (const event of this.kept.splice(0, count)) this.bytes -= Buffer.byteLength(event.message);
  }
}

/** The log groups of the account. */
export class LogGroups {
  private readonly byName = new Map<string, LogGroup>();
  private nextEvent = 1;

  constructor(readonly runtime: Runtime) {}

  /** All groups, by name. */
  list(): LogGroup[] {
    return [...this.byName.values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
  }

  /** @throws AwsError `ResourceAlreadyExistsException` */
  add(settings: LogGroupSettings): LogGroup {
    if (this.byName.has(settings.name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    const group = new LogGroup(this.runtime, settings);
    this.byName.set(settings.name, group);
    return group;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  find(name: string): LogGroup {
    const group = this.byName.get(name);
    if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  /** The next event's id. */
  eventId(): number {
    return this.nextEvent++;
  }

  /** The ARN that IAM is asked about: of the stream, or with an empty stream for the group itself. */
  resource(group: string, stream = ''): string {
    return this.runtime.arn('logs', `log-group:${group}:log-stream:${stream}`);
  }
}
