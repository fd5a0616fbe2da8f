import type { Timer } from '../../clock';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { queueUrl } from '../events/queue-url';
import { type ReceivedMessage, messageParents } from '../sqs/message';
import type { QueueConsumer } from './consumer';
import { splitMessages } from './record';

/** Messages of one ReceiveMessage or DeleteMessageBatch. Source: SQS API reference. */
const maximumReceive = 10;

/** Waits after a failed ReceiveMessage, in milliseconds: doubling from the first to the longest. AWS gives no figures. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/** Polls a queue for a consumer: receives when the queue signals, never by a clock. */
export class QueueReader {
  private readonly queue: { readonly QueueUrl: string };
  private role: RolePrincipal | undefined;
  private unsubscribe: (() => void) | undefined;
  private retry: Timer | undefined;
  private backoff = firstBackoff;
  private polling = false;
  private again = false;
  private underWay = 0;
  /** Received messages that did not fit into the last event. */
  private readonly surplus: ReceivedMessage[][] = [];
  private wakeGatherer: (() => void) | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly consumer: QueueConsumer,
  ) {
    this.queue = { QueueUrl: queueUrl(runtime, consumer.queue) };
  }

  /** Begins to poll with a session of a role. */
  start(role: RolePrincipal): void {
    this.role = role;
    this.unsubscribe ??= this.runtime.onSignal(this.consumer.queue, () => this.wake());
    this.wake();
  }

  /** Takes no further messages; batches under way end. */
  stop(): void {
    this.role = undefined;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.retry?.cancel();
    this.retry = undefined;
    this.surplus.length = 0;
    this.wakeGatherer?.();
  }

  private wake(): void {
    this.wakeGatherer?.();
    if (this.polling || this.retry) this.again = true;
    else void this.runtime.track(this.poll());
  }

  private get free(): boolean {
    return this.role !== undefined && this.consumer.hasRoom(this.underWay);
  }

  /** Receives and processes until the queue is empty or the consumer is busy. */
  private async poll(): Promise<void> {
    this.polling = true;
    try {
      do {
        this.again = false;
        while (this.free) {
          const role = this.role!;
          const batch = this.surplus.shift() ?? (await this.gather(role));
          if (batch.length === 0) break;
          this.underWay++;
          void this.runtime.track(this.process(batch, role)).finally(() => {
            this.underWay--;
            if (this.again || this.surplus.length > 0) this.wake();
          });
        }
      } while (this.again && this.free && !this.retry);
      if (!this.free) this.again = true;
    } finally {
      this.polling = false;
    }
  }

  /** One batch: what one receive brings, or all that comes within the batching window. */
  private async gather(role: RolePrincipal): Promise<ReceivedMessage[]> {
    const { batchSize, window } = this.consumer;
    const messages = await this.receive(Math.min(maximumReceive, batchSize), role);
    const end = this.runtime.clock.now() + window;
    while (messages.length > 0 && messages.length < batchSize && this.runtime.clock.now() < end && this.role) {
      const more = await this.receive(Math.min(maximumReceive, batchSize - messages.length), role);
      messages.push(...more);
      if (more.length === 0) await this.untilSignal(end - this.runtime.clock.now());
    }
    const [first = [], ...rest] = splitMessages(messages);
    this.surplus.push(...rest);
    return first;
  }

  private async untilSignal(ms: number): Promise<void> {
    let timer: Timer | undefined;
    await this.runtime.untracked(
      new Promise<void>((resolve) => {
        this.wakeGatherer = resolve;
        timer = this.runtime.clock.schedule(ms, resolve);
      }),
    );
    timer?.cancel();
    this.wakeGatherer = undefined;
  }

  /** Receives what passes the filters; deletes the rest. */
  private async receive(count: number, role: RolePrincipal): Promise<ReceivedMessage[]> {
    const { consumer } = this;
    for (;;) {
      const messages = await this.receiveOnce(count, role);
      consumer.counts?.('PolledEventCount', messages.length);
      if (messages.length === 0 || !consumer.matches) return messages;
      const passed = messages.filter((message) => consumer.matches!({ body: parsed(message.Body) }));
      const dropped = messages.filter((message) => !passed.includes(message));
      await this.drop(dropped, role);
      if (passed.length > 0) return passed;
    }
  }

  private async receiveOnce(MaxNumberOfMessages: number, principal: RolePrincipal): Promise<ReceivedMessage[]> {
    const all = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
    const input = { ...this.queue, ...all, MaxNumberOfMessages, WaitTimeSeconds: 0 };
    try {
      const answer = await this.runtime.call({ service: 'sqs', operation: 'ReceiveMessage', input, principal });
      this.backoff = firstBackoff;
      return [...(answer.Messages ?? [])];
    } catch {
      this.retryLater();
      return [];
    }
  }

  private retryLater(): void {
    if (this.retry || !this.role) return;
    this.retry = this.runtime.clock.schedule(this.backoff, () => {
      this.retry = undefined;
      this.wake();
    });
    this.backoff = Math.min(this.backoff * 2, longestBackoff);
  }

  private async drop(messages: readonly ReceivedMessage[], role: RolePrincipal): Promise<void> {
    const { service, name, queue } = this.consumer;
    for (const message of messages) {
      this.runtime.timeline.record({
        service,
        operation: 'filter',
        resource: queue,
        parents: message[messageParents],
        outcome: 'filtered',
        summary: `message is not for ${name}`,
        data: { messageId: message.MessageId },
      });
    }
    this.consumer.counts?.('FilteredOutEventCount', messages.length);
    await this.delete(messages, [], role);
  }

  private async process(batch: readonly ReceivedMessage[], role: RolePrincipal): Promise<void> {
    await this.consumer.process(batch, role, async (messages, parents) => this.delete(messages, parents, role));
  }

  /** Deletes messages; one that cannot be deleted comes again, as on AWS. */
  private async delete(
    messages: readonly ReceivedMessage[],
    parents: readonly number[],
    principal: RolePrincipal,
  ): Promise<void> {
    for (let from = 0; from < messages.length; from += maximumReceive) {
      const entries = messages.slice(from, from + maximumReceive);
      const Entries = entries.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
      const input = { ...this.queue, Entries };
      try {
        await this.runtime.call({ service: 'sqs', operation: 'DeleteMessageBatch', input, principal, parents });
        this.consumer.counts?.('DeletedEventCount', entries.length);
      } catch {
        // The runtime has recorded why.
      }
    }
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** All hops that caused the messages. */
export function causesOf(messages: readonly ReceivedMessage[]): number[] {
  return [...new Set(messages.flatMap((message) => [...message[messageParents]]))];
}
