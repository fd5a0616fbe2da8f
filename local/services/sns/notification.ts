import type { Runtime } from '../../runtime';
import type { Subscription, Topic } from './topics';

/** An attribute of a published message; `BinaryValue` is base64. */
export interface PublishedAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** What was published. */
export interface Published {
  readonly id: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, PublishedAttribute>>;
  /** Epoch milliseconds. */
  readonly time: number;
  /** The hop of Publish. */
  readonly hop: number;
}

/**
 * The JSON document a queue gets without raw delivery. It is not signed: what verifies signatures must fail here.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notification(runtime: Runtime, topic: Topic, subscription: Subscription, published: Published) {
  const attributes = Object.entries(published.attributes).map(([name, value]) => [
    name,
    { Type: value.DataType, Value: value.StringValue ?? value.BinaryValue },
  ]);
  return {
    Type: 'Notification',
    MessageId: published.id,
    TopicArn: topic.arn,
    ...(published.subject !== undefined && { Subject: published.subject }),
    Message: published.message,
    Timestamp: new Date(published.time).toISOString(),
    SignatureVersion: String(topic.signatureVersion),
    Signature: '',
    SigningCertURL: `${runtime.endpoint}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${runtime.endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

/**
 * The event a function gets.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function lambdaEvent(runtime: Runtime, topic: Topic, subscription: Subscription, published: Published) {
  const { SigningCertURL, UnsubscribeURL, Subject, MessageAttributes, ...rest } = notification(
    runtime,
    topic,
    subscription,
    published,
  );
  return {
    Records: [
      {
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        EventSource: 'aws:sns',
        Sns: {
          ...rest,
          Subject: Subject ?? null,
          SigningCertUrl: SigningCertURL,
          UnsubscribeUrl: UnsubscribeURL,
          MessageAttributes: MessageAttributes ?? {},
        },
      },
    ],
  };
}
