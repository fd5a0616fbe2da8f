import * as fc from 'fast-check';
import { type AuthorizationRequest, type Decision, Iam } from '../../local/iam';
import { simulatedClock } from '../../local/clock';
import type { Principal } from '../../local/principal';

const account = '123456789012';
const region = 'eu-central-1';
const queue = `arn:aws:sqs:${region}:${account}:orders`;
const key = `arn:aws:kms:${region}:${account}:key/5f2c1a`;
const roleArn = `arn:aws:iam::${account}:role/relay`;
const sessionArn = `arn:aws:sts::${account}:assumed-role/relay/one`;
const otherRoleArn = `arn:aws:iam::${account}:role/service/other`;
const root = `arn:aws:iam::${account}:root`;
const ruleArn = `arn:aws:events:${region}:${account}:rule/bus/created`;

const role: Principal = { kind: 'role', roleArn, arn: sessionArn };
const user: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/developer` };
const events: Principal = { kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn };

type Statement = Record<string, unknown>;

const policy = (...statements: Statement[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: queue,
  ...more,
});
const deny = (more: Statement = {}): Statement => ({
  Effect: 'Deny',
  Action: 'sqs:SendMessage',
  Resource: queue,
  ...more,
});
const trust = (more: Statement): Statement => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...more });
const everybody = { Principal: '*' };

interface World {
  identity?: Statement[];
  resource?: Statement[];
  key?: Statement[];
  trust?: Statement[];
}

function world({ identity, resource, key: keyPolicy, trust: trusts }: World): Iam {
  const iam = new Iam(account, { region, clock: simulatedClock() });
  const trustPolicy = policy(trust({ Principal: { Service: 'pipes.amazonaws.com' } }));
  iam.putRole({ arn: roleArn, name: 'relay', trustPolicy });
  iam.putRole({ arn: otherRoleArn, name: 'other', trustPolicy });
  if (trusts) iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: policy(...trusts.map(trust)) });
  if (identity) iam.putRolePolicy(roleArn, 'inline', policy(...identity));
  if (resource) iam.setResourcePolicy(queue, policy(...resource));
  if (keyPolicy) iam.setResourcePolicy(key, policy(...keyPolicy), 'key');
  return iam;
}

function ask(setting: World, request: Partial<AuthorizationRequest> = {}): Decision {
  return world(setting).authorize({ principal: role, action: 'sqs:SendMessage', resource: queue, ...request });
}

const reasonOf = (decision: Decision) => (decision.allowed ? 'allowed' : decision.reason);

const noIdentity = 'no identity-based policy allows the sqs:SendMessage action';
const noResource = 'no resource-based policy allows the sqs:SendMessage action';
const identityDeny = 'with an explicit deny in an identity-based policy';
const resourceDeny = 'with an explicit deny in a resource-based policy';

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

describe('KMS keys', () => {
  const use = { action: 'kms:Decrypt', resource: key };
  const own = (more: Statement) => ({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', ...more });
  const noKey = 'no resource-based policy allows the kms:Decrypt action';
  test.each<[string, World, Principal, string]>([
    ['no policy at all', { identity: [own({})] }, role, noKey],
    [
      'the identity policy alone',
      { identity: [own({})], key: [own({ Principal: { AWS: otherRoleArn } })] },
      role,
      noKey,
    ],
    ['the key policy naming the role', { key: [own({ Principal: { AWS: roleArn } })] }, role, 'allowed'],
    [
      'delegation alone',
      { key: [own({ Principal: { AWS: root } })] },
      role,
      'no identity-based policy allows the kms:Decrypt action',
    ],
    [
      'delegation and identity policy',
      { key: [own({ Principal: { AWS: root } })], identity: [own({ Resource: key })] },
      role,
      'allowed',
    ],
    ['delegation by number', { key: [own({ Principal: { AWS: account } })], identity: [own({})] }, role, 'allowed'],
    ['delegation to the administrator', { key: [own({ Principal: { AWS: root } })] }, user, 'allowed'],
    ['no delegation to the administrator', { key: [own({ Principal: { AWS: roleArn } })] }, user, noKey],
    ['a service', { key: [own({ Principal: { Service: 'events.amazonaws.com' } })] }, events, 'allowed'],
    ['a service and delegation', { key: [own({ Principal: { AWS: root } })] }, events, noKey],
    [
      'a deny of the key',
      { key: [own({ Principal: '*' }), own({ Principal: '*', Effect: 'Deny' })] },
      role,
      resourceDeny,
    ],
  ])('%s', (_name, setting, principal, expected) => {
    expect(reasonOf(ask(setting, { ...use, principal }))).toBe(expected);
  });

  test('kms:ViaService and kms:CallerAccount narrow a statement for everybody', () => {
    const service = `sqs.${region}.amazonaws.com`;
    const Condition = { StringEquals: { 'kms:ViaService': service, 'kms:CallerAccount': account } };
    const setting = { key: [own({ Principal: { AWS: '*' }, Condition })] };
    expect(ask(setting, { ...use, context: { 'kms:ViaService': service } }).allowed).toBe(true);
    expect(ask(setting, { ...use, context: { 'kms:ViaService': `sns.${region}.amazonaws.com` } }).allowed).toBe(false);
    expect(ask(setting, use).allowed).toBe(false);
    expect(ask(setting, { ...use, principal: events, context: { 'kms:ViaService': service } }).allowed).toBe(false);
  });
});

describe('trust policies', () => {
  const assume = { action: 'sts:AssumeRole', resource: roleArn };
  const pipes: Principal = {
    kind: 'service',
    service: 'pipes.amazonaws.com',
    sourceArn: `arn:aws:pipes:${region}:${account}:pipe/orders`,
  };
  const noTrust = 'no role trust policy allows the sts:AssumeRole action';

  test('only trusted services get a session', () => {
    expect(reasonOf(ask({}, { ...assume, principal: pipes }))).toBe('allowed');
    expect(reasonOf(ask({}, { ...assume, principal: events }))).toBe(noTrust);
    expect(reasonOf(ask({}, { ...assume, principal: user }))).toBe(noTrust);
  });

  test('a role that does not exist trusts nobody', () => {
    expect(reasonOf(ask({}, { ...assume, resource: `${roleArn}2`, principal: pipes }))).toBe(noTrust);
    expect(reasonOf(ask({}, { ...assume, resource: `${roleArn}2`, principal: user }))).toBe(noTrust);
  });

  test('the source can be a condition', () => {
    const Condition = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:aws:pipes:*:${account}:pipe/*` },
    };
    const trusts = [{ Principal: { Service: 'pipes.amazonaws.com' }, Condition }];
    expect(ask({ trust: trusts }, { ...assume, principal: pipes }).allowed).toBe(true);
    const foreign = { ...pipes, sourceArn: `arn:aws:pipes:${region}:999999999999:pipe/orders` };
    expect(ask({ trust: trusts }, { ...assume, principal: foreign }).allowed).toBe(false);
  });

  test('trust in the account needs an identity policy, trust in a role does not', () => {
    const other: Principal = {
      kind: 'role',
      roleArn: otherRoleArn,
      arn: `arn:aws:sts::${account}:assumed-role/other/one`,
    };
    expect(ask({ trust: [{ Principal: { AWS: root } }] }, { ...assume, principal: other }).allowed).toBe(false);
    expect(ask({ trust: [{ Principal: { AWS: root } }] }, { ...assume, principal: user }).allowed).toBe(true);
    expect(ask({ trust: [{ Principal: { AWS: otherRoleArn } }] }, { ...assume, principal: other }).allowed).toBe(true);
  });

  test('a deny reads as one of the trust policy', () => {
    const trusts = [{ Principal: '*' }, { Principal: '*', Effect: 'Deny' }];
    expect(reasonOf(ask({ trust: trusts }, { ...assume, principal: pipes }))).toBe(
      'with an explicit deny in the role trust policy',
    );
  });
});

describe('condition operators', () => {
  const context = {
    'x:Text': 'Orders/eu',
    'x:Number': '42',
    'x:Date': '2026-03-01T12:00:00Z',
    'x:Flag': 'true',
    'x:Arn': `arn:aws:events:${region}:${account}:rule/bus/created`,
    'x:Group': `arn:aws:logs:${region}:${account}:log-group:x`,
    'x:Ip': '10.1.2.3',
    'x:Ip6': '2001:db8::1',
    'x:Many': ['a', 'b'],
    'x:None': [],
  };
  test.each<[string, string, unknown, boolean]>([
    ['StringEquals', 'x:Text', 'Orders/eu', true],
    ['StringEquals', 'X:TEXT', 'Orders/eu', true],
    ['StringEquals', 'x:Text', 'orders/eu', false],
    ['StringEquals', 'x:Text', ['no', 'Orders/eu'], true],
    ['StringEquals', 'x:Text', 'Orders*', false],
    ['StringEquals', 'x:Gone', 'a', false],
    ['StringEquals', 'x:None', 'a', false],
    ['StringNotEquals', 'x:Text', 'orders/eu', true],
    ['StringNotEquals', 'x:Text', ['no', 'Orders/eu'], false],
    ['StringNotEquals', 'x:Gone', 'a', true],
    ['StringEqualsIgnoreCase', 'x:Text', 'ORDERS/EU', true],
    ['StringEqualsIgnoreCase', 'x:Text', 'ORDERS', false],
    ['StringNotEqualsIgnoreCase', 'x:Text', 'ORDERS/EU', false],
    ['StringNotEqualsIgnoreCase', 'x:Gone', 'ORDERS/EU', true],
    ['StringLike', 'x:Text', 'Orders/*', true],
    ['StringLike', 'x:Text', 'Orders?eu', true],
    ['StringLike', 'x:Text', 'orders/*', false],
    ['StringLike', 'x:Text', '*', true],
    ['StringLike', 'x:Gone', '*', false],
    ['StringNotLike', 'x:Text', 'Orders/*', false],
    ['StringNotLike', 'x:Text', 'Bills/*', true],
    ['StringNotLike', 'x:Gone', '*', true],
    ['NumericEquals', 'x:Number', 42, true],
    ['NumericEquals', 'x:Number', '42.0', true],
    ['NumericEquals', 'x:Text', '42', false],
    ['NumericNotEquals', 'x:Number', '42', false],
    ['NumericNotEquals', 'x:Gone', '42', true],
    ['NumericLessThan', 'x:Number', '42', false],
    ['NumericLessThan', 'x:Number', '43', true],
    ['NumericLessThanEquals', 'x:Number', '42', true],
    ['NumericGreaterThan', 'x:Number', '42', false],
    ['NumericGreaterThan', 'x:Number', '41', true],
    ['NumericGreaterThanEquals', 'x:Number', '42', true],
    ['NumericGreaterThanEquals', 'x:Gone', '42', false],
    ['DateEquals', 'x:Date', '2026-03-01T12:00:00Z', true],
    ['DateEquals', 'x:Date', '1772366400', true],
    ['DateNotEquals', 'x:Date', '2026-03-01T12:00:00Z', false],
    ['DateNotEquals', 'x:Gone', '2026-03-01T12:00:00Z', true],
    ['DateLessThan', 'x:Date', '2026-03-02', true],
    ['DateLessThan', 'x:Date', '2026-03-01', false],
    ['DateLessThanEquals', 'x:Date', '2026-03-01T13:00:00+01:00', true],
    ['DateGreaterThan', 'x:Date', '2026-02-28T00:00:00Z', true],
    ['DateGreaterThanEquals', 'x:Date', '2026-03-01T12:00:00Z', true],
    ['Bool', 'x:Flag', 'true', true],
    ['Bool', 'x:Flag', true, true],
    ['Bool', 'x:Flag', 'True', true],
    ['Bool', 'x:Flag', 'false', false],
    ['Bool', 'x:Gone', 'false', false],
    ['Null', 'x:Gone', 'true', true],
    ['Null', 'x:Gone', 'false', false],
    ['Null', 'x:None', true, true],
    ['Null', 'x:Flag', 'false', true],
    ['Null', 'x:Flag', 'true', false],
    ['ArnEquals', 'x:Arn', ruleArn, true],
    ['ArnEquals', 'x:Arn', `arn:aws:events:*:${account}:rule/*`, true],
    ['ArnLike', 'x:Arn', `arn:aws:events:*:${account}:rule/b?s/*`, true],
    ['ArnLike', 'x:Arn', `arn:aws:*:${account}:rule/bus/created:x`, false],
    ['ArnLike', 'x:Arn', `arn:aws:events:*:*:rule/bus`, false],
    ['ArnLike', 'x:Arn', '*:*:*:*:*:*', true],
    ['ArnLike', 'x:Group', 'arn:aws:logs:*:*:x', false],
    ['ArnLike', 'x:Group', 'arn:aws:logs:*:*:*:x', true],
    ['ArnLike', 'x:Text', '*:*:*:*:*:*', false],
    ['ArnLike', 'x:Gone', '*:*:*:*:*:*', false],
    ['ArnNotEquals', 'x:Arn', ruleArn, false],
    ['ArnNotEquals', 'x:Gone', ruleArn, true],
    ['ArnNotLike', 'x:Arn', `arn:aws:events:*:*:rule/other/*`, true],
    ['ArnNotLike', 'x:Arn', `arn:aws:events:*:*:rule/bus/*`, false],
    ['IpAddress', 'x:Ip', '10.0.0.0/8', true],
    ['IpAddress', 'x:Ip', '10.1.2.3', true],
    ['IpAddress', 'x:Ip', ['192.168.0.0/16', '10.2.0.0/16'], false],
    ['IpAddress', 'x:Ip6', '2001:db8::/32', true],
    ['IpAddress', 'x:Text', '0.0.0.0/0', false],
    ['IpAddress', 'x:Gone', '0.0.0.0/0', false],
    ['IpAddress', 'aws:SourceIp', '127.0.0.0/8', true],
    ['NotIpAddress', 'x:Ip', '10.0.0.0/8', false],
    ['NotIpAddress', 'x:Gone', '10.0.0.0/8', true],
    ['StringEqualsIfExists', 'x:Gone', 'a', true],
    ['StringEqualsIfExists', 'x:Text', 'a', false],
    ['StringNotEqualsIfExists', 'x:Text', 'Orders/eu', false],
    ['BoolIfExists', 'x:Gone', 'true', true],
    ['ArnLikeIfExists', 'x:Arn', 'arn:aws:sqs:*:*:*', false],
    ['NumericLessThanIfExists', 'x:Gone', '1', true],
    ['ForAllValues:StringEquals', 'x:Many', ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', 'x:Many', ['a'], false],
    ['ForAllValues:StringEquals', 'x:Gone', ['a'], true],
    ['ForAllValues:StringEquals', 'x:None', ['a'], true],
    ['ForAllValues:StringLike', 'x:Text', 'Orders*', true],
    ['ForAllValues:StringNotEquals', 'x:Many', ['c'], true],
    ['ForAllValues:StringNotEquals', 'x:Many', ['b'], false],
    ['ForAllValues:StringNotEquals', 'x:Gone', ['b'], true],
    ['ForAnyValue:StringEquals', 'x:Many', ['b', 'c'], true],
    ['ForAnyValue:StringEquals', 'x:Many', ['c'], false],
    ['ForAnyValue:StringEquals', 'x:Gone', ['c'], false],
    ['ForAnyValue:StringNotEquals', 'x:Many', ['b'], true],
    ['ForAnyValue:StringNotEquals', 'x:Many', ['a', 'b'], false],
    ['ForAnyValue:StringNotEquals', 'x:Gone', ['a'], false],
    ['ForAnyValue:StringEqualsIfExists', 'x:Gone', ['c'], true],
    ['StringEquals', 'x:Many', 'b', true],
    ['StringNotEquals', 'x:Many', 'b', false],
  ])('%s %s %j: %s', (operator, name, value, expected) => {
    const identity = [allow({ Condition: { [operator]: { [name]: value } } })];
    expect(ask({ identity }, { context }).allowed).toBe(expected);
  });

  test('operators and keys must all hold', () => {
    const both = { StringEquals: { 'x:Text': 'Orders/eu', 'x:Flag': 'true' }, NumericLessThan: { 'x:Number': '50' } };
    expect(ask({ identity: [allow({ Condition: both })] }, { context }).allowed).toBe(true);
    expect(ask({ identity: [allow({ Condition: both })] }, { context: { ...context, 'x:Flag': 'no' } }).allowed).toBe(
      false,
    );
    expect(ask({ identity: [allow({ Condition: both })] }, { context: { ...context, 'x:Number': '50' } }).allowed).toBe(
      false,
    );
  });
});

describe('global condition keys', () => {
  const holds = (principal: Principal, keyName: string, value: string, request: Partial<AuthorizationRequest> = {}) =>
    ask(
      { resource: [allow({ ...everybody, Condition: { StringEquals: { [keyName]: value } } })] },
      { principal, ...request },
    );
  const lacks = (principal: Principal, keyName: string) =>
    ask({ resource: [allow({ ...everybody, Condition: { Null: { [keyName]: 'true' } } })] }, { principal }).allowed;

  test.each<[Principal, string, string]>([
    [role, 'aws:PrincipalArn', roleArn],
    [role, 'aws:PrincipalAccount', account],
    [role, 'aws:PrincipalType', 'AssumedRole'],
    [role, 'aws:PrincipalIsAWSService', 'false'],
    [role, 'aws:SecureTransport', 'true'],
    [role, 'aws:RequestedRegion', region],
    [role, 'aws:ViaAWSService', 'false'],
    [role, 'aws:ResourceAccount', account],
    [role, 'aws:CurrentTime', '2026-01-01T00:00:00.000Z'],
    [role, 'aws:EpochTime', '1767225600'],
    [events, 'aws:SourceArn', ruleArn],
    [events, 'aws:SourceAccount', account],
    [events, 'aws:PrincipalServiceName', 'events.amazonaws.com'],
    [events, 'aws:PrincipalIsAWSService', 'true'],
  ])('%j has %s', (principal, keyName, value) => {
    expect(holds(principal, keyName, value).allowed).toBe(true);
  });

  test('the administrator has the keys of a user', () => {
    const only = (Condition: object) =>
      ask({ resource: [deny({ ...everybody, Condition })] }, { principal: user }).allowed;
    expect(only({ StringEquals: { 'aws:PrincipalType': 'User', 'aws:username': 'developer' } })).toBe(false);
    expect(only({ StringNotEquals: { 'aws:PrincipalArn': (user as { arn: string }).arn } })).toBe(true);
  });

  test.each<[Principal, string]>([
    [role, 'aws:SourceArn'],
    [role, 'aws:SourceAccount'],
    [role, 'aws:PrincipalServiceName'],
    [role, 'aws:PrincipalOrgID'],
    [events, 'aws:PrincipalArn'],
    [events, 'aws:PrincipalAccount'],
    [events, 'aws:SourceIp'],
  ])('%j lacks %s', (principal, keyName) => {
    expect(lacks(principal, keyName)).toBe(true);
  });

  test('a bucket, whose ARN has no account, acts for its own', () => {
    const s3: Principal = { kind: 'service', service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::uploads' };
    expect(holds(s3, 'aws:SourceAccount', account).allowed).toBe(true);
  });

  test('a call through a service is seen as such', () => {
    expect(
      holds(role, 'aws:ViaAWSService', 'true', { context: { 'kms:ViaService': 'sqs.eu-central-1.amazonaws.com' } })
        .allowed,
    ).toBe(true);
  });

  test('the TLS deny hits only what says that it is not TLS', () => {
    const tlsOnly = deny({ ...everybody, Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    const setting = { identity: [allow()], resource: [tlsOnly] };
    expect(ask(setting).allowed).toBe(true);
    expect(reasonOf(ask(setting, { context: { 'aws:SecureTransport': 'false' } }))).toBe(resourceDeny);
    expect(reasonOf(ask(setting, { principal: user, context: { 'aws:securetransport': 'false' } }))).toBe(resourceDeny);
  });
});

describe('policy variables', () => {
  const named = (Resource: string) => ask({ identity: [allow({ Resource })] }).allowed;
  test.each([
    ['arn:aws:sqs:${aws:RequestedRegion}:${aws:PrincipalAccount}:orders', true],
    ['arn:aws:sqs:${aws:requestedregion}:*:*', true],
    ['arn:aws:sqs:${aws:RequestedRegion}:*:ord*', true],
    ['arn:aws:sqs:*:*:${aws:username}', false],
    ["arn:aws:sqs:*:*:${aws:username, 'orders'}", true],
    ['arn:aws:sqs:*:*:order${?}', false],
    ['arn:aws:sqs:*:*:order${*}', false],
  ])('%s', (resource, expected) => {
    expect(named(resource)).toBe(expected);
  });

  test('in conditions, and wildcards in values stand for themselves', () => {
    const tests = (Condition: object, value: string) =>
      ask({ identity: [allow({ Condition })] }, { context: { 'x:A': value, 'x:B': 'o*s' } }).allowed;
    expect(tests({ StringEquals: { 'x:A': '${aws:PrincipalArn}' } }, roleArn)).toBe(true);
    expect(tests({ StringLike: { 'x:A': '${x:B}*' } }, 'orders')).toBe(false);
    expect(tests({ StringLike: { 'x:A': '${x:B}*' } }, 'o*s!')).toBe(true);
    expect(tests({ StringEquals: { 'x:A': '${x:Gone}' } }, '')).toBe(false);
    expect(tests({ StringNotEquals: { 'x:A': '${x:Gone}' } }, '')).toBe(true);
    expect(tests({ ArnEquals: { 'x:A': 'arn:aws:iam::${aws:PrincipalAccount}:role/*' } }, roleArn)).toBe(true);
    expect(tests({ StringEquals: { 'x:A': 'a${$}b${*}' } }, 'a$b*')).toBe(true);
    expect(tests({ StringEquals: { 'x:A': 'a$b{c}' } }, 'a$b{c}')).toBe(true);
  });
});

describe('malformed policies', () => {
  const identity = (document: unknown) => () => world({}).putRolePolicy(roleArn, 'bad', document);
  const resource =
    (...statements: Statement[]) =>
    () =>
      world({}).setResourcePolicy(queue, policy(...statements));
  const trustees =
    (...statements: Statement[]) =>
    () =>
      world({ trust: statements });
  const condition = (Condition: unknown) => identity(policy(allow({ Condition })));
  const { Action: _action, ...noAction } = allow();
  const { Resource: _resource, ...noResourceElement } = allow();
  test.each<[string, () => void]>([
    ['Syntax errors in policy. (Expected property name', identity('{')],
    ['Syntax errors in policy. (document: Invalid input: expected object', identity('"text"')],
    ['Syntax errors in policy. (Statement: ', identity({ Version: '2012-10-17' })],
    ['Syntax errors in policy. (Statement: ', identity(policy())],
    ['Syntax errors in policy. (Statement.0.Effect: ', identity(policy(allow({ Effect: 'allow' })))],
    ['Syntax errors in policy. (Statement.0: Unrecognized key: "Actions")', identity(policy(allow({ Actions: 'a' })))],
    [
      'Syntax errors in policy. (document: Unrecognized key: "Statements")',
      identity({ ...policy(allow()), Statements: [] }),
    ],
    ['Policy document must be version 2012-10-17 or greater.', identity({ Version: '2008-10-17', Statement: allow() })],
    ['Policy document must be version 2012-10-17 or greater.', identity({ Statement: allow() })],
    ['Syntax errors in policy.', identity(policy(allow({ NotAction: 'sqs:*' })))],
    ['Syntax errors in policy.', identity(policy(allow({ NotResource: '*' })))],
    ['Policy statement must contain actions.', identity(policy(noAction))],
    ['Policy statement must contain actions.', identity(policy(allow({ Action: [] })))],
    ['Policy statement must contain resources.', identity(policy(noResourceElement))],
    ['Policy statement must contain resources.', resource({ ...noResourceElement, ...everybody })],
    ['Policy document should not specify a principal.', identity(policy(allow(everybody)))],
    ['Missing required field Principal', resource(allow())],
    ['Missing required field Principal', trustees({})],
    ['Has prohibited field Resource', trustees({ Principal: '*', Resource: '*' })],
    ['AssumeRole policy may only specify STS AssumeRole actions.', trustees({ Principal: '*', Action: 'sts:*' })],
    ['NotPrincipal can only be used with the effect Deny.', resource(allow({ NotPrincipal: '*' }))],
    ['Statement IDs (SID) must be alpha-numeric.', identity(policy(allow({ Sid: 'send-it' })))],
    [
      'Statement IDs (SID) in a single policy must be unique.',
      identity(policy(allow({ Sid: 'A' }), allow({ Sid: 'A' }))),
    ],
    ['Actions/Conditions must be prefaced by a vendor', identity(policy(allow({ Action: 'SendMessage' })))],
    ['Actions/Condition can contain only one colon.', identity(policy(allow({ Action: 'sqs:Send:Message' })))],
    ['Vendor s*s is not valid', identity(policy(allow({ Action: 's*s:SendMessage' })))],
    ['Policy statement action out of service scope!', resource(allow({ ...everybody, Action: 'sns:Publish' }))],
    ['Resource orders must be in ARN format or "*".', identity(policy(allow({ Resource: 'orders' })))],
    ['must be in ARN format', identity(policy(allow({ Resource: 'arn:aws:sqs:${aws:RequestedRegion}:*' })))],
    ['Partition "was" is not valid for resource', identity(policy(allow({ Resource: 'arn:was:sqs:a:b:c' })))],
    [
      'Resource vendor must be fully qualified and cannot contain regexes.',
      identity(policy(allow({ Resource: 'arn:aws:*:a:b:c' }))),
    ],
    ['Invalid principal in policy: "AWS":"relay"', resource(allow({ Principal: { AWS: 'relay' } }))],
    [
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
      resource(allow({ Principal: { AWS: `arn:aws:iam::${account}:role/*` } })),
    ],
    [
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/gone"',
      resource(allow({ Principal: { AWS: `arn:aws:iam::${account}:role/gone` } })),
    ],
    ['Invalid principal in policy: "SERVICE":"events"', resource(allow({ Principal: { Service: 'events' } }))],
    [
      'Syntax errors in policy. (Statement.0.Principal: Unrecognized key: "Federated")',
      resource(allow({ Principal: { Federated: 'x' } })),
    ],
    ['the condition operator StringIs is not known', condition({ StringIs: { 'x:A': 'a' } })],
    ['the condition operator BinaryEquals is not known', condition({ BinaryEquals: { 'x:A': 'YQ==' } })],
    ['the condition operator NullIfExists is not known', condition({ NullIfExists: { 'x:A': 'true' } })],
    ['the condition operator ForSome:StringEquals is not known', condition({ 'ForSome:StringEquals': { 'x:A': 'a' } })],
    ['maybe is neither true nor false', condition({ Bool: { 'x:A': 'maybe' } })],
    ['maybe is neither true nor false', condition({ Null: { 'x:A': 'maybe' } })],
    ['many is not a number', condition({ NumericEquals: { 'x:A': 'many' } })],
    ['today is not a date', condition({ DateLessThan: { 'x:A': 'today' } })],
    ['10.0.0.0/33 is not an IP address or CIDR block', condition({ IpAddress: { 'x:A': '10.0.0.0/33' } })],
    ['arn:aws:sqs:* is not an ARN of six parts', condition({ ArnLike: { 'x:A': 'arn:aws:sqs:*' } })],
    ['Syntax errors in policy. (Statement.0.Condition.StringEquals.x:A', condition({ StringEquals: { 'x:A': [] } })],
    ['no condition key aws:PrincipalTag/team', condition({ StringEquals: { 'aws:PrincipalTag/team': 'a' } })],
    ['no condition key aws:userid', identity(policy(allow({ Resource: 'arn:aws:sqs:*:*:${aws:userid}' })))],
  ])('%s', (message, set) => {
    expect(set).toThrow(
      expect.objectContaining({ code: 'MalformedPolicyDocument', message: expect.stringContaining(message) }),
    );
  });

  test('keys of place and time need a place', () => {
    const iam = new Iam(account);
    iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: policy(trust({ Principal: '*' })) });
    const Condition = { StringEquals: { 'aws:RequestedRegion': region } };
    expect(() => iam.putRolePolicy(roleArn, 'a', policy(allow({ Condition })))).toThrow(
      'no condition key aws:RequestedRegion',
    );
  });

  test('a refused policy leaves the former in force', () => {
    const iam = world({ identity: [allow()] });
    expect(() => iam.putRolePolicy(roleArn, 'inline', '{}')).toThrow('Syntax errors in policy.');
    expect(iam.authorize({ principal: role, action: 'sqs:SendMessage', resource: queue }).allowed).toBe(true);
  });

  test('a policy for a role that does not exist', () => {
    expect(() => world({}).putRolePolicy(`${roleArn}2`, 'a', policy(allow()))).toThrow(
      expect.objectContaining({ code: 'NoSuchEntity' }),
    );
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

describe('whatever the policies', () => {
  const actions = ['sqs:SendMessage', 'sqs:Send*', 'sqs:*', '*', 'sqs:ReceiveMessage'];
  const resources = ['*', queue, `${queue}*`, `arn:aws:sqs:*:${account}:other`];
  const principals = ['*', { AWS: root }, { AWS: roleArn }, { AWS: otherRoleArn }, { Service: 'events.amazonaws.com' }];
  const conditions = [
    {},
    { Bool: { 'aws:SecureTransport': 'true' } },
    { ArnLike: { 'aws:SourceArn': ruleArn } },
    { StringNotEquals: { 'aws:PrincipalAccount': account } },
    { 'ForAllValues:StringEquals': { 'x:Many': ['a'] } },
  ];
  const parts = (...effects: string[]) => ({
    Effect: fc.constantFrom(...effects),
    Action: fc.constantFrom(...actions),
    Resource: fc.constantFrom(...resources),
    Condition: fc.constantFrom(...conditions),
  });
  const plain = (...effects: string[]) => fc.record(parts(...effects));
  const named = (...effects: string[]) =>
    fc.record({ ...parts(...effects), Principal: fc.constantFrom(...principals) });
  const lists = fc.record({
    identity: fc.array(plain('Allow', 'Deny'), { minLength: 1, maxLength: 4 }),
    resource: fc.array(named('Allow', 'Allow', 'Deny'), { minLength: 1, maxLength: 4 }),
  });
  const who = fc.constantFrom(role, user, events);

  const more = { onResource: fc.boolean(), deny: named('Deny'), allow: named('Allow') };

  function extended(
    setting: { identity: Statement[]; resource: Statement[] },
    onResource: boolean,
    added: Statement,
  ): World {
    const { Principal: _principal, ...own } = added;
    return onResource
      ? { ...setting, resource: [...setting.resource, added] }
      : { ...setting, identity: [...setting.identity, own] };
  }

  test('one more Deny never allows more, one more Allow never denies', () => {
    const property = fc.property(lists, who, fc.record(more), (setting, principal, { onResource, ...added }) => {
      const before = ask(setting, { principal }).allowed;
      const after = ask(extended(setting, onResource, before ? added.allow : added.deny), { principal }).allowed;
      expect(after).toBe(before);
    });
    expect(fc.check(property, { seed: 1, numRuns: 300 })).toMatchObject({ failed: false });
  });

  test('the order of statements does not matter', () => {
    fc.assert(
      fc.property(lists, who, ({ identity, resource }, principal) => {
        const turned = { identity: identity.toReversed(), resource: resource.toReversed() };
        expect(reasonOf(ask(turned, { principal }))).toBe(reasonOf(ask({ identity, resource }, { principal })));
      }),
      { seed: 1 },
    );
  });

  test('wildcards match as told character by character', () => {
    const matches = (pattern: string, text: string): boolean => {
      if (pattern === '') return text === '';
      if (pattern[0] === '*')
        return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)));
      return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1));
    };
    const letters = fc.constantFrom('a', 'b', ':', '/', '.', '$');
    const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('*', '?')), maxLength: 8 });
    fc.assert(
      fc.property(pattern, fc.string({ unit: letters, maxLength: 8 }), (wanted, text) => {
        const identity = [allow({ Condition: { StringLike: { 'x:Text': wanted } } })];
        expect(ask({ identity }, { context: { 'x:Text': text } }).allowed).toBe(matches(wanted, text));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
