import { account, queueArn, setUp, topicArn } from './topic';

describe('resources', () => {
  test.each([
    ['aws_sns_topic', { fifo_topic: true }, 'FIFO topics are not modelled'],
    ['aws_sns_topic', { delivery_policy: '{}' }, 'delivery_policy'],
    ['aws_sns_topic', { content_based_deduplication: true }, 'content_based_deduplication'],
    ['aws_sns_topic', { kms_master_key_id: 'alias/aws/sns' }, 'not modelled'],
    ['aws_sns_topic_subscription', { protocol: 'https' }, 'email, sqs and lambda only'],
    [
      'aws_sns_topic_subscription',
      { endpoint: queueArn },
      `expected an e-mail address for protocol email, got ${queueArn}`,
    ],
    ['aws_sns_topic_subscription', { raw_message_delivery: true }, 'only protocol sqs has raw delivery'],
    ['aws_sns_topic_subscription', { filter_policy: '{}' }, 'filter_policy is not modelled'],
    ['aws_sns_topic_subscription', { redrive_policy: '{}' }, 'redrive_policy'],
  ])('%s refuses %j', async (type, given, message) => {
    const { create } = setUp();
    const least =
      type === 'aws_sns_topic'
        ? { name: 'alarms' }
        : { topic_arn: topicArn, protocol: 'email', endpoint: 'ops@example.com' };
    await expect(create(type, { ...least, ...given })).rejects.toThrow(message);
  });

  test('a topic name can be taken once', async () => {
    const { create } = setUp();
    expect(await create('aws_sns_topic', { name: 'alarms' })).toEqual({
      arn: topicArn,
      id: topicArn,
      name: 'alarms',
      owner: account,
    });
    await expect(create('aws_sns_topic', { name: 'alarms' })).rejects.toThrow('core/aws_sns_topic.x');
  });

  test('are listed', async () => {
    const { create, subscribe, call } = setUp();
    await create('aws_sns_topic', { name: 'alarms', display_name: 'Alarms', tracing_config: 'Active' });
    const { arn } = await subscribe('email', 'ops@example.com');
    expect(await call('ListTopics', {})).toEqual({ Topics: [{ TopicArn: topicArn }] });
    const Subscriptions = [
      { SubscriptionArn: arn, Owner: account, Protocol: 'email', Endpoint: 'ops@example.com', TopicArn: topicArn },
    ];
    expect(await call('ListSubscriptions', {})).toEqual({ Subscriptions });
    expect(await call('ListSubscriptionsByTopic', { TopicArn: topicArn })).toEqual({ Subscriptions });
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: topicArn });
    expect(Attributes).toMatchObject({
      TopicArn: topicArn,
      DisplayName: 'Alarms',
      SubscriptionsConfirmed: '1',
      TracingConfig: 'Active',
    });
  });
});
