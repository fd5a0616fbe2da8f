import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { Construct } from 'constructs';
import { alarmOnDeadLetters } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { EncryptionKey } from './encryption-key';
import type { NodeFunction } from './node-function';
import { Queue } from './queue';
import type { Rule } from './rule';

/** A rule, and the function that it invokes. */
export interface DirectConsumerProps {
  /** Name of the consumer, without project and environment. */
  readonly name: string;
  /** The rule whose events the consumer gets. */
  readonly rule: Rule;
  /** The function that processes them. */
  readonly function: NodeFunction;
  /** Encrypts the dead letters. */
  readonly encryptionKey: EncryptionKey;
  /** Told when there are dead letters. */
  readonly alarmTopic: AlarmTopic;
}

/**
 * Lets a rule invoke a function directly. The rule only hands the event to Lambda, so its retries and its dead-letter
 * queue are for that; what the function fails with, Lambda tries again twice (that is all it offers) within an hour and
 * then sends to the consumer's own dead-letter queue.
 */
export class DirectConsumer extends Construct {
  constructor(scope: Construct, id: string, props: DirectConsumerProps) {
    super(scope, id);
    const { name, rule, function: handler, encryptionKey, alarmTopic } = props;
    const deadLetters = new Queue(this, 'dead-letters', { name: `${name}-dlq`, encryptionKey });
    deadLetters.grantSend(handler.role);
    rule.addTarget(name, handler);
    new LambdaFunctionEventInvokeConfig(this, 'invocations', {
      functionName: handler.name,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
      dependsOn: [handler.role.policy],
    });
    alarmOnDeadLetters(deadLetters, `${name}-dlq`, alarmTopic);
  }
}
