import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** PutLogEvents takes so many events and bytes, 26 of them overhead of each event. Source: CloudWatch Logs API reference. */
const maximumEvents = 10_000;
const maximumBytes = 1_048_576;
const overhead = 26;

/** A longer message is cut. Source: CloudWatch Logs quotas, event size. */
const maximumMessage = maximumBytes - overhead;

function batches(events: readonly LogEvent[]): LogEvent[][] {
  const result: LogEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const message =
      event.message.length > maximumMessage / 4
        ? Buffer.from(event.message).subarray(0, maximumMessage).toString()
        : event.message;
    const size = Buffer.byteLength(message) + overhead;
    const last = result.at(-1);
    if (!last || last.length === maximumEvents || bytes + size > maximumBytes) {
      result.push([{ ...event, message }]);
      bytes = size;
    } else {
      last.push({ ...event, message });
      bytes += size;
    }
  }
  return result;
}

/**
 * Writes the lines of one sandbox to its log stream, with the rights of the function's role.
 * What is not allowed or fails is lost, as on AWS; the runtime has recorded why.
 */
export class LogWriter {
  private pending: LogEvent[] = [];
  private written: Promise<void> = Promise.resolve();
  private stream: 'missing' | 'made' | 'denied' = 'missing';
  private latest = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly principal: RolePrincipal,
    private readonly group: string,
    private readonly name: string,
  ) {}

  /** Takes a line; time never runs back within a stream. */
  add(timestamp: number, message: string): void {
    this.latest = Math.max(this.latest, timestamp);
    this.pending.push({ timestamp: this.latest, message });
  }

  /** The lines not yet flushed. */
  get lines(): readonly string[] {
    return this.pending.map((event) => event.message);
  }

  /** Sends what was added, in order, without anybody waiting for it. */
  flush(parents: readonly number[]): void {
    const events = this.pending;
    this.pending = [];
    if (events.length === 0 || this.stream === 'denied') return;
    this.written = this.runtime.track(this.written.then(async () => this.send(events, parents)));
  }

  private async send(events: readonly LogEvent[], parents: readonly number[]): Promise<void> {
    if (this.stream !== 'made' && !(await this.createStream(parents))) return;
    for (const logEvents of batches(events)) {
      await this.attempt('PutLogEvents', { logGroupName: this.group, logStreamName: this.name, logEvents }, parents);
    }
  }

  /** Makes the stream and, as Lambda does where the role may, a missing group. */
  private async createStream(parents: readonly number[]): Promise<boolean> {
    const input = { logGroupName: this.group, logStreamName: this.name };
    let code = await this.attempt('CreateLogStream', input, parents);
    if (code === 'ResourceNotFoundException') {
      code = await this.attempt('CreateLogGroup', { logGroupName: this.group }, parents);
      if (!code) code = await this.attempt('CreateLogStream', input, parents);
    }
    if (!code || code === 'ResourceAlreadyExistsException') this.stream = 'made';
    else if (code === 'AccessDeniedException') this.stream = 'denied';
    return this.stream === 'made';
  }

  /** @returns the code of the error, if there was one */
  private async attempt(operation: string, input: object, parents: readonly number[]): Promise<string | undefined> {
    try {
      await this.runtime.call({ service: 'logs', operation, input, principal: this.principal, parents });
      return undefined;
    } catch (error) {
      return (error as Error).name;
    }
  }
}
