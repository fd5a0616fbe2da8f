import { LogGroup } from '../../constructs/log-group';
import { encryptedStack, statementsOf } from './stack';

function logGroup() {
  const { stack, encryptionKey, synthesized } = encryptedStack();
  return { group: new LogGroup(stack, 'it', { prefix: '/aws/events', name: 'audit', encryptionKey }), synthesized };
}

test('is encrypted, and keeps lines as long as the settings say', () => {
  expect(logGroup().synthesized().one('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/events/outbox-dev-audit',
    kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/),
    retention_in_days: 30,
  });
});

test('a rule that is granted it may write events, no other rule may', () => {
  const { group, synthesized } = logGroup();
  group.grantRule('arn:rule');
  const policy = synthesized().one('aws_cloudwatch_log_resource_policy');
  expect(policy.policy_name).toBe('outbox-dev-it-logs');
  const Resource = expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/);
  const Principal = { Service: 'events.amazonaws.com' };
  expect(statementsOf(policy.policy_document)).toEqual({
    OpenStream: { Sid: 'OpenStream', Effect: 'Allow', Principal, Action: ['logs:CreateLogStream'], Resource },
    WriteEvents: {
      Sid: 'WriteEvents',
      Effect: 'Allow',
      Principal,
      Action: ['logs:PutLogEvents'],
      Resource,
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:rule' } },
    },
  });
});
