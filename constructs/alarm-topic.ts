import type { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { Topic, type TopicProps } from './topic';

/** Name of the topic, without project and environment, and the key that encrypts what is published. */
export type AlarmTopicProps = Pick<TopicProps, 'name' | 'encryptionKey'>;

/** The topic that alarms report to; the settings' `alarmEmail` subscribes to it. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    const { accountId, settings } = BaseStack.of(scope);
    super(scope, id, { ...props, email: settings.alarmEmail });
    this.allow({
      Sid: 'PublishedByAlarms',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: this.arn,
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    });
  }
}
