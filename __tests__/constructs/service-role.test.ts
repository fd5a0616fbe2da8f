import { ServiceRole, type ServiceRoleProps } from '../../constructs/service-role';
import { statementsOf, testStack } from './stack';

function role(props: Partial<ServiceRoleProps> = {}, env: Record<string, string> = {}) {
  const it = testStack(env);
  return {
    ...it,
    role: new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com', ...props }),
  };
}

const read = { Sid: 'Read', Action: ['s3:GetObject'] };

test('is assumed by its service, and by no other', () => {
  const { assume_role_policy, name } = role().synthesized().one('aws_iam_role');
  expect(name).toBe('outbox-dev-worker');
  expect(JSON.parse(assume_role_policy).Statement).toEqual([
    {
      Sid: 'AssumedByService',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ]);
});

test('is assumed on behalf of the one resource given, in this account', () => {
  const { assume_role_policy } = role({ sourceArn: 'arn:pipe' }).synthesized().one('aws_iam_role');
  expect(statementsOf(assume_role_policy).AssumedByService.Condition).toEqual({
    ArnEquals: { 'aws:SourceArn': 'arn:pipe' },
    StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.account.account_id}' },
  });
});

test('carries the boundary of the environment, by name, where the setting says so', () => {
  expect(role().synthesized().one('aws_iam_role')).not.toHaveProperty('permissions_boundary');
  const { permissions_boundary: boundary } = role({}, { OUTBOX_PERMISSIONS_BOUNDARY: 'true' })
    .synthesized()
    .one('aws_iam_role');
  expect(boundary).toMatch(/^arn:\$\{data\.aws_partition[^}]*\}:iam::\$\{data[^}]*\}:policy\/outbox-dev-boundary$/);
});

test('statements of one Sid become one, with the resources of all', () => {
  const it = role();
  it.role.allow({ ...read, Resource: 'a' });
  it.role.allow({ Sid: 'Other', Action: 'sns:Publish', Resource: 'a' });
  it.role.allow({ ...read, Resource: ['b', 'a'] });
  expect(JSON.parse(it.synthesized().one('aws_iam_role_policy').policy).Statement).toEqual([
    { ...read, Effect: 'Allow', Resource: ['a', 'b'] },
    { Sid: 'Other', Effect: 'Allow', Action: 'sns:Publish', Resource: 'a' },
  ]);
});

test('the same statement twice stays as it is', () => {
  const it = role();
  it.role.allow({ ...read, Resource: 'a' });
  it.role.allow({ ...read, Resource: 'a' });
  expect(statementsOf(it.synthesized().one('aws_iam_role_policy').policy).Read.Resource).toBe('a');
});
