import { type AuthorizationRequest, Iam } from '../../local/iam';
import { simulatedClock } from '../../local/clock';
import type { RolePrincipal } from '../../local/principal';
import { synthesize, type Synthesized } from '../synthesis';

const account = '123456789012';
const arn = (resource: string) => `arn:aws:iam::${account}:${resource}`;
const boundaryArn = arn('policy/outbox-staging-boundary');

const stacks = synthesize({
  OUTBOX_ENVIRONMENT: 'staging',
  OUTBOX_GITHUB_REPOSITORY: 'acme/shop',
}) as Record<string, Synthesized>;

/** A policy with the partition and the account that AWS would put in. */
const filled = (text: string) =>
  text.replaceAll(/\$\{data\.aws_partition[^}]*\}/g, 'aws').replaceAll(/\$\{data[^}]*\}/g, account);

const { aws_iam_policy: managed, aws_iam_role_policy: inline } = stacks['github-access']!.json.resource;
const everything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
const trustPolicy = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

const session = (name: string): RolePrincipal => ({
  kind: 'role',
  roleArn: arn(`role/${name}`),
  arn: `arn:aws:sts::${account}:assumed-role/${name}/session`,
});
const attacker = session('outbox-staging-github-apply');

/** The account as an administrator left it: the role that applies, and whoever controls a deployment has it. */
function accountOf(): Iam {
  const iam = new Iam(account, { region: 'eu-central-1', clock: simulatedClock() });
  iam.putRole({ arn: attacker.roleArn, name: 'outbox-staging-github-apply', trustPolicy });
  for (const name of ['read', 'roles'])
    iam.putRolePolicy(attacker.roleArn, arn(`policy/outbox-staging-github-${name}`), filled(managed[name].policy));
  iam.putRolePolicy(attacker.roleArn, 'permissions', filled(inline['apply-permissions'].policy));
  return iam;
}

const iam = accountOf();

function may(action: string, resource: string, context: AuthorizationRequest['context'] = {}): boolean {
  return iam.authorize({ principal: attacker, action, resource, context }).allowed;
}

const worker = arn('role/outbox-staging-worker');
/** A request that concerns a role with this boundary; for `iam:CreateRole` and `iam:PutRolePermissionsBoundary`, the one asked for. */
const bounded = { 'iam:PermissionsBoundary': boundaryArn };
const otherBoundary = { 'iam:PermissionsBoundary': arn('policy/outbox-staging-github-read') };

test('a deployment still makes, changes and deletes roles of the environment', () => {
  for (const action of [
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:DeleteRolePolicy',
  ])
    expect([action, may(action, worker, bounded)]).toEqual([action, true]);
  for (const action of ['iam:GetRole', 'iam:TagRole', 'iam:UpdateAssumeRolePolicy', 'iam:DeleteRole'])
    expect([action, may(action, worker)]).toEqual([action, true]);
  expect(may('iam:PassRole', worker, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(true);
});

describe('whoever has the apply role cannot', () => {
  test.each(['iam:CreateRole', 'iam:PutRolePermissionsBoundary'])(
    'make a role without the boundary, or put another in its place: %s',
    (action) => {
      expect(may(action, worker)).toBe(false);
      expect(may(action, worker, otherBoundary)).toBe(false);
      expect(may(action, worker, { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess' })).toBe(
        false,
      );
      expect(may(action, worker, { 'iam:PermissionsBoundary': arn('policy/path/outbox-staging-boundary') })).toBe(
        false,
      );
    },
  );

  test('write policies of a role that was made without the boundary', () => {
    for (const action of ['iam:PutRolePolicy', 'iam:DeleteRolePolicy']) {
      expect(may(action, worker)).toBe(false);
      expect(may(action, worker, otherBoundary)).toBe(false);
    }
  });

  test('take the boundary away', () => {
    expect(may('iam:DeleteRolePermissionsBoundary', worker)).toBe(false);
    expect(may('iam:DeleteRolePermissionsBoundary', worker, bounded)).toBe(false);
  });

  test('change the boundary, though a policy is added that allows it', () => {
    const actions = ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'];
    const careless = accountOf();
    careless.putRolePolicy(attacker.roleArn, 'added', everything);
    for (const action of actions.map((name) => `iam:${name}`)) {
      expect([action, may(action, boundaryArn)]).toEqual([action, false]);
      expect(careless.authorize({ principal: attacker, action, resource: boundaryArn }).allowed).toBe(false);
    }
    const remove = { principal: attacker, action: 'iam:DeleteRolePermissionsBoundary', resource: worker };
    expect(careless.authorize(remove).allowed).toBe(false);
  });

  test('attach a policy to any role, AdministratorAccess to its own among them', () => {
    const given = { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' };
    for (const role of [worker, attacker.roleArn, arn('role/admin')]) {
      expect(may('iam:AttachRolePolicy', role, { ...given, ...bounded })).toBe(false);
      expect(may('iam:AttachRolePolicy', role, given)).toBe(false);
    }
  });

  test.each(['github-apply', 'github-plan'])('change the role %s or give it to a service', (name) => {
    const role = arn(`role/outbox-staging-${name}`);
    const actions = [
      'CreateRole',
      'DeleteRole',
      'DeleteRolePolicy',
      'PutRolePermissionsBoundary',
      'PutRolePolicy',
      'TagRole',
    ];
    for (const action of [...actions, 'UpdateAssumeRolePolicy', 'UpdateRole'].map((one) => `iam:${one}`))
      expect([action, may(action, role, bounded)]).toEqual([action, false]);
    expect(may('iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
  });

  test('change the roles of workflows of a project whose name begins like project and environment', () => {
    for (const name of ['outbox-staging-prod-github-apply', 'outbox-staging-prod-github-plan'])
      for (const action of ['PutRolePermissionsBoundary', 'PutRolePolicy', 'UpdateAssumeRolePolicy'])
        expect([name, action, may(`iam:${action}`, arn(`role/${name}`), bounded)]).toEqual([name, action, false]);
  });

  test('listen to the default bus, or to that of others: rules are of the own bus', () => {
    const rule = (path: string) => `arn:aws:events:eu-central-1:${account}:rule/${path}`;
    for (const action of ['events:PutRule', 'events:PutTargets']) {
      expect(may(action, rule('outbox-staging-events/outbox-staging-order-created'))).toBe(true);
      for (const path of ['outbox-staging-spy', 'billing/outbox-staging-spy', 'outbox-staging-events/spy'])
        expect([path, may(action, rule(path))]).toEqual([path, false]);
    }
  });

  test('pass a foreign role, or one of its own to a foreign service', () => {
    expect(may('iam:PassRole', arn('role/admin'), { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
    expect(may('iam:PassRole', arn('role/outbox-prod-worker'), { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(
      false,
    );
    for (const service of ['ec2', 'cloudformation', 'codebuild', 'glue', 'ecs-tasks', 'events'])
      expect(may('iam:PassRole', worker, { 'iam:PassedToService': `${service}.amazonaws.com` })).toBe(false);
    expect(may('iam:PassRole', worker)).toBe(false);
  });

  test('become somebody else: users, keys, groups, providers, versions of policies, other roles', () => {
    const user = arn('user/outbox-staging-worker');
    for (const action of ['CreateUser', 'CreateAccessKey', 'PutUserPolicy', 'AttachUserPolicy', 'CreateLoginProfile'])
      expect([action, may(`iam:${action}`, user, bounded)]).toEqual([action, false]);
    for (const action of ['CreatePolicy', 'CreatePolicyVersion', 'SetDefaultPolicyVersion'])
      expect([action, may(`iam:${action}`, arn('policy/outbox-staging-github-roles'))]).toEqual([action, false]);
    const provider = arn('oidc-provider/token.actions.githubusercontent.com');
    for (const action of ['AddClientIDToOpenIDConnectProvider', 'CreateOpenIDConnectProvider'])
      expect([action, may(`iam:${action}`, provider)]).toEqual([action, false]);
    expect(may('iam:CreateInstanceProfile', arn('instance-profile/outbox-staging-worker'))).toBe(false);
    expect(may('iam:CreateServiceLinkedRole', arn('role/aws-service-role/x/y'))).toBe(false);
    for (const role of [worker, arn('role/admin')]) expect(may('sts:AssumeRole', role)).toBe(false);
  });

  test('run code with a foreign role: functions of others are not changed', () => {
    const foreign = `arn:aws:lambda:eu-central-1:${account}:function:billing`;
    for (const action of ['CreateFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'AddPermission'])
      expect([action, may(`lambda:${action}`, foreign)]).toEqual([action, false]);
  });
});

describe('a role that may do anything by its own policies', () => {
  const role = session('outbox-staging-worker');
  const own = accountOf();
  const document = filled(managed.boundary.policy);
  own.putRole({ arn: worker, name: 'outbox-staging-worker', trustPolicy, boundary: { arn: boundaryArn, document } });
  own.putRolePolicy(worker, 'admin', everything);
  own.putRole({
    arn: arn('role/admin'),
    name: 'admin',
    trustPolicy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: [`arn:aws:iam::${account}:root`, worker] },
        Action: 'sts:AssumeRole',
      },
    },
  });
  own.putRolePolicy(arn('role/admin'), 'all', everything);
  const decide = (action: string, resource: string) => own.authorize({ principal: role, action, resource });

  test.each([
    ['iam:CreateRole', worker],
    ['iam:PutRolePolicy', attacker.roleArn],
    ['iam:CreateAccessKey', arn('user/root')],
    ['iam:CreatePolicyVersion', boundaryArn],
    ['iam:DeleteRolePermissionsBoundary', worker],
    ['iam:PassRole', arn('role/admin')],
    ['sts:AssumeRole', arn('role/admin')],
    ['lambda:UpdateFunctionCode', `arn:aws:lambda:eu-central-1:${account}:function:outbox-staging-worker`],
    ['lambda:InvokeFunction', `arn:aws:lambda:eu-central-1:${account}:function:billing`],
    ['dynamodb:GetItem', `arn:aws:dynamodb:eu-central-1:${account}:table/billing`],
    ['s3:GetObject', 'arn:aws:s3:::outbox-staging-terraform-state/outbox/staging/outbox-core.tfstate'],
    ['s3:PutObject', 'arn:aws:s3:::outbox-staging-terraform-state/outbox/staging/outbox-core.tfstate'],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-central-1:${account}:secret:any`],
    ['ec2:RunInstances', '*'],
  ])('may not %s on %s, and is told why', (action, resource) => {
    expect(decide(action, resource)).toMatchObject({
      allowed: false,
      reason: `no permissions boundary allows the ${action} action`,
    });
  });

  test('does what the environment is for', () => {
    expect(
      decide('dynamodb:PutItem', `arn:aws:dynamodb:eu-central-1:${account}:table/outbox-staging-orders`).allowed,
    ).toBe(true);
    expect(decide('sqs:SendMessage', `arn:aws:sqs:eu-central-1:${account}:outbox-staging-orders`).allowed).toBe(true);
    expect(decide('sqs:SendMessage', `arn:aws:sqs:eu-central-1:${account}:outbox-prod-orders`).allowed).toBe(false);
  });
});
