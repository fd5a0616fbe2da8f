import * as fc from 'fast-check';
import {
  account,
  allow,
  ask,
  events,
  otherRoleArn,
  queue,
  reasonOf,
  role,
  roleArn,
  root,
  ruleArn,
  type Statement,
  user,
  type World,
} from './account';

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
