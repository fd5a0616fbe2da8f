import { type AwsError, toAwsError } from '../../aws-error';
import type { CallRequest } from '../../call';
import type { Runtime } from '../../runtime';
import type { NewHop } from '../../timeline';
import { type Published, lambdaEvent, notification } from './notification';
import type { Subscription, Topic, Topics } from './topics';

/**
 * Seconds before a retry: 3 at once, 2 after a second, 10 backing off from 1 to 20 seconds, 100,000 every 20 seconds.
 *
 * @param retry from 1
 * @returns undefined when no retry is left
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function retryDelay(retry: number): number | undefined {
  if (retry <= 3) return 0;
  if (retry <= 5) return 1;
  if (retry <= 15) return 20 ** ((retry - 6) / 9);
  return retry <= 100_015 ? 20 : undefined;
}

/** Delivers to all subscriptions of a topic, each on its own. */
export function deliver(topics: Topics, topic: Topic, published: Published): void {
  for (const subscription of topic.subscriptions) {
    if (subscription.protocol === 'email') sendEmail(topics, topic, subscription, published);
    else void topics.runtime.track(attempt(topics, topic, subscription, published, 1));
  }
}

function record(
  { runtime }: Topics,
  { arn: resource }: Subscription,
  { hop }: Published,
  told: Pick<NewHop, 'outcome' | 'summary' | 'data'>,
): void {
  const principal = 'sns.amazonaws.com';
  runtime.timeline.record({ service: 'sns', operation: 'deliver', resource, principal, parents: [hop], ...told });
}

function sendEmail(topics: Topics, topic: Topic, subscription: Subscription, published: Published): void {
  const { subject } = published;
  record(topics, subscription, published, {
    summary: `e-mail to ${subscription.endpoint}${subject === undefined ? '' : `: ${subject}`}`,
  });
  topics.measure(topic, 'NumberOfNotificationsDelivered');
}

async function attempt(
  topics: Topics,
  topic: Topic,
  subscription: Subscription,
  published: Published,
  number: number,
): Promise<void> {
  const { runtime } = topics;
  try {
    await runtime.call(request(runtime, topic, subscription, published));
    topics.measure(topic, 'NumberOfNotificationsDelivered');
  } catch (error) {
    const delay = isRetried(toAwsError(error)) ? retryDelay(number) : undefined;
    if (delay === undefined) return discard(topics, topic, subscription, published, toAwsError(error));
    topics.later(delay, async () => attempt(topics, topic, subscription, published, number + 1));
  }
}

// AWS retries what the endpoint's service got wrong, not what the subscription or a policy did.
function isRetried(error: AwsError): boolean {
  return error.status >= 500 || error.status === 429 || /Throttl|TooManyRequests/.test(error.code);
}

function discard(
  topics: Topics,
  topic: Topic,
  subscription: Subscription,
  published: Published,
  error: AwsError,
): void {
  record(topics, subscription, published, {
    outcome: 'failed',
    summary: `message of ${topic.name} to ${subscription.endpoint} discarded: ${error.code}`,
    data: { messageId: published.id, reason: error.message },
  });
  topics.measure(topic, 'NumberOfNotificationsFailed');
}

function request(runtime: Runtime, topic: Topic, subscription: Subscription, published: Published): CallRequest {
  const principal = { kind: 'service', service: 'sns.amazonaws.com', sourceArn: topic.arn } as const;
  const common = { principal, parents: [published.hop] };
  if (subscription.protocol === 'lambda') {
    const Payload = JSON.stringify(lambdaEvent(runtime, topic, subscription, published));
    const input = { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload };
    return { service: 'lambda', operation: 'Invoke', input, ...common };
  }
  const [account, name] = subscription.endpoint.split(':').slice(4);
  const QueueUrl = `${runtime.endpoint}/${account}/${name}`;
  const input = subscription.raw
    ? { QueueUrl, MessageBody: published.message, MessageAttributes: published.attributes }
    : { QueueUrl, MessageBody: JSON.stringify(notification(runtime, topic, subscription, published)) };
  return { service: 'sqs', operation: 'SendMessage', input, ...common };
}
