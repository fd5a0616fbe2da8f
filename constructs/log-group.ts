import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import { policyDocument } from './policy';
import type { RuleTarget } from './rule';
import type { ServiceRole } from './service-role';

/** How a log group is named and encrypted. */
export interface LogGroupProps {
  /** What comes before the name, such as `/aws/lambda`. */
  readonly prefix: string;
  /** Name of the group, without project and environment. */
  readonly name: string;
  /** Encrypts the lines. */
  readonly encryptionKey: EncryptionKey;
}

/** An encrypted log group that keeps its lines as long as the settings say. */
export class LogGroup extends Construct implements RuleTarget {
  /** The whole name, prefix included. */
  readonly name: string;
  /** ARN of the group, without `:*` at its end. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const group = new CloudwatchLogGroup(this, 'group', {
      name: `${props.prefix}/${stack.nameOf(props.name)}`,
      retentionInDays: stack.settings.logRetentionDays,
      kmsKeyId: props.encryptionKey.arn,
    });
    this.name = group.name;
    this.arn = group.arn;
  }

  /** Lets a role write to the group. */
  grantWrite(role: ServiceRole): void {
    role.allow({ Sid: 'WriteLogs', Action: actions.logGroup.write, Resource: `${this.arn}:*` });
  }

  /** Lets AWS deliver the logs of a service that has no role to write with, such as Pipes, to the group. */
  grantDelivery(): CloudwatchLogResourcePolicy {
    const stack = BaseStack.of(this);
    return new CloudwatchLogResourcePolicy(this, 'delivery', {
      policyName: stack.nameOf(`${this.node.scope!.node.id}-logs`),
      policyDocument: policyDocument([
        {
          Sid: 'DeliverLogs',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: actions.logGroup.write,
          Resource: `${this.arn}:*`,
          Condition: {
            StringEquals: { 'aws:SourceAccount': stack.accountId },
            ArnLike: { 'aws:SourceArn': stack.arnOf('logs', '*') },
          },
        },
      ]),
    });
  }

  /**
   * Lets an EventBridge rule write its events to the group, and EventBridge open a stream for them, which it does before it
   * says for which rule.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  grantRule(ruleArn: string): void {
    const stack = BaseStack.of(this);
    const Principal = { Service: 'events.amazonaws.com' };
    const Resource = `${this.arn}:*`;
    new CloudwatchLogResourcePolicy(this, 'rule-policy', {
      policyName: stack.nameOf(`${this.node.id}-logs`),
      policyDocument: policyDocument([
        { Sid: 'OpenStream', Principal, Action: actions.logGroup.open, Resource },
        {
          Sid: 'WriteEvents',
          Principal,
          Action: actions.logGroup.append,
          Resource,
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
        },
      ]),
    });
  }
}
