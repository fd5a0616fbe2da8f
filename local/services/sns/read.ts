import { z } from 'zod';
import type { Operation } from '../../service';
import { paginate } from '../pages';
import type { Subscription, Topics } from './topics';

/** Items a page holds: https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
const pageSize = 100;

const pageInput = z.object({ NextToken: z.string().optional() });
const topicInput = z.object({ TopicArn: z.string().optional() });
const byTopicInput = z.object({ TopicArn: z.string().optional(), NextToken: z.string().optional() });

/** ListTopics, ListSubscriptions, ListSubscriptionsByTopic and GetTopicAttributes. */
export function readOperations(topics: Topics): Record<string, Operation> {
  const owner = topics.runtime.accountId;
  const page = <T>(all: readonly T[], token: string | undefined) => {
    const { items, next } = paginate(all, pageSize, token, 'InvalidParameter');
    return { items, next: next === undefined ? {} : { NextToken: next } };
  };
  const subscriptionsPage = (all: readonly Subscription[], token: string | undefined) => {
    const { items, next } = page(all, token);
    const Subscriptions = items.map(({ arn, protocol, endpoint, topicArn }) => ({
      SubscriptionArn: arn,
      Owner: owner,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    }));
    return { Subscriptions, ...next };
  };
  return {
    ListTopics: {
      input: pageInput,
      permissions: () => [{ action: 'sns:ListTopics', resource: '*' }],
      run({ NextToken }: z.infer<typeof pageInput>) {
        const { items, next } = page(topics.all, NextToken);
        return { Topics: items.map((topic) => ({ TopicArn: topic.arn })), ...next };
      },
    },
    ListSubscriptions: {
      input: pageInput,
      permissions: () => [{ action: 'sns:ListSubscriptions', resource: '*' }],
      run({ NextToken }: z.infer<typeof pageInput>) {
        const all = topics.all.flatMap((topic) => topic.subscriptions);
        return subscriptionsPage(all, NextToken);
      },
    },
    ListSubscriptionsByTopic: {
      input: byTopicInput,
      permissions: (input: z.infer<typeof byTopicInput>) => allow(topics, 'ListSubscriptionsByTopic', input),
      run: (input: z.infer<typeof byTopicInput>) =>
        subscriptionsPage(topics.at(input.TopicArn).subscriptions, input.NextToken),
    },
    GetTopicAttributes: {
      input: topicInput,
      permissions: (input: z.infer<typeof topicInput>) => allow(topics, 'GetTopicAttributes', input),
      run: (input: z.infer<typeof topicInput>) => ({ Attributes: attributesOf(topics, input.TopicArn) }),
    },
  };
}

function allow(topics: Topics, action: string, input: { TopicArn?: string | undefined }) {
  return [{ action: `sns:${action}`, resource: topics.at(input.TopicArn).arn }];
}

function attributesOf(topics: Topics, arn: string | undefined) {
  const topic = topics.at(arn);
  const policy = topics.runtime.iam.resourcePolicy(topic.arn);
  return {
    TopicArn: topic.arn,
    Owner: topics.runtime.accountId,
    ...(policy && { Policy: JSON.stringify(policy) }),
    DisplayName: topic.displayName,
    SubscriptionsConfirmed: String(topic.subscriptions.length),
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
    ...(topic.key && { KmsMasterKeyId: topic.key.id }),
    TracingConfig: topic.tracing,
    SignatureVersion: String(topic.signatureVersion),
  };
}
