import { createHash } from 'node:crypto';
import { z } from 'zod';
import { json, tags } from '../arguments';
import { AwsError } from '../aws-error';
import type { Runtime } from '../runtime';
import { type Attributes, type Operation, type Resource, type Service, jsonErrors } from '../service';
import { paginate } from './pages';

interface Key {
  readonly id: string;
  readonly arn: string;
  readonly created: number;
  readonly settings: KeyArguments;
}

interface Alias {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly key: Key;
}

type KeyArguments = z.output<typeof keyArguments>;

const keyArguments = z
  .strictObject({
    bypass_policy_lockout_safety_check: z.boolean().default(false),
    customer_master_key_spec: z
      .literal('SYMMETRIC_DEFAULT', 'the local runtime has only symmetric keys: SYMMETRIC_DEFAULT')
      .optional(),
    description: z.string().max(8192).default(''),
    is_enabled: z.literal(true, 'a disabled key is not modelled; leave is_enabled out').optional(),
    key_usage: z.literal('ENCRYPT_DECRYPT', 'the local runtime has only keys for ENCRYPT_DECRYPT').optional(),
    multi_region: z.boolean().default(false),
    policy: json(z.looseObject({})).optional(),
    // Without effect here: nothing is deleted, and nothing is really encrypted.
    deletion_window_in_days: z.int().min(7).max(30).optional(),
    enable_key_rotation: z.boolean().default(false),
    rotation_period_in_days: z.int().min(90).max(2560).optional(),
    tags,
  })
  .refine((key) => key.rotation_period_in_days === undefined || key.enable_key_rotation, {
    path: ['rotation_period_in_days'],
    message: 'needs enable_key_rotation = true',
  });

const aliasArguments = z.strictObject({
  name: z
    .string()
    .regex(/^alias\/[a-zA-Z0-9/_-]{1,250}$/, 'must begin with alias/ and have only letters, digits, /, _ and -')
    .refine((name) => !name.startsWith('alias/aws/'), 'alias/aws/ is kept for AWS'),
  target_key_id: z.string(),
});

const page = { Limit: z.int().min(1).max(1000).optional(), Marker: z.string().optional() };

/** AWS Key Management Service: keys, their aliases and policies. Nothing is really encrypted; only who may use a key is enforced. */
export function kms(runtime: Runtime): Service {
  const keys = new Map<string, Key>();
  const aliases = new Map<string, Alias>();

  /** @param id key id, key ARN, alias name or alias ARN */
  const find = (id: string): Key => {
    const name = id.startsWith('arn:') ? id.split(':').slice(5).join(':') : id;
    if (name.startsWith('alias/')) {
      const alias = aliases.get(name);
      if (!alias) throw notFound(`Alias ${runtime.arn('kms', name)} is not found.`);
      return alias.key;
    }
    const key = keys.get(name.replace(/^key\//, ''));
    if (!key || (id.startsWith('arn:') && id !== key.arn))
      throw notFound(`Key '${id.startsWith('arn:') ? id : runtime.arn('kms', `key/${name}`)}' does not exist`);
    return key;
  };

  const createKey = ({ address, arguments: settings, defaultTags }: Resource<KeyArguments>): Attributes => {
    const id = keyId(address, settings.multi_region);
    const arn = runtime.arn('kms', `key/${id}`);
    const policy = settings.policy ?? defaultPolicy(runtime);
    runtime.iam.setResourcePolicy(arn, policy, 'key');
    runtime.iam.setTags(arn, { ...defaultTags, ...settings.tags });
    const putPolicy = { principal: runtime.administrator, action: 'kms:PutKeyPolicy', resource: arn };
    if (!settings.bypass_policy_lockout_safety_check && !runtime.iam.authorize(putPolicy).allowed) {
      const message = 'The new key policy will not allow you to update the key policy in the future.';
      throw new AwsError('MalformedPolicyDocumentException', message);
    }
    keys.set(id, { id, arn, created: runtime.clock.now(), settings });
    return { id, key_id: id, arn, policy: JSON.stringify(policy) };
  };

  const createAlias = ({
    arguments: { name, target_key_id },
  }: Resource<z.output<typeof aliasArguments>>): Attributes => {
    const arn = runtime.arn('kms', name);
    if (aliases.has(name)) throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
    const key = find(target_key_id);
    aliases.set(name, { name, arn, key, created: runtime.clock.now() });
    return { id: name, arn, target_key_arn: key.arn };
  };

  return {
    name: 'kms',
    operations: {
      ...keyOperations(runtime, find),
      ...listOperations(keys, aliases, find),
    },
    resources: {
      aws_kms_key: { arguments: keyArguments, create: createKey },
      aws_kms_alias: { arguments: aliasArguments, create: createAlias },
    },
    errors: { ...jsonErrors, internal: { code: 'KMSInternalException', status: 500 } },
  };
}

function keyOperations(runtime: Runtime, find: (id: string) => Key): Record<string, Operation> {
  return {
    DescribeKey: {
      input: z.object({ KeyId: z.string(), GrantTokens: z.array(z.string()).optional() }),
      permissions: ({ KeyId }) => [{ action: 'kms:DescribeKey', resource: find(KeyId).arn }],
      run: ({ KeyId }) => ({ KeyMetadata: describe(runtime, find(KeyId)) }),
    },
    GetKeyPolicy: {
      input: z.object({ KeyId: z.string(), PolicyName: z.literal('default').optional() }),
      permissions: ({ KeyId }) => [{ action: 'kms:GetKeyPolicy', resource: find(KeyId).arn }],
      run: ({ KeyId }) => ({
        Policy: JSON.stringify(runtime.iam.resourcePolicy(find(KeyId).arn), null, 2),
        PolicyName: 'default',
      }),
    },
  };
}

function listOperations(
  keys: Map<string, Key>,
  aliases: Map<string, Alias>,
  find: (id: string) => Key,
): Record<string, Operation> {
  return {
    ListKeys: {
      input: z.object(page),
      permissions: () => [{ action: 'kms:ListKeys', resource: '*' }],
      run: ({ Limit = 100, Marker }) => {
        const { items, next } = paginate([...keys.values()], Limit, Marker, 'InvalidMarkerException');
        const Keys = items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn }));
        return { Keys, Truncated: next !== undefined, ...(next && { NextMarker: next }) };
      },
    },
    ListAliases: {
      input: z.object({ ...page, KeyId: z.string().optional() }),
      permissions: () => [{ action: 'kms:ListAliases', resource: '*' }],
      run: ({ Limit = 50, Marker, KeyId }) => {
        const key = KeyId === undefined ? undefined : find(KeyId);
        const matching = [...aliases.values()].filter((alias) => !key || alias.key === key);
        const { items, next } = paginate(matching, Limit, Marker, 'InvalidMarkerException');
        const Aliases = items.map((alias) => ({
          AliasName: alias.name,
          AliasArn: alias.arn,
          TargetKeyId: alias.key.id,
          CreationDate: alias.created / 1000,
          LastUpdatedDate: alias.created / 1000,
        }));
        return { Aliases, Truncated: next !== undefined, ...(next && { NextMarker: next }) };
      },
    },
  };
}

function describe(runtime: Runtime, { id, arn, created, settings }: Key): Record<string, unknown> {
  return {
    AWSAccountId: runtime.accountId,
    KeyId: id,
    Arn: arn,
    CreationDate: created / 1000,
    Enabled: true,
    Description: settings.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: settings.multi_region,
  };
}

/** A UUID made of the address, so that each start has the same keys. */
function keyId(address: string, multiRegion: boolean): string {
  const hex = createHash('sha1').update(address).digest('hex').slice(0, 32);
  return multiRegion ? `mrk-${hex}` : hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultPolicy(runtime: Runtime) {
  return {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${runtime.partition}:iam::${runtime.accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
}

function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message);
}
