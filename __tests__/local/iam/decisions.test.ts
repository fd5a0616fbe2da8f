import * as fc from 'fast-check';
import { simulatedClock } from '../../../local/clock';
import { Iam } from '../../../local/iam';

const roleArn = 'arn:aws:iam::123456789012:role/relay';
const principal = { kind: 'role', roleArn, arn: 'arn:aws:sts::123456789012:assumed-role/relay/one' } as const;
const queue = 'arn:aws:sqs:eu-central-1:123456789012:orders';
const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'pipes.amazonaws.com' } }],
};

function relay(clock = simulatedClock()) {
  const iam = new Iam('123456789012', { region: 'eu-central-1', clock });
  iam.putRole({ arn: roleArn, name: 'relay', trustPolicy });
  const allow = (Condition: object) =>
    iam.putRolePolicy(roleArn, 'send', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue, Condition }],
    });
  const asks = (context: Record<string, string | string[]> = {}) =>
    iam.authorize({ principal, action: 'sqs:SendMessage', resource: queue, context }).allowed;
  return { iam, allow, asks };
}

test('a decision holds until a policy changes', () => {
  const { iam, allow, asks } = relay();
  expect(asks()).toBe(false);
  allow({});
  expect(asks()).toBe(true);
  const deny = { Sid: 'No', Effect: 'Deny', Action: 'sqs:*', Resource: queue, Principal: '*' };
  iam.setResourcePolicy(queue, { Version: '2012-10-17', Statement: [deny] });
  expect(asks()).toBe(false);
  iam.removeResourceStatement(queue, 'No');
  expect(asks()).toBe(true);
});

test('a decision that looks at the time follows the clock', () => {
  const clock = simulatedClock();
  const { allow, asks } = relay(clock);
  allow({ DateLessThan: { 'aws:CurrentTime': new Date(clock.now() + 1000).toISOString() } });
  expect(asks()).toBe(true);
  clock.moveTo(clock.now() + 2000);
  expect(asks()).toBe(false);
});

test('a decision is that of its own condition keys, whatever was asked before', () => {
  const value = fc.oneof(
    fc.constantFrom('a', 'b', '', 'a\nb', '"a"'),
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
  );
  const context = fc.dictionary(fc.constantFrom('x:One', 'x:Two', 'x:Unused'), value);
  fc.assert(
    fc.property(fc.array(context, { minLength: 2, maxLength: 6 }), (contexts) => {
      const condition = { StringEquals: { 'x:One': 'a' }, Null: { 'x:Two': 'true' } };
      const { allow, asks } = relay();
      allow(condition);
      for (const one of contexts) {
        const fresh = relay();
        fresh.allow(condition);
        expect(asks(one)).toBe(fresh.asks(one));
      }
    }),
    { seed: 1 },
  );
});
