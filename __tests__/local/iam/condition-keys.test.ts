import type { AuthorizationRequest } from '../../../local/iam';
import type { Principal } from '../../../local/principal';
import {
  account,
  allow,
  ask,
  deny,
  events,
  everybody,
  reasonOf,
  region,
  resourceDeny,
  role,
  roleArn,
  ruleArn,
  user,
} from './account';

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
