import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import { policyDocument, type Statement, tlsOnly } from './policy';
import type { ServiceRole } from './service-role';

/** How a topic is named and encrypted, and who is mailed. */
export interface TopicProps {
  /** Name of the topic, without project and environment. */
  readonly name: string;
  /** Encrypts the messages. */
  readonly encryptionKey: EncryptionKey;
  /** Address that is subscribed; AWS asks it to confirm. @default none */
  readonly email?: string | undefined;
}

/** A standard topic: encrypted, TLS only. */
export class Topic extends Construct {
  /** ARN of the topic. */
  readonly arn: string;
  private readonly encryptionKey: EncryptionKey;
  private readonly statements: Statement[] = [];
  private readonly publishers: string[] = [];

  constructor(scope: Construct, id: string, props: TopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', {
      name: BaseStack.of(this).nameOf(props.name),
      kmsMasterKeyId: props.encryptionKey.arn,
    });
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: Lazy.stringValue({ produce: () => this.policy() }),
    });
    if (props.email) {
      new SnsTopicSubscription(this, 'email', { topicArn: topic.arn, protocol: 'email', endpoint: props.email });
    }
    this.arn = topic.arn;
    this.encryptionKey = props.encryptionKey;
  }

  /** Lets a role publish, and from then on only roles that are granted it, whatever others their own policies allow. */
  grantPublish(role: ServiceRole): void {
    this.publishers.push(role.arn);
    role.allow({ Sid: 'PublishToTopic', Action: actions.topic.publish, Resource: this.arn });
    this.encryptionKey.grantEncrypt(role, 'sns');
  }

  /** Adds a statement to the topic's policy. */
  protected allow(statement: Statement): void {
    this.statements.push(statement);
  }

  private policy(): string {
    const others: Statement = {
      Sid: 'NoOtherPublishers',
      Effect: 'Deny',
      Principal: '*',
      Action: actions.topic.publish,
      Resource: this.arn,
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': this.publishers } },
    };
    const denied = this.publishers.length ? [others] : [];
    return policyDocument([...this.statements, ...denied, tlsOnly('sns', this.arn)]);
  }
}
