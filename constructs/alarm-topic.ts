import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import { policyDocument, tlsOnly } from './policy';

export interface AlarmTopicProps {
  /** Name of the topic, without project and environment. */
  readonly name: string;
  readonly encryptionKey: EncryptionKey;
}

/** The topic that alarms report to; the settings' `alarmEmail` subscribes to it. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const topic = new SnsTopic(this, 'topic', {
      name: stack.nameOf(props.name),
      kmsMasterKeyId: props.encryptionKey.arn,
    });
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        {
          Sid: 'PublishedByAlarms',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic.arn,
          Condition: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
        },
        tlsOnly('sns', topic.arn),
      ]),
    });
    if (stack.settings.alarmEmail) {
      new SnsTopicSubscription(this, 'email', {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint: stack.settings.alarmEmail,
      });
    }
    this.arn = topic.arn;
  }
}
