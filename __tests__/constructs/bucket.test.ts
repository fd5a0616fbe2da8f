import { Bucket, type BucketProps } from '../../constructs/bucket';
import { FailuresBucket } from '../../constructs/failures-bucket';
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
