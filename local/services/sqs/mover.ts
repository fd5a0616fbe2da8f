import { AwsError, toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import { type Principal, principalName } from '../../principal';
import { queryCode } from './errors';
import type { QueueMessage } from './message';
import type { Queue } from './queue';
import type { Queues } from './queues';

/** What StartMessageMoveTask is asked for. */
export interface MoveOrder {
  readonly source: Queue;
  /** @default the queue each message came from */
  readonly destination?: Queue;
  /** Messages per second. */
  readonly rate?: number;
  readonly principal: Principal;
  /** The hop of StartMessageMoveTask. */
  readonly hop: number;
}

/** Messages per second when none is asked for; AWS optimizes and gives 500 as the most that can be asked for. */
const fastest = 500;

/**
 * Moves messages out of a dead-letter queue, one at a time, as new messages sent by the caller.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export class Mover {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Messages that were there when it began. */
  readonly toMove: number;
  moved = 0;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED' = 'RUNNING';
  /** Why it failed. */
  failure: string | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly queues: Queues,
    readonly order: MoveOrder,
  ) {
    this.id = queues.runtime.random.uuid();
    this.startedAt = queues.runtime.clock.now();
    this.toMove = order.source.counts.visible;
    this.next();
  }

  /** Ends the task; what was moved stays moved. */
  cancel(): void {
    this.end('CANCELLED');
  }

  /** Ends the timer only: the runtime stops. */
  stop(): void {
    this.timer?.cancel();
  }

  private next(): void {
    const { runtime } = this.queues;
    this.timer = runtime.clock.schedule(1000 / (this.order.rate ?? fastest), () => void runtime.track(this.step()));
  }

  private async step(): Promise<void> {
    if (this.status !== 'RUNNING') return;
    const { source } = this.order;
    const message = source.lend();
    if (!message) return this.end('COMPLETED');
    try {
      await this.send(message);
      source.settleLoan(message, true);
      this.moved++;
    } catch (error) {
      source.settleLoan(message, false);
      this.failure = queryCode(toAwsError(error).code);
      return this.end('FAILED');
    }
    if (this.isRunning()) this.next();
  }

  private isRunning(): boolean {
    return this.status === 'RUNNING';
  }

  private async send(message: QueueMessage): Promise<void> {
    const { destination, principal, hop } = this.order;
    const target = destination ?? this.queues.find(message.source ?? '');
    if (!target)
      throw new AwsError('CouldNotDetermineMessageSource', 'The message did not come from a redrive policy.');
    const { body, attributes, traceHeader } = message.contents;
    await this.queues.runtime.call({
      service: 'sqs',
      operation: 'SendMessage',
      principal,
      parents: [...message.parents, hop],
      input: {
        QueueUrl: target.url,
        MessageBody: body,
        MessageAttributes: attributes,
        ...(traceHeader !== undefined && {
          MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
        }),
      },
    });
  }

  private end(status: 'COMPLETED' | 'CANCELLED' | 'FAILED'): void {
    const { source, principal, hop } = this.order;
    this.status = status;
    this.timer?.cancel();
    this.queues.runtime.timeline.record({
      service: 'sqs',
      operation: 'move',
      resource: source.arn,
      principal: principalName(principal),
      parents: [hop],
      outcome: status === 'FAILED' ? 'failed' : 'ok',
      summary: `${status.toLowerCase()}: ${this.moved} messages moved out of ${source.name}${this.failure ? `, ${this.failure}` : ''}`,
    });
  }
}
