import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import type { EventBus } from './event-bus';
import { Queue } from './queue';

/** What a rule can deliver to. */
export interface RuleTarget {
  /** ARN of what the rule delivers to. */
  readonly arn: string;
  /** Lets the rule deliver here, and no other. */
  grantRule(ruleArn: string): void;
}

/** Which events of a bus a rule takes, and how long it tries to deliver them. */
export interface RuleProps {
  /** Name of the rule, without project and environment. */
  readonly name: string;
  /** Where the events come from. */
  readonly bus: EventBus;
  /** An EventBridge event pattern. */
  readonly pattern: object;
  /** Encrypts the dead letters. */
  readonly encryptionKey: EncryptionKey;
  /** Deliveries tried again before an event is dead-lettered, from 1 to 185. */
  readonly maxRetries: number;
  /** Age at which an undelivered event is dead-lettered, in seconds, from 60 to 86,400. */
  readonly maxEventAge: number;
}

/** A rule on a bus, with one dead-letter queue for all its targets. */
export class Rule extends Construct {
  /** Events that could not be delivered to a target. */
  readonly deadLetters: Queue;
  private readonly arn: string;
  private readonly rule: CloudwatchEventRule;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RuleProps,
  ) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const name = stack.nameOf(props.name);
    this.arn = stack.arnOf('events', `rule/${props.bus.name}/${name}`);
    this.deadLetters = new Queue(this, 'dead-letters', {
      name: `${props.name}-rule-dlq`,
      encryptionKey: props.encryptionKey,
    });
    this.deadLetters.grantRule(this.arn);
    this.rule = new CloudwatchEventRule(this, 'rule', {
      name,
      eventBusName: props.bus.name,
      eventPattern: JSON.stringify(props.pattern),
    });
  }

  /** Delivers what matches. */
  addTarget(id: string, target: RuleTarget): void {
    target.grantRule(this.arn);
    new CloudwatchEventTarget(this, id, {
      rule: this.rule.name,
      eventBusName: this.props.bus.name,
      targetId: id,
      arn: target.arn,
      retryPolicy: {
        maximumRetryAttempts: this.props.maxRetries,
        maximumEventAgeInSeconds: this.props.maxEventAge,
      },
      deadLetterConfig: { arn: this.deadLetters.arn },
    });
  }
}
