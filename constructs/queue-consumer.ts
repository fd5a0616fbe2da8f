import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic';
import { alarmOnBacklog, alarmOnDeadLetters } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { NodeFunction } from './node-function';
import { Queue } from './queue';
import type { Rule } from './rule';

/** A rule, and the function that gets its events by way of a queue. */
export interface QueueConsumerProps {
  /** Name of the queue, without project and environment. */
  readonly name: string;
  /** The rule whose events the consumer gets. */
  readonly rule: Rule;
  /** The function that processes them. */
  readonly function: NodeFunction;
  /** Encrypts the queue and its dead letters. */
  readonly encryptionKey: EncryptionKey;
  /** Told when messages wait long, or are dead letters. */
  readonly alarmTopic: AlarmTopic;
}

/** Receives after which a message counts as not processable (AWS recommends 5 at least). */
const maxReceiveCount = 5;
/** AWS recommends a visibility timeout of six times the function's. */
const visibilityFactor = 6;

/** Puts a queue between a rule and a function: rule -> queue -> function, dead letters and alarms included. */
export class QueueConsumer extends Construct {
  /** Between rule and function, with dead letters of its own. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { function: handler, encryptionKey, alarmTopic } = props;
    this.queue = new Queue(this, 'queue', {
      name: props.name,
      encryptionKey,
      visibilityTimeout: handler.timeout * visibilityFactor,
      maxReceiveCount,
    });
    this.queue.grantConsume(handler.role);
    props.rule.addTarget(props.name, this.queue);
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: this.queue.arn,
      functionName: handler.arn,
      batchSize: 10,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: 10 },
      dependsOn: [handler.role.policy],
    });
    alarmOnBacklog(this.queue, props.name, alarmTopic);
    alarmOnDeadLetters(this.queue.deadLetters!, `${props.name}-dlq`, alarmTopic);
  }
}
