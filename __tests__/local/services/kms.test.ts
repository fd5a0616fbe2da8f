import type { Principal } from '../../../local/principal';
import { Runtime } from '../../../local/runtime';
import { kms } from '../../../local/services/kms';
import { seededRandom } from '../../../local/random';
import { simulatedClock } from '../../../local/clock';

const root = 'arn:aws:iam::123456789012:root';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function setUp() {
  const runtime = new Runtime({
    clock: simulatedClock(),
    random: seededRandom(1),
    region: 'eu-central-1',
    accountId: '123456789012',
  });
  const service = kms(runtime);
  runtime.register(service);
  const create = async (type: string, name: string, given: Record<string, unknown>): Promise<any> => {
    const resource = service.resources[type]!;
    return resource.create({
      address: `core/${type}.${name}`,
      stack: 'core',
      type,
      name,
      arguments: resource.arguments.parse(given),
    });
  };
  const key = (given: Record<string, unknown> = {}, name = 'key') => create('aws_kms_key', name, given);
  const alias = (target: string, name = 'alias/outbox') =>
    create('aws_kms_alias', 'alias', { name, target_key_id: target });
  const call = (operation: string, input: Record<string, unknown> = {}, principal: Principal = runtime.administrator) =>
    runtime.call({ service: 'kms', operation, input, principal });
  return { runtime, key, alias, call };
}

const grant = (more: object) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...more });
const keyPolicy = (...statements: object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map(grant) });

describe('keys', () => {
  test('have the same id at each start, and one each', async () => {
    const { key } = setUp();
    const made = await key();
    expect(made.key_id).toMatch(uuid);
    expect(made).toMatchObject({ id: made.key_id, arn: `arn:aws:kms:eu-central-1:123456789012:key/${made.key_id}` });
    expect((await setUp().key()).arn).toBe(made.arn);
    expect((await key({}, 'second')).arn).not.toBe(made.arn);
  });

  test('of several regions have ids that say so', async () => {
    expect((await setUp().key({ multi_region: true })).key_id).toMatch(/^mrk-[0-9a-f]{32}$/);
  });

  test('without a policy leave the decision to identity policies', async () => {
    const { runtime, key } = setUp();
    const { arn, policy } = await key();
    expect(JSON.parse(policy).Statement[0]).toMatchObject({ Principal: { AWS: root }, Action: 'kms:*' });
    const decrypt = { action: 'kms:Decrypt', resource: arn };
    expect(runtime.iam.authorize({ ...decrypt, principal: runtime.administrator }).allowed).toBe(true);
    const service: Principal = { kind: 'service', service: 'sns.amazonaws.com', sourceArn: runtime.arn('sns', 't') };
    expect(runtime.iam.authorize({ ...decrypt, principal: service }).allowed).toBe(false);
  });

  test('with a policy are used by those whom it names', async () => {
    const { runtime, key } = setUp();
    const { arn } = await key({
      policy: keyPolicy(
        { Principal: { AWS: root } },
        { Principal: { Service: 'events.amazonaws.com' }, Action: 'kms:Decrypt' },
      ),
    });
    const by = (service: string, action: string) =>
      runtime.iam.authorize({
        principal: { kind: 'service', service, sourceArn: 'arn:aws:events:r:a:rule/x' },
        action,
        resource: arn,
      }).allowed;
    expect(by('events.amazonaws.com', 'kms:Decrypt')).toBe(true);
    expect(by('events.amazonaws.com', 'kms:GenerateDataKey')).toBe(false);
    expect(by('sns.amazonaws.com', 'kms:Decrypt')).toBe(false);
  });

  test('must stay in the hands of who made them', async () => {
    const policy = keyPolicy({ Principal: { Service: 'events.amazonaws.com' } });
    await expect(setUp().key({ policy })).rejects.toMatchObject({
      code: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    await expect(setUp().key({ policy, bypass_policy_lockout_safety_check: true })).resolves.toBeDefined();
  });

  test.each<[Record<string, unknown>, string]>([
    [{ is_enabled: false }, 'a disabled key is not modelled'],
    [{ key_usage: 'SIGN_VERIFY' }, 'only keys for ENCRYPT_DECRYPT'],
    [{ customer_master_key_spec: 'RSA_2048' }, 'only symmetric keys'],
    [{ deletion_window_in_days: 31 }, '<=30'],
    [{ rotation_period_in_days: 90 }, 'needs enable_key_rotation = true'],
    [{ policy: '{' }, 'not JSON'],
    [{ policy: '{}' }, 'Syntax errors in policy.'],
    [{ policy: keyPolicy({ Principal: '*', Action: 'sqs:*' }) }, 'out of service scope'],
    [{ xks_key_id: 'x' }, 'Unrecognized key'],
  ])('refuse %j', async (given, message) => {
    await expect(setUp().key(given)).rejects.toThrow(message);
  });

  test('take what has no effect here', async () => {
    const given = {
      description: 'outbox',
      enable_key_rotation: true,
      rotation_period_in_days: 90,
      deletion_window_in_days: 7,
      is_enabled: true,
      key_usage: 'ENCRYPT_DECRYPT',
      tags: { a: 'b' },
    };
    await expect(setUp().key(given)).resolves.toBeDefined();
  });
});

describe('aliases', () => {
  test('stand for a key, named by id or ARN', async () => {
    const { key, alias } = setUp();
    const { arn, key_id } = await key();
    expect(await alias(key_id)).toEqual({
      id: 'alias/outbox',
      arn: 'arn:aws:kms:eu-central-1:123456789012:alias/outbox',
      target_key_arn: arn,
    });
    expect(await alias(arn, 'alias/second')).toMatchObject({ target_key_arn: arn });
    await expect(alias(arn)).rejects.toMatchObject({ code: 'AlreadyExistsException' });
  });

  test('need a key and a name of their own kind', async () => {
    const { key, alias } = setUp();
    const { arn } = await key();
    await expect(alias('gone')).rejects.toMatchObject({
      code: 'NotFoundException',
      message: "Key 'arn:aws:kms:eu-central-1:123456789012:key/gone' does not exist",
    });
    await expect(alias(arn, 'outbox')).rejects.toThrow('must begin with alias/');
    await expect(alias(arn, 'alias/aws/outbox')).rejects.toThrow('is kept for AWS');
  });
});

describe('operations', () => {
  test('describe a key by any of its names', async () => {
    const { key, alias, call } = setUp();
    const { arn, key_id } = await key({ description: 'outbox' });
    const { arn: aliasArn } = await alias(arn);
    for (const KeyId of [arn, key_id, 'alias/outbox', aliasArn]) {
      expect(await call('DescribeKey', { KeyId })).toMatchObject({
        KeyMetadata: {
          Arn: arn,
          KeyId: key_id,
          Description: 'outbox',
          Enabled: true,
          CreationDate: Date.UTC(2026, 0, 1) / 1000,
        },
      });
    }
    await expect(call('DescribeKey', { KeyId: 'alias/gone' })).rejects.toThrow(
      'Alias arn:aws:kms:eu-central-1:123456789012:alias/gone is not found.',
    );
    await expect(call('DescribeKey', { KeyId: arn.replace('central', 'west') })).rejects.toMatchObject({
      code: 'NotFoundException',
    });
  });

  test('list keys and aliases, page by page', async () => {
    const { key, alias, call } = setUp();
    const [first, second] = [await key(), await key({}, 'second')];
    await alias(second.arn);
    const page = await call('ListKeys', { Limit: 1 });
    expect(page).toMatchObject({ Keys: [{ KeyId: first.key_id, KeyArn: first.arn }], Truncated: true });
    expect(await call('ListKeys', { Marker: page.NextMarker })).toEqual({
      Keys: [{ KeyId: second.key_id, KeyArn: second.arn }],
      Truncated: false,
    });
    expect(await call('ListAliases')).toMatchObject({
      Aliases: [{ AliasName: 'alias/outbox', TargetKeyId: second.key_id }],
      Truncated: false,
    });
    expect(await call('ListAliases', { KeyId: first.arn })).toEqual({ Aliases: [], Truncated: false });
  });

  test('give the policy to those whom it lets', async () => {
    const { runtime, key, call } = setUp();
    const policy = keyPolicy({ Principal: { AWS: root } });
    const { arn } = await key({ policy });
    expect(JSON.parse((await call('GetKeyPolicy', { KeyId: arn, PolicyName: 'default' })).Policy)).toEqual(
      JSON.parse(policy),
    );
    const roleArn = 'arn:aws:iam::123456789012:role/gone';
    await expect(call('GetKeyPolicy', { KeyId: arn }, { kind: 'role', roleArn, arn: roleArn })).rejects.toMatchObject({
      code: 'AccessDeniedException',
      status: 400,
    });
    expect(runtime.timeline.hops).toMatchObject([{ outcome: 'denied', operation: 'GetKeyPolicy', resource: arn }]);
  });
});
