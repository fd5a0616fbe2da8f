import { AlarmTopic } from '../../constructs/alarm-topic';
import { ServiceRole } from '../../constructs/service-role';
import { Topic } from '../../constructs/topic';
import { encryptedStack, statementsOf } from './stack';

function topic(email?: string) {
  const it = encryptedStack();
  return { ...it, topic: new Topic(it.stack, 'it', { name: 'news', encryptionKey: it.encryptionKey, email }) };
}

test('is encrypted with the key and reached over TLS only', () => {
  const it = topic().synthesized();
  expect(it.one('aws_sns_topic')).toMatchObject({
    name: 'outbox-dev-news',
    kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/),
  });
  const statements = statementsOf(it.one('aws_sns_topic_policy').policy);
  expect(Object.keys(statements)).toEqual(['TlsOnly']);
  expect(statements.TlsOnly).toMatchObject({
    Effect: 'Deny',
    Resource: expect.stringMatching(/^\$\{aws_sns_topic\.\w+\.arn\}$/),
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

test('mails to whom it is told', () => {
  expect(topic().synthesized().counts.aws_sns_topic_subscription).toBeUndefined();
  expect(topic('ops@example.com').synthesized().one('aws_sns_topic_subscription')).toMatchObject({
    topic_arn: expect.stringMatching(/^\$\{aws_sns_topic\.\w+\.arn\}$/),
    protocol: 'email',
    endpoint: 'ops@example.com',
  });
});

test('once a role may publish, others may not', () => {
  const it = topic();
  it.topic.grantPublish(new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com' }));
  const stack = it.synthesized();
  expect(statementsOf(stack.one('aws_iam_role_policy').policy)).toMatchObject({
    PublishToTopic: { Action: ['sns:Publish'], Resource: expect.stringMatching(/^\$\{aws_sns_topic\.\w+\.arn\}$/) },
    EncryptInSns: {
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringEquals: { 'kms:ViaService': 'sns.eu-central-1.amazonaws.com' } },
    },
  });
  expect(statementsOf(stack.one('aws_sns_topic_policy').policy).NoOtherPublishers).toMatchObject({
    Effect: 'Deny',
    Principal: '*',
    Action: ['sns:Publish'],
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': [expect.stringMatching(/^\$\{aws_iam_role\.\w+\.arn\}$/)] } },
  });
});

test('the topic of alarms takes them from CloudWatch of this account', () => {
  const { stack, encryptionKey, synthesized } = encryptedStack({ OUTBOX_ALARM_EMAIL: 'ops@example.com' });
  new AlarmTopic(stack, 'it', { name: 'alarms', encryptionKey });
  const it = synthesized();
  expect(it.one('aws_sns_topic_subscription').endpoint).toBe('ops@example.com');
  expect(statementsOf(it.one('aws_sns_topic_policy').policy)).toMatchObject({
    PublishedByAlarms: {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': expect.stringContaining('account_id') } },
    },
    TlsOnly: { Effect: 'Deny' },
  });
});
