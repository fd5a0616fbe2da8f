import type { Principal } from '../../../local/principal';
import {
  account,
  ask,
  events,
  key,
  otherRoleArn,
  reasonOf,
  region,
  resourceDeny,
  role,
  roleArn,
  root,
  type Statement,
  user,
  type World,
} from './account';

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
