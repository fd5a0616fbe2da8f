import type { Principal } from '../../../local/principal';
import { account, ask, events, otherRoleArn, reasonOf, region, roleArn, root, user } from './account';

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
