import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { checkAccess } from '../queue-reader/access';
import type { Finish, QueueConsumer } from '../queue-reader/consumer';
import { QueueReader, causesOf } from '../queue-reader/reader';
import { sqsRecord } from '../queue-reader/record';
import type { ReceivedMessage } from '../sqs/message';
import { reportedFailures } from './batch-response';
import { deliver } from './delivery';
import type { EventSource, Mapping } from './event-source';

/** Polls a queue for a mapping. */
export class SqsSource implements EventSource {
  private readonly reader: QueueReader;
  /** Milliseconds that a received message stays hidden. */
  private visibility = 30_000;

  constructor(
    private readonly runtime: Runtime,
    private readonly mapping: Mapping,
  ) {
    const { filters, target } = mapping;
    const consumer: QueueConsumer = {
      service: 'lambda',
      name: target.configuration.function_name,
      queue: mapping.sourceArn,
      batchSize: mapping.batchSize,
      window: mapping.window,
      hasRoom: (underWay) => underWay < Math.min(mapping.maximumConcurrency ?? Infinity, target.pool.threads),
      ...(filters.length > 0 && { matches: (event) => filters.some((fits) => fits(event)) }),
      process: async (messages, _, finish) => this.process(messages, finish),
      counts: (name, messages) => this.count(name, messages),
    };
    this.reader = new QueueReader(runtime, consumer);
  }

  async check(principal: RolePrincipal): Promise<void> {
    const { target, sourceArn } = this.mapping;
    this.visibility = await checkAccess(this.runtime, principal, sourceArn, 'execution');
    const seconds = this.visibility / 1000;
    if (seconds < target.configuration.timeout) {
      throw new Error(
        `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${target.configuration.timeout} seconds. Make it six times as long`,
      );
    }
  }

  start(principal: RolePrincipal): void {
    this.reader.start(principal);
  }

  stop(): void {
    this.reader.stop();
  }

  private async process(messages: readonly ReceivedMessage[], finish: Finish): Promise<void> {
    const { runtime, mapping } = this;
    const result = await deliver(runtime, mapping, {
      event: { Records: messages.map((message) => sqsRecord(message, mapping.sourceArn, runtime.region)) },
      parents: causesOf(messages),
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
    await finish(
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

  private count(name: string, value: number): void {
    const { counts, uuid } = this.mapping;
    if (counts && value > 0)
      this.runtime.measure({ namespace: 'AWS/Lambda', name, dimensions: { EventSourceMappingUUID: uuid }, value });
  }
}
