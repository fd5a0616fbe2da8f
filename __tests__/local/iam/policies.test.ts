import type { Principal } from '../../../local/principal';
import {
  account,
  allow,
  ask,
  deny,
  events,
  everybody,
  otherRoleArn,
  policy,
  queue,
  reasonOf,
  region,
  resourceDeny,
  role,
  roleArn,
  root,
  ruleArn,
  sessionArn,
  type Statement,
  user,
  world,
  type World,
} from './account';

const noIdentity = 'no identity-based policy allows the sqs:SendMessage action';
const noResource = 'no resource-based policy allows the sqs:SendMessage action';
const identityDeny = 'with an explicit deny in an identity-based policy';

describe('identity and resource policies', () => {
  test.each<[string, World, Principal, string]>([
    ['a role without policies', {}, role, noIdentity],
    ['a role whose policy allows', { identity: [allow()] }, role, 'allowed'],
    [
      'a role whose policy allows something else',
      { identity: [allow({ Action: 'sqs:ReceiveMessage' })] },
      role,
      noIdentity,
    ],
    ['a role whose policy allows and denies', { identity: [allow(), deny()] }, role, identityDeny],
    ['a role named by the resource', { resource: [allow({ Principal: { AWS: roleArn } })] }, role, 'allowed'],
    ['a session named by the resource', { resource: [allow({ Principal: { AWS: sessionArn } })] }, role, 'allowed'],
    [
      'another session named by the resource',
      { resource: [allow({ Principal: { AWS: `${sessionArn}2` } })] },
      role,
      noIdentity,
    ],
    [
      'another role named by the resource',
      { resource: [allow({ Principal: { AWS: otherRoleArn } })] },
      role,
      noIdentity,
    ],
    ['a role where the resource names everybody', { resource: [allow(everybody)] }, role, 'allowed'],
    [
      'a role where the resource names every AWS principal',
      { resource: [allow({ Principal: { AWS: '*' } })] },
      role,
      'allowed',
    ],
    [
      'a role where the resource names only the account',
      { resource: [allow({ Principal: { AWS: root } })] },
      role,
      noIdentity,
    ],
    [
      'a role where the resource names the account by number',
      { resource: [allow({ Principal: { AWS: account } })] },
      role,
      noIdentity,
    ],
    [
      'a role where both allow',
      { identity: [allow()], resource: [allow({ Principal: { AWS: root } })] },
      role,
      'allowed',
    ],
    [
      'a role that the resource denies',
      { identity: [allow()], resource: [deny({ Principal: { AWS: roleArn } })] },
      role,
      resourceDeny,
    ],
    [
      'a role whose account the resource denies',
      { identity: [allow()], resource: [deny({ Principal: { AWS: account } })] },
      role,
      resourceDeny,
    ],
    [
      'a role that only its policy denies',
      { identity: [deny()], resource: [allow({ Principal: { AWS: roleArn } })] },
      role,
      identityDeny,
    ],
    [
      'a role where another is denied',
      { identity: [allow()], resource: [deny({ Principal: { AWS: otherRoleArn } })] },
      role,
      'allowed',
    ],
    ['the administrator', {}, user, 'allowed'],
    ['the administrator whom the resource denies', { resource: [deny(everybody)] }, user, resourceDeny],
    ['a service without a resource policy', {}, events, noResource],
    [
      'a service named by the resource',
      { resource: [allow({ Principal: { Service: 'events.amazonaws.com' } })] },
      events,
      'allowed',
    ],
    [
      'a service among several',
      { resource: [allow({ Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] } })] },
      events,
      'allowed',
    ],
    [
      'another service named by the resource',
      { resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] },
      events,
      noResource,
    ],
    ['a service where everybody is named', { resource: [allow(everybody)] }, events, 'allowed'],
    ['a service where the account is named', { resource: [allow({ Principal: { AWS: root } })] }, events, noResource],
    ['a service where everybody is denied', { resource: [allow(everybody), deny(everybody)] }, events, resourceDeny],
    [
      'a role where a service is named',
      { resource: [allow({ Principal: { Service: 'events.amazonaws.com' } })] },
      role,
      noIdentity,
    ],
  ])('%s: %#', (_name, setting, principal, expected) => {
    expect(reasonOf(ask(setting, { principal }))).toBe(expected);
  });

  test('a role nobody made has no policies', () => {
    const principal: Principal = { kind: 'role', roleArn: `${roleArn}-gone`, arn: sessionArn };
    expect(reasonOf(ask({ identity: [allow()] }, { principal }))).toBe(noIdentity);
  });

  test('an allow says which statement of which policy it is', () => {
    const iam = world({ identity: [allow({ Action: 'sqs:ReceiveMessage' }), allow({ Sid: 'Send' })] });
    expect(iam.authorize({ principal: role, action: 'sqs:SendMessage', resource: queue })).toEqual({
      allowed: true,
      by: { policy: 'role/relay: inline', statement: 'Send' },
    });
    iam.setResourcePolicy(queue, policy(deny({ ...everybody, Action: 'sqs:DeleteQueue' }), deny(everybody)));
    expect(iam.authorize({ principal: role, action: 'sqs:SendMessage', resource: queue })).toMatchObject({
      by: { policy: queue, statement: '1' },
    });
    expect(iam.authorize({ principal: user, action: 'sqs:ListQueues', resource: '*' })).toMatchObject({
      by: { policy: 'AdministratorAccess', statement: '0' },
    });
  });

  test('a policy set again replaces the former', () => {
    const iam = world({ identity: [allow()] });
    iam.putRolePolicy(roleArn, 'inline', policy(allow({ Action: 'sqs:ReceiveMessage' })));
    expect(iam.authorize({ principal: role, action: 'sqs:SendMessage', resource: queue }).allowed).toBe(false);
  });

  test('objects are under the policy of their bucket', () => {
    const iam = world({});
    const bucket = 'arn:aws:s3:::state';
    const secure = { Bool: { 'aws:SecureTransport': 'false' } };
    iam.setResourcePolicy(
      bucket,
      policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucket, `${bucket}/*`], Condition: secure }),
    );
    const get = { principal: user, action: 's3:GetObject', resource: `${bucket}/a/b` };
    expect(iam.authorize(get).allowed).toBe(true);
    expect(reasonOf(iam.authorize({ ...get, context: { 'aws:SecureTransport': 'false' } }))).toBe(resourceDeny);
  });

  test('NotPrincipal spares only whom it names whole', () => {
    const except = (...AWS: string[]) => ({ identity: [allow()], resource: [deny({ NotPrincipal: { AWS } })] });
    expect(ask(except(roleArn)).allowed).toBe(false);
    expect(ask(except(root, roleArn)).allowed).toBe(false);
    expect(ask(except(root, sessionArn)).allowed).toBe(false);
    expect(ask(except(roleArn, sessionArn)).allowed).toBe(false);
    expect(ask(except(root, roleArn, sessionArn)).allowed).toBe(true);
    expect(ask(except(root, (user as { arn: string }).arn), { principal: user }).allowed).toBe(true);
    expect(ask(except(root, roleArn, sessionArn), { principal: user }).allowed).toBe(false);
    const service = { resource: [allow(everybody), deny({ NotPrincipal: { Service: 'events.amazonaws.com' } })] };
    expect(ask(service, { principal: events }).allowed).toBe(true);
    expect(ask(service).allowed).toBe(false);
  });
});

describe('actions and resources', () => {
  test.each<[Statement, string, string, boolean]>([
    [{ Action: '*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'SQS:sendmessage', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:Send*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:send*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:?endMessage', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:SendMessage?', Resource: '*' }, 'sqs:SendMessage', queue, false],
    [{ Action: 'sns:*', Resource: '*' }, 'sqs:SendMessage', queue, false],
    [{ Action: ['sqs:ReceiveMessage', 'sqs:SendMessage'], Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ NotAction: 'sqs:DeleteQueue', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ NotAction: 'sqs:Send*', Resource: '*' }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', Resource: queue.toUpperCase().replace('ARN:AWS', 'arn:aws') }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', Resource: `arn:aws:sqs:*:${account}:orders` }, 'sqs:SendMessage', queue, true],
    [{ Action: '*', Resource: 'arn:aws:sqs:*:*:*' }, 'sqs:SendMessage', queue, true],
    [{ Action: '*', Resource: 'arn:aws:sqs:eu-*:orders:*' }, 'sqs:SendMessage', `${queue}:x`, true],
    [{ Action: '*', Resource: `arn:aws:sqs:${region}:${account}:order?` }, 'sqs:SendMessage', queue, true],
    [{ Action: '*', Resource: `arn:aws:sqs:${region}:${account}:order.` }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', Resource: `${queue}*` }, 'sqs:SendMessage', `${queue}-dlq`, true],
    [{ Action: '*', Resource: queue }, 'sqs:SendMessage', `${queue}-dlq`, false],
    [{ Action: '*', Resource: queue }, 'sqs:ListQueues', '*', false],
    [
      { Action: '*', Resource: `arn:aws:dynamodb:${region}:${account}:table/orders*stream/*` },
      'dynamodb:GetRecords',
      `arn:aws:dynamodb:${region}:${account}:table/orders/stream/2026-01-01T00:00:00.000`,
      true,
    ],
    [{ Action: '*', NotResource: queue }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', NotResource: `${queue}-dlq` }, 'sqs:SendMessage', queue, true],
  ])('%j on %s %s', (statement, action, resource, expected) => {
    expect(ask({ identity: [{ Effect: 'Allow', ...statement }] }, { action, resource }).allowed).toBe(expected);
  });
});

describe('statements appended to a resource', () => {
  const functionArn = `arn:aws:lambda:${region}:${account}:function:f`;
  const invoke = { principal: events, action: 'lambda:InvokeFunction', resource: functionArn };
  const permission = (Sid: string, SourceArn: string) => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
  });

  test('add up, are told by Sid and can be taken away', () => {
    const iam = world({});
    iam.appendResourceStatement(functionArn, permission('other', `${ruleArn}-other`));
    expect(iam.authorize(invoke).allowed).toBe(false);
    iam.appendResourceStatement(functionArn, permission('rule', ruleArn));
    expect(iam.authorize(invoke)).toEqual({ allowed: true, by: { policy: functionArn, statement: 'rule' } });
    expect(iam.resourcePolicy(functionArn)).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Sid: 'other' }, { Sid: 'rule' }],
    });
    expect(() => iam.appendResourceStatement(functionArn, permission('rule', ruleArn))).toThrow(
      'The statement id (rule) provided already exists',
    );
    expect(iam.removeResourceStatement(functionArn, 'rule')).toBe(true);
    expect(iam.removeResourceStatement(functionArn, 'rule')).toBe(false);
    expect(iam.authorize(invoke).allowed).toBe(false);
    iam.removeResourceStatement(functionArn, 'other');
    expect(iam.resourcePolicy(functionArn)).toBeUndefined();
  });
});
