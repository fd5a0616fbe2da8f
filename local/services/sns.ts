import type { Runtime } from '../runtime';
import type { Service } from '../service';
import { publish } from './sns/publish';
import { readOperations } from './sns/read';
import { subscriptionResource, topicPolicyResource, topicResource } from './sns/resources';
import { Topics } from './sns/topics';

/** Amazon SNS: standard topics with e-mail, queue and function subscriptions. */
export function sns(runtime: Runtime): Service {
  const topics = new Topics(runtime);
  return {
    name: 'sns',
    operations: { Publish: publish(topics), ...readOperations(topics) },
    resources: {
      aws_sns_topic: topicResource(topics),
      aws_sns_topic_policy: topicPolicyResource(topics),
      aws_sns_topic_subscription: subscriptionResource(topics),
    },
    errors: {
      accessDenied: { code: 'AuthorizationError', status: 403 },
      throttled: { code: 'Throttled', status: 429 },
      validation: { code: 'InvalidParameter', status: 400 },
      internal: { code: 'InternalError', status: 500 },
    },
  };
}
