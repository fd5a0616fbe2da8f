import { Bucket, type BucketProps } from '../../constructs/bucket';
import { FailuresBucket } from '../../constructs/failures-bucket';
import { PayloadBucket } from '../../constructs/payload-bucket';
import { ServiceRole } from '../../constructs/service-role';
import { encryptedStack, statementsOf, testStack } from './stack';

function bucket(props: Partial<BucketProps> = {}) {
  const { stack, synthesized } = testStack();
  const all = { name: 'things', keyArn: 'arn:key', expiry: { objectDays: 30 }, preventDestroy: false, ...props };
  new Bucket(stack, 'it', all);
  return synthesized();
}

test('is encrypted with the key, private and reached over TLS only', () => {
  const it = bucket();
  expect(it.one('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
    {
      apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: 'arn:key' },
      bucket_key_enabled: true,
    },
  ]);
  const { bucket: _, ...blocked } = it.one('aws_s3_bucket_public_access_block');
  expect(blocked).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  const { TlsOnly } = statementsOf(it.one('aws_s3_bucket_policy').policy);
  expect(TlsOnly).toMatchObject({ Effect: 'Deny', Action: 's3:*' });
  expect(TlsOnly.Resource).toEqual([expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)]);
});

test('objects expire, or versions that were overwritten do; only then are versions kept', () => {
  const objects = bucket();
  expect(objects.counts.aws_s3_bucket_versioning).toBeUndefined();
  expect(objects.one('aws_s3_bucket_lifecycle_configuration').rule).toEqual([
    { id: 'expire-objects', status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 30 }] },
  ]);
  const versions = bucket({ expiry: { oldVersionDays: 90 } });
  expect(versions.one('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
  expect(versions.one('aws_s3_bucket_lifecycle_configuration')).toMatchObject({
    rule: [{ id: 'expire-old-versions', noncurrent_version_expiration: [{ noncurrent_days: 90 }] }],
    depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)],
  });
});

test('both may expire', () => {
  const both = bucket({ expiry: { objectDays: 30, oldVersionDays: 90 } });
  expect(both.counts.aws_s3_bucket_versioning).toBe(1);
  expect(both.one('aws_s3_bucket_lifecycle_configuration').rule).toEqual([
    {
      id: 'expire-objects-and-old-versions',
      status: 'Enabled',
      filter: [{ prefix: '' }],
      expiration: [{ days: 30 }],
      noncurrent_version_expiration: [{ noncurrent_days: 90 }],
    },
  ]);
});

test('a bucket that may be destroyed goes with its objects, one with versions never', () => {
  expect(bucket().one('aws_s3_bucket')).toMatchObject({ force_destroy: true, lifecycle: { prevent_destroy: false } });
  expect(bucket({ preventDestroy: true }).one('aws_s3_bucket')).toMatchObject({
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(bucket({ expiry: { oldVersionDays: 90 } }).one('aws_s3_bucket')).not.toHaveProperty('force_destroy');
});

describe('FailuresBucket', () => {
  function failures(env: Record<string, string> = {}) {
    const it = encryptedStack(env);
    return { ...it, bucket: new FailuresBucket(it.stack, 'it', { name: 'failures', encryptionKey: it.encryptionKey }) };
  }

  test('carries the account in its name, which is unique in all of AWS', () => {
    expect(failures().synthesized().one('aws_s3_bucket').bucket).toBe(
      'outbox-dev-failures-${data.aws_caller_identity.account.account_id}',
    );
  });

  test('is protected where the settings say so', () => {
    const it = failures({ OUTBOX_REMOVAL_PROTECTION: 'true' }).synthesized();
    expect(it.one('aws_s3_bucket').lifecycle).toEqual({ prevent_destroy: true });
  });

  test('grantPut allows a role to put objects, to see the bucket and to encrypt through S3, not to read', () => {
    const it = failures();
    it.bucket.grantPut(new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com' }));
    const statements = statementsOf(it.synthesized().one('aws_iam_role_policy').policy);
    expect(statements).toEqual({
      PutFailures: expect.objectContaining({
        Action: ['s3:PutObject'],
        Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/\*$/),
      }),
      ListFailures: expect.objectContaining({
        Action: ['s3:ListBucket'],
        Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}$/),
      }),
      EncryptInS3: expect.objectContaining({
        Action: ['kms:GenerateDataKey'],
        Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
      }),
    });
  });
});

describe('PayloadBucket', () => {
  function payloads() {
    const { stack, encryptionKey, synthesized } = encryptedStack();
    const made = new PayloadBucket(stack, 'it', { name: 'payloads', objectDays: 35, encryptionKey });
    const role = new ServiceRole(stack, 'role', { name: 'role', service: 'lambda.amazonaws.com' });
    return {
      made,
      role,
      statements: () => statementsOf(synthesized().one('aws_iam_role_policy').policy),
      synthesized,
    };
  }

  test('is named after the account; objects and old versions go after the days given', () => {
    const it = payloads().synthesized();
    expect(it.one('aws_s3_bucket').bucket).toMatch(/^outbox-dev-payloads-\$\{/);
    expect(it.one('aws_s3_bucket_lifecycle_configuration').rule).toEqual([
      expect.objectContaining({
        expiration: [{ days: 35 }],
        noncurrent_version_expiration: [{ noncurrent_days: 35 }],
      }),
    ]);
  });

  test('who may put may not get', () => {
    const { made, role, statements } = payloads();
    made.grantPut(role);
    expect(statements()).toMatchObject({
      PutPayloads: { Action: ['s3:PutObject'], Resource: expect.stringMatching(/\.arn\}\/\*$/) },
      EncryptInS3: { Action: ['kms:GenerateDataKey'] },
    });
    expect(Object.keys(statements())).toHaveLength(2);
  });

  test('who may get is told what is missing, and may not put', () => {
    const { made, role, statements } = payloads();
    made.grantGet(role);
    expect(statements()).toMatchObject({
      GetPayloads: { Action: ['s3:GetObject'], Resource: expect.stringMatching(/\.arn\}\/\*$/) },
      ListPayloads: { Action: ['s3:ListBucket'], Resource: expect.stringMatching(/\.arn\}$/) },
      DecryptInS3: { Action: ['kms:Decrypt'] },
    });
    expect(Object.keys(statements())).toHaveLength(3);
  });
});
