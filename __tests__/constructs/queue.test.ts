import { Queue, type QueueProps } from '../../constructs/queue';
import { ServiceRole } from '../../constructs/service-role';
import { encryptedStack, statementsOf } from './stack';

function queue(props: Partial<QueueProps> = {}) {
  const it = encryptedStack();
  return { ...it, queue: new Queue(it.stack, 'queue', { name: 'work', encryptionKey: it.encryptionKey, ...props }) };
}

const self =
  'arn:${data.aws_partition.partition.partition}:sqs:eu-central-1:${data.aws_caller_identity.account.account_id}:';

test('is encrypted, keeps messages 14 days, and lets nobody send', () => {
  const { synthesized } = queue();
  const { policy, redrive_allow_policy, ...rest } = synthesized().one('aws_sqs_queue');
  expect(rest).toMatchObject({
    name: 'outbox-dev-work',
    kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/),
    message_retention_seconds: 1_209_600,
    visibility_timeout_seconds: 30,
  });
  expect(rest).not.toHaveProperty('redrive_policy');
  expect(Object.keys(statementsOf(policy))).toEqual(['TlsOnly']);
  expect(JSON.parse(redrive_allow_policy)).toEqual({ redrivePermission: 'denyAll' });
});

test('a rule that is granted may send, on its own behalf only', () => {
  const it = queue();
  it.queue.grantRule('arn:rule');
  const { SentByRule } = statementsOf(it.synthesized().one('aws_sqs_queue').policy);
  expect(SentByRule).toEqual({
    Sid: 'SentByRule',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['sqs:SendMessage'],
    Resource: `${self}outbox-dev-work`,
    Condition: { ArnEquals: { 'aws:SourceArn': 'arn:rule' } },
  });
});

test('a dead-letter queue takes messages of its queue alone', () => {
  const { synthesized } = queue({ maxReceiveCount: 5 });
  const stack = synthesized();
  const queues = Object.entries(stack.all('aws_sqs_queue'));
  const [dlqKey, dlq] = queues.find(([, { name }]) => name === 'outbox-dev-work-dlq')!;
  const main = queues.find(([, { name }]) => name === 'outbox-dev-work')![1];
  expect(JSON.parse(main.redrive_policy)).toEqual({
    deadLetterTargetArn: `\${aws_sqs_queue.${dlqKey}.arn}`,
    maxReceiveCount: 5,
  });
  expect(JSON.parse(dlq.redrive_allow_policy)).toEqual({
    redrivePermission: 'byQueue',
    sourceQueueArns: [`${self}outbox-dev-work`],
  });
  expect(JSON.parse(main.redrive_allow_policy)).toEqual({ redrivePermission: 'denyAll' });
});

test.each([
  ['grantSend', 'SendToQueue', ['sqs:SendMessage'], 'EncryptInSqs', ['kms:Decrypt', 'kms:GenerateDataKey']],
  [
    'grantConsume',
    'ConsumeQueue',
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    'DecryptInSqs',
    ['kms:Decrypt'],
  ],
] as const)('%s allows a role that, and the use of the key through SQS', (grant, sid, actions, keySid, keyActions) => {
  const it = queue();
  it.queue[grant](new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com' }));
  const statements = statementsOf(it.synthesized().one('aws_iam_role_policy').policy);
  expect(Object.keys(statements)).toEqual([sid, keySid]);
  expect(statements[sid]).toMatchObject({
    Action: actions,
    Resource: expect.stringMatching(/^\$\{aws_sqs_queue\.\w+\.arn\}$/),
  });
  expect(statements[keySid]).toMatchObject({
    Action: keyActions,
    Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-central-1.amazonaws.com' } },
  });
});
