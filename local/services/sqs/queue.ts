import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import { AwsError } from '../../aws-error';
import { invalidValue } from './errors';
import type { MessageContents, QueueMessage } from './message';
import { type Counts, Messages } from './messages';
import { messageIdIn, receiptHandle } from './receipt-handle';
import type { QueueSettings } from './settings';
import { Waiters } from './waiters';

/** Received and not yet deleted messages, at most: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const maximumInFlight = 120_000;

/** How far a receive reaches beyond the oldest available message; AWS gives no figure for its best-effort order. */
const disorder = 20;

/** From this receive on a message goes to the back: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
const receivesUntilBack = 3;

/** Longest time a receive may hide a message, in seconds, all extensions counted. */
const maximumVisibility = 43_200;

/** What {@link Queue.receive} is asked for. */
export interface ReceiveRequest {
  /** Messages, at most. */
  readonly count: number;
  /** Seconds. */
  readonly visibility: number;
  /** A short poll asks a part of the servers only, so it may return fewer messages than there are. */
  readonly short: boolean;
}

/** A standard queue: at least once, in approximate order. Every change of a message is O(log n). */
export class Queue {
  readonly arn: string;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  private readonly messages = new Messages();
  private readonly waiters: Waiters;
  private timer: (Timer & { due: number }) | undefined;
  private positions = 0;
  private purgedAt = -Infinity;
  private stopped = false;

  /** @param find the queue with an ARN, for the dead-letter queue */
  constructor(
    readonly settings: QueueSettings,
    private readonly runtime: Runtime,
    private readonly find: (arn: string) => Queue | undefined,
  ) {
    this.arn = runtime.arn('sqs', settings.name);
    this.url = `${runtime.endpoint}/${runtime.accountId}/${settings.name}`;
    this.createdAt = runtime.clock.now();
    this.waiters = new Waiters(runtime.clock);
  }

  get name(): string {
    return this.settings.name;
  }

  get counts(): Counts {
    this.settle();
    return this.messages.counts;
  }

  /** True once the runtime stops: nothing more will come. */
  get closed(): boolean {
    return this.stopped;
  }

  /**
   * Age of the oldest message, in milliseconds: the time in this queue, without messages received three times or more,
   * which count as poison.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  get oldestAge(): number {
    this.settle();
    for (const message of this.messages.all) {
      if (message.receives < receivesUntilBack) return this.runtime.clock.now() - message.arrivedAt;
    }
    return 0;
  }

  /** Adds a new message and returns its id. @param delay seconds until it is available */
  send(contents: MessageContents, senderId: string, delay: number, parents: readonly number[]): string {
    const now = this.runtime.clock.now();
    const id = this.runtime.random.uuid();
    this.accept({ id, contents, senderId, parents, sentAt: now, arrivedAt: now, position: 0, receives: 0 }, delay);
    return id;
  }

  /**
   * Takes messages and hides them; sends those received too often to the dead-letter queue instead.
   *
   * @throws AwsError `OverLimit` for a short poll when too many messages are in flight
   */
  receive(request: ReceiveRequest): QueueMessage[] {
    this.settle();
    const room = maximumInFlight - this.messages.counts.inFlight;
    if (room <= 0 && request.short)
      throw new AwsError('OverLimit', `Too many messages in flight: ${maximumInFlight}.`, 403);
    const wanted = Math.min(room, this.answered(request));
    const taken: QueueMessage[] = [];
    while (taken.length < wanted && this.messages.counts.visible > 0) {
      for (const message of this.pick(wanted - taken.length)) {
        if (!this.redrive(message)) taken.push(message);
      }
    }
    for (const message of taken) this.hide(message, request.visibility);
    this.schedule();
    return taken;
  }

  /** Resolves when a message may be available, after `ms` at the latest. */
  async wait(ms: number): Promise<void> {
    await this.waiters.wait(ms);
  }

  /**
   * Deletes the message a receipt handle stands for. A handle of an earlier receive deletes nothing and is no error,
   * as AWS documents for DeleteMessage; so is the handle of a message deleted before.
   *
   * @returns the message deleted
   * @throws AwsError `ReceiptHandleIsInvalid`
   */
  delete(handle: string): QueueMessage | undefined {
    this.settle();
    const message = this.messages.get(messageIdIn(handle, this.arn));
    if (!message || message.handle !== handle) return undefined;
    this.messages.remove(message);
    this.schedule();
    return message;
  }

  /**
   * Hides a received message for `seconds` from now.
   *
   * @throws AwsError `ReceiptHandleIsInvalid`, `MessageNotInflight`, `InvalidParameterValue`
   */
  changeVisibility(handle: string, seconds: number): QueueMessage {
    this.settle();
    const message = this.messages.get(messageIdIn(handle, this.arn));
    if (!message || message.handle !== handle) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidValue('ReceiptHandle', handle, reason);
    }
    if (!this.messages.isHidden(message))
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    const due = this.runtime.clock.now() + seconds * 1000;
    if (due > message.lastReceivedAt! + maximumVisibility * 1000) {
      const reason = `Total VisibilityTimeout for the message is beyond the limit [${maximumVisibility} seconds]`;
      throw invalidValue('VisibilityTimeout', seconds, reason);
    }
    this.messages.hide(message, due);
    this.settle();
    this.schedule();
    return message;
  }

  /**
   * Deletes all messages, also those in flight.
   *
   * @returns how many
   * @throws AwsError `PurgeQueueInProgress` within 60 seconds of the last time
   */
  purge(): number {
    this.settle();
    const now = this.runtime.clock.now();
    if (now < this.purgedAt + 60_000) {
      const message = `Only one PurgeQueue operation on ${this.name} is allowed every 60 seconds.`;
      throw new AwsError('PurgeQueueInProgress', message, 403);
    }
    this.purgedAt = now;
    const purged = this.messages.size;
    for (const message of this.messages.all) this.messages.remove(message);
    this.schedule();
    return purged;
  }

  /** Takes the oldest available message out of sight for a move task, without counting a receive. */
  lend(): QueueMessage | undefined {
    this.settle();
    const [message] = this.messages.take(1);
    if (message) this.messages.hide(message, Infinity);
    return message;
  }

  /** Ends a loan: the message was moved, or it is available again. */
  settleLoan(message: QueueMessage, moved: boolean): void {
    if (moved) this.messages.remove(message);
    else if (this.messages.isHidden(message)) {
      this.messages.show(message);
      this.announce(1);
    }
    this.schedule();
  }

  /** Ends all waiting. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.waiters.close();
  }

  private accept(message: QueueMessage, delay: number): void {
    message.position = ++this.positions;
    this.messages.add(message, message.sentAt + this.settings.retention * 1000);
    if (delay > 0) this.messages.delay(message, this.runtime.clock.now() + delay * 1000);
    else this.messages.show(message);
    this.schedule();
    if (delay === 0) this.announce(1);
  }

  private answered({ count, short }: ReceiveRequest): number {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html: fewer than 1,000
    // messages in the queue, and a short poll most likely returns fewer than asked for.
    if (!short || count === 1 || this.messages.counts.visible >= 1000) return count;
    return 1 + this.runtime.random.integer(count);
  }

  private pick(count: number): QueueMessage[] {
    const shuffled = this.runtime.random.shuffle(this.messages.take(Math.max(disorder, count)));
    for (const message of shuffled.slice(count)) this.messages.show(message);
    return shuffled.slice(0, count);
  }

  private hide(message: QueueMessage, visibility: number): void {
    const now = this.runtime.clock.now();
    message.receives++;
    message.firstReceivedAt ??= now;
    message.lastReceivedAt = now;
    message.handle = receiptHandle(this.runtime.random.uuid(), this.arn, message.id);
    if (message.receives >= receivesUntilBack) message.position = ++this.positions;
    this.messages.hide(message, now + visibility * 1000);
  }

  private redrive(message: QueueMessage): boolean {
    const { redrive } = this.settings;
    if (!redrive || message.receives < redrive.maxReceiveCount) return false;
    const target = this.find(redrive.deadLetterTargetArn);
    if (!target) return false;
    this.messages.remove(message);
    const hop = this.runtime.timeline.record({
      service: 'sqs',
      operation: 'redrive',
      resource: target.arn,
      parents: message.parents,
      outcome: 'dead-lettered',
      summary: `message of ${this.name} to ${target.name} after ${message.receives} receives`,
      data: { messageId: message.id, source: this.arn, receives: message.receives },
    });
    const { id, contents, senderId, sentAt } = message;
    const arrival = { arrivedAt: this.runtime.clock.now(), source: this.arn, parents: [hop], position: 0, receives: 0 };
    target.accept({ id, contents, senderId, sentAt, ...arrival }, 0);
    return true;
  }

  /** Brings the queue up to date: what is due becomes available, what is too old goes. */
  private settle(): void {
    const now = this.runtime.clock.now();
    for (const message of this.messages.expire(now)) this.recordExpiry(message);
    const available = this.messages.release(now);
    if (available === 0) return;
    this.schedule();
    this.announce(available);
  }

  private recordExpiry(message: QueueMessage): void {
    this.runtime.timeline.record({
      service: 'sqs',
      operation: 'expire',
      resource: this.arn,
      parents: message.parents,
      outcome: 'failed',
      summary: `message expired in ${this.name}, ${this.settings.retention} s after it was sent`,
      data: { messageId: message.id, receives: message.receives },
    });
  }

  /** Keeps one timer, for whatever is due next. */
  private schedule(): void {
    const due = this.messages.nextDue;
    if (this.stopped || this.timer?.due === due) return;
    this.timer?.cancel();
    this.timer = undefined;
    if (due === Infinity) return;
    const wake = () => {
      this.timer = undefined;
      this.settle();
      this.schedule();
    };
    this.timer = Object.assign(this.runtime.clock.schedule(due - this.runtime.clock.now(), wake), { due });
  }

  private announce(available: number): void {
    this.waiters.wake(available);
    this.runtime.signal(this.arn);
  }
}
