import { encryptedStack, statementsOf } from './stack';

const keyOf = (env: Record<string, string> = {}) => encryptedStack(env).synthesized().one('aws_kms_key');

test('rotates, and has an alias', () => {
  const stack = encryptedStack().synthesized();
  expect(stack.one('aws_kms_key').enable_key_rotation).toBe(true);
  expect(stack.one('aws_kms_alias').name).toBe('alias/outbox-dev-payloads');
});

test('its policy names the services that use it without a role, each within this account', () => {
  const statements = statementsOf(keyOf().policy);
  const users = Object.values(statements).flatMap(({ Principal }) => Object.values<string>(Principal));
  expect(users.filter((user) => user.includes('amazonaws.com')).sort()).toEqual([
    'cloudwatch.amazonaws.com',
    'events.amazonaws.com',
    'logs.eu-central-1.amazonaws.com',
  ]);
  for (const { Sid, Principal, Action, Condition } of Object.values(statements)) {
    if (Principal.AWS)
      expect(Principal.AWS).toMatch(/:iam::\$\{data\.aws_caller_identity\.account\.account_id\}:root$/);
    else {
      expect([Sid, JSON.stringify(Condition)]).toEqual([
        Sid,
        expect.stringContaining('aws_caller_identity.account.account_id'),
      ]);
      expect([Action].flat()).not.toContain('kms:*');
    }
  }
});

test('log groups of other projects cannot be encrypted with it', () => {
  const { Condition } = statementsOf(keyOf({ OUTBOX_PROJECT: 'shop' }).policy).LogGroups;
  expect(Condition.ArnLike['kms:EncryptionContext:aws:logs:arn']).toMatch(/:log-group:\*shop-dev-\*$/);
});

test.each([
  ['true', 30, true],
  ['false', 7, false],
])('with removal protection %s it waits %d days to be deleted', (OUTBOX_REMOVAL_PROTECTION, days, prevented) => {
  const { deletion_window_in_days, lifecycle } = keyOf({ OUTBOX_REMOVAL_PROTECTION });
  expect(deletion_window_in_days).toBe(days);
  expect(lifecycle.prevent_destroy).toBe(prevented);
});
