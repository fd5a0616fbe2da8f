import type { Timer } from '../../clock';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { type ReceivedMessage, messageParents } from '../sqs/message';
import { reportedFailures } from './batch-response';
import { deliver } from './delivery';
import type { EventSource, Mapping } from './event-source';
import { splitMessages, sqsRecord } from './sqs-record';

/** Messages of one ReceiveMessage or DeleteMessageBatch. Source: SQS API reference. */
const maximumReceive = 10;

/** Waits after a failed ReceiveMessage, in milliseconds: doubling from the first to the longest. AWS gives no figures. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/** Polls a queue for a mapping: receives when the queue signals, never by a clock. */
export class SqsSource implements EventSource {
  private readonly queue: { QueueUrl: string };
  private principal!: RolePrincipal;
  /** Milliseconds that a received message stays hidden. */
  private visibility = 30_000;
  private unsubscribe: (() => void) | undefined;
  private retry: Timer | undefined;
  private backoff = firstBackoff;
  private polling = false;
  private again = false;
  private active = 0;
  /** Received messages that did not fit into the last event. */
  private readonly surplus: ReceivedMessage[][] = [];
  private wakeGatherer: (() => void) | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly mapping: Mapping,
  ) {
    const name = mapping.sourceArn.slice(mapping.sourceArn.lastIndexOf(':') + 1);
    this.queue = { QueueUrl: `${runtime.endpoint}/${runtime.accountId}/${name}` };
  }

  async check(principal: RolePrincipal): Promise<void> {
    const { target, sourceArn } = this.mapping;
    for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
      try {
        this.runtime.authorize(principal, { action: `sqs:${action}`, resource: sourceArn });
      } catch (error) {
        throw new Error(
          `The provided execution role does not have permissions to call ${action} on SQS: ${(error as Error).message}`,
          { cause: error },
        );
      }
    }
    const input = { ...this.queue, AttributeNames: ['VisibilityTimeout'] };
    const { Attributes } = await this.runtime.call({
      service: 'sqs',
      operation: 'GetQueueAttributes',
      input,
      principal,
    });
    const seconds = Number(Attributes.VisibilityTimeout);
    if (seconds < target.configuration.timeout) {
      throw new Error(
        `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${target.configuration.timeout} seconds. Make it six times as long`,
      );
    }
    this.visibility = seconds * 1000;
  }

  start(principal: RolePrincipal): void {
    this.principal = principal;
    this.unsubscribe ??= this.runtime.onSignal(this.mapping.sourceArn, () => this.wake());
    this.wake();
  }

  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.retry?.cancel();
    this.retry = undefined;
    this.wakeGatherer?.();
  }

  private wake(): void {
    this.wakeGatherer?.();
    if (this.polling || this.retry) this.again = true;
    else void this.runtime.track(this.poll());
  }

  private get free(): boolean {
    const { maximumConcurrency = Infinity, target, enabled } = this.mapping;
    return enabled && this.active < Math.min(maximumConcurrency, target.pool.threads);
  }

  /** Receives and delivers until the queue is empty or the function is busy. */
  private async poll(): Promise<void> {
    this.polling = true;
    try {
      do {
        this.again = false;
        while (this.free) {
          const batch = this.surplus.shift() ?? (await this.gather());
          if (batch.length === 0) break;
          this.active++;
          void this.runtime.track(this.process(batch)).finally(() => {
            this.active--;
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
  private async gather(): Promise<ReceivedMessage[]> {
    const { batchSize, window } = this.mapping;
    const messages = await this.receive(Math.min(maximumReceive, batchSize));
    const end = this.runtime.clock.now() + window;
    while (
      messages.length > 0 &&
      messages.length < batchSize &&
      this.runtime.clock.now() < end &&
      this.mapping.enabled
    ) {
      const more = await this.receive(Math.min(maximumReceive, batchSize - messages.length));
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
  private async receive(count: number): Promise<ReceivedMessage[]> {
    const { filters } = this.mapping;
    for (;;) {
      const messages = await this.receiveOnce(count);
      this.count('PolledEventCount', messages.length);
      if (messages.length === 0 || filters.length === 0) return messages;
      const passed = messages.filter((message) => filters.some((fits) => fits({ body: parsed(message.Body) })));
      const dropped = messages.filter((message) => !passed.includes(message));
      await this.drop(dropped);
      if (passed.length > 0) return passed;
    }
  }

  private async receiveOnce(MaxNumberOfMessages: number): Promise<ReceivedMessage[]> {
    const all = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
    const input = { ...this.queue, ...all, MaxNumberOfMessages, WaitTimeSeconds: 0 };
    try {
      const { Messages = [] } = await this.runtime.call({
        service: 'sqs',
        operation: 'ReceiveMessage',
        input,
        principal: this.principal,
      });
      this.backoff = firstBackoff;
      return [...Messages];
    } catch {
      this.retryLater();
      return [];
    }
  }

  private retryLater(): void {
    if (this.retry || !this.mapping.enabled) return;
    this.retry = this.runtime.clock.schedule(this.backoff, () => {
      this.retry = undefined;
      this.wake();
    });
    this.backoff = Math.min(this.backoff * 2, longestBackoff);
  }

  private async drop(messages: readonly ReceivedMessage[]): Promise<void> {
    const { target, sourceArn } = this.mapping;
    for (const message of messages) {
      this.runtime.timeline.record({
        service: 'lambda',
        operation: 'filter',
        resource: sourceArn,
        parents: message[messageParents],
        outcome: 'filtered',
        summary: `message is not for ${target.configuration.function_name}`,
        data: { messageId: message.MessageId },
      });
    }
    this.count('FilteredOutEventCount', messages.length);
    await this.delete(messages, []);
  }

  private async process(messages: readonly ReceivedMessage[]): Promise<void> {
    const { runtime, mapping } = this;
    const parents = [...new Set(messages.flatMap((message) => [...message[messageParents]]))];
    const result = await deliver(runtime, mapping, {
      event: { Records: messages.map((message) => sqsRecord(message, mapping.sourceArn, runtime.region)) },
      parents,
      what: messages.length === 1 ? '1 message' : `${messages.length} messages`,
      until: runtime.clock.now() + this.visibility,
    });
    this.count('InvokedEventCount', result ? messages.length : 0);
    if (!result || result.functionError) {
      this.count('FailedInvokeEventCount', messages.length);
      return;
    }
    const failed = this.failures(result.payload, messages, result.hop);
    this.count('FailedInvokeEventCount', failed.size);
    await this.delete(
      messages.filter((message) => !failed.has(message.MessageId)),
      [result.hop],
    );
  }

  private failures(payload: string, messages: readonly ReceivedMessage[], hop: number): ReadonlySet<string> {
    const { target, reportsFailures } = this.mapping;
    if (!reportsFailures) return new Set();
    const { failed, invalid } = reportedFailures(
      payload,
      messages.map((message) => message.MessageId),
    );
    const unique = new Set(failed);
    if (unique.size > 0) {
      this.runtime.timeline.record({
        service: 'lambda',
        operation: 'Invoke',
        resource: target.arn,
        parents: [hop],
        outcome: 'failed',
        summary: `${target.configuration.function_name}: ${unique.size} of ${messages.length} messages failed${invalid ? `, ${invalid}` : ''}`,
        data: { batchItemFailures: [...unique] },
      });
    }
    return unique;
  }

  /** Deletes messages; one that cannot be deleted comes again, as on AWS. */
  private async delete(messages: readonly ReceivedMessage[], parents: readonly number[]): Promise<void> {
    for (let from = 0; from < messages.length; from += maximumReceive) {
      const entries = messages.slice(from, from + maximumReceive);
      const Entries = entries.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
      const input = { ...this.queue, Entries };
      try {
        await this.runtime.call({
          service: 'sqs',
          operation: 'DeleteMessageBatch',
          input,
          principal: this.principal,
          parents,
        });
        this.count('DeletedEventCount', entries.length);
      } catch {
        // The runtime has recorded why.
      }
    }
  }

  private count(name: string, value: number): void {
    const { counts, uuid } = this.mapping;
    if (counts && value > 0)
      this.runtime.measure({ namespace: 'AWS/Lambda', name, dimensions: { EventSourceMappingUUID: uuid }, value });
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
