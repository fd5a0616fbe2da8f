import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Permission } from '../../service';
import { keyPermissions, toDecrypt, toEncrypt } from './encryption';
import { required } from './errors';
import { Queue } from './queue';
import type { QueueSettings } from './settings';

/** The queues of the runtime. */
export class Queues {
  private readonly byName = new Map<string, Queue>();

  constructor(readonly runtime: Runtime) {}

  /** All queues, by name. */
  get all(): readonly Queue[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws Error if the name is taken */
  create(settings: QueueSettings): Queue {
    const taken = this.byName.get(settings.name);
    if (taken)
      throw new Error(`a queue named ${settings.name} exists already: ${taken.settings.address}; give it another name`);
    const queue = new Queue(settings, this.runtime, (arn) => this.find(arn));
    this.byName.set(queue.name, queue);
    this.gauge(queue);
    return queue;
  }

  find(arn: string): Queue | undefined {
    const queue = this.byName.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** @throws AwsError `QueueDoesNotExist` */
  named(name: string, account = this.runtime.accountId): Queue {
    const queue = account === this.runtime.accountId ? this.byName.get(name) : undefined;
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /**
   * The queue with a URL, whatever its host.
   *
   * @throws AwsError `MissingParameter`, `InvalidAddress`, `QueueDoesNotExist`
   */
  at(url: string | undefined): Queue {
    const path = /^(?:https?:\/\/[^/]+)?\/(\d{12})\/([^/]+)$/.exec(required('QueueUrl', url));
    if (!path) throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
    return this.named(path[2]!, path[1]);
  }

  /** Queues whose redrive policy names this one, by name. */
  sourcesOf(queue: Queue): readonly Queue[] {
    return this.all.filter((source) => source.settings.redrive?.deadLetterTargetArn === queue.arn);
  }

  /** One action on one queue. */
  allow(action: string, queue: Queue): Permission[] {
    return [{ action: `sqs:${action}`, resource: queue.arn }];
  }

  /** Sending to a queue, encrypted or not. */
  allowSend(queue: Queue): Permission[] {
    const key = keyPermissions(this.runtime, 'sqs', queue.settings.key?.arn, toEncrypt, ['aws:sqs:arn', queue.arn]);
    return [...this.allow('SendMessage', queue), ...key];
  }

  /** Receiving from a queue, encrypted or not. */
  allowReceive(queue: Queue): Permission[] {
    const key = keyPermissions(this.runtime, 'sqs', queue.settings.key?.arn, toDecrypt, ['aws:sqs:arn', queue.arn]);
    return [...this.allow('ReceiveMessage', queue), ...key];
  }

  /** Reports a metric of a queue. */
  measure(queue: Queue, name: string, value: number): void {
    if (value > 0) this.runtime.measure({ namespace: 'AWS/SQS', name, dimensions: { QueueName: queue.name }, value });
  }
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  private gauge(queue: Queue): void {
    const add = (name: string, read: () => number) =>
      this.runtime.gauges.add('AWS/SQS', name, { QueueName: queue.name }, read);
    add('ApproximateNumberOfMessagesVisible', () => queue.counts.visible);
    add('ApproximateNumberOfMessagesNotVisible', () => queue.counts.inFlight);
    add('ApproximateNumberOfMessagesDelayed', () => queue.counts.delayed);
    add('ApproximateAgeOfOldestMessage', () => queue.oldestAge / 1000);
  }
}
