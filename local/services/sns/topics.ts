import { AwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';

/** How a topic is set up. */
export interface Topic {
  readonly address: string;
  readonly arn: string;
  readonly name: string;
  readonly displayName: string;
  /** Customer managed key: its name in the configuration, and its ARN. */
  readonly key?: { readonly id: string; readonly arn: string };
  readonly tracing: string;
  readonly signatureVersion: number;
  readonly subscriptions: Subscription[];
}

/** Who hears of what is published. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: 'email' | 'sqs' | 'lambda';
  /** Address, or ARN of a queue or function. */
  readonly endpoint: string;
  readonly raw: boolean;
}

/** The topics of the runtime. */
export class Topics {
  private readonly byArn = new Map<string, Topic>();

  private readonly timers = new Set<Timer>();

  constructor(readonly runtime: Runtime) {
    runtime.onStop(() => {
      for (const timer of this.timers) timer.cancel();
    });
  }

  /** All topics, by ARN. */
  get all(): readonly Topic[] {
    return [...this.byArn.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  /** @throws Error if the name is taken */
  add(topic: Topic): void {
    const taken = this.byArn.get(topic.arn);
    if (taken) throw new Error(`a topic named ${topic.name} exists already: ${taken.address}; give it another name`);
    this.byArn.set(topic.arn, topic);
  }

  has(arn: string): boolean {
    return this.byArn.has(arn);
  }

  /** @throws AwsError `InvalidParameter`, `NotFound` */
  at(arn: string | undefined): Topic {
    if (!arn)
      throw new AwsError(
        'InvalidParameter',
        'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
      );
    const topic = this.byArn.get(arn);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return topic;
  }

  /** Does background work later, unless the runtime stops before. @param seconds from now */
  later(seconds: number, work: () => Promise<void>): void {
    const timer = this.runtime.clock.schedule(seconds * 1000, () => {
      this.timers.delete(timer);
      void this.runtime.track(work());
    });
    this.timers.add(timer);
  }

  /** Reports a metric of a topic. */
  measure(topic: Topic, name: string): void {
    this.runtime.measure({ namespace: 'AWS/SNS', name, dimensions: { TopicName: topic.name }, value: 1 });
  }
}
