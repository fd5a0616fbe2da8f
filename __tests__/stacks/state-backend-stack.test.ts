import { policies, synthesize } from '../synthesis';

const backend = synthesize()['state-backend'];

test('makes exactly these resources', () => {
  expect(backend.counts).toEqual({
    aws_kms_key: 1,
    aws_s3_bucket: 1,
    aws_s3_bucket_lifecycle_configuration: 1,
    aws_s3_bucket_policy: 1,
    aws_s3_bucket_public_access_block: 1,
    aws_s3_bucket_server_side_encryption_configuration: 1,
    aws_s3_bucket_versioning: 1,
  });
});

test('the bucket is versioned, encrypted, private and reached over TLS only', () => {
  expect(backend.one('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
  expect(backend.one('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
    expect.objectContaining({
      apply_server_side_encryption_by_default: {
        sse_algorithm: 'aws:kms',
        kms_master_key_id: expect.stringContaining('aws_kms_key.'),
      },
    }),
  ]);
  expect(backend.one('aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  const [{ statements }] = policies(backend).filter(({ address }) => address.startsWith('aws_s3')) as [any];
  expect(statements).toEqual([
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ]);
});

test('its own state is local whatever the backend of the others', () => {
  for (const OUTBOX_STATE_BACKEND of ['s3', 'local']) {
    const { json } = synthesize({ OUTBOX_STATE_BACKEND })['state-backend'];
    expect(json.terraform.backend).toEqual({ local: { path: '../../../outbox-dev-state-backend.tfstate' } });
  }
});

test('its own state can be moved into the bucket that it made', () => {
  const { json } = synthesize({ OUTBOX_BACKEND_STATE: 's3' })['state-backend'];
  expect(json.terraform.backend).toEqual({
    s3: {
      bucket: 'outbox-dev-terraform-state',
      key: 'outbox/dev/state-backend.tfstate',
      region: 'eu-central-1',
      use_lockfile: true,
    },
  });
});

test('outside dev Terraform refuses to destroy bucket and key', () => {
  expect(backend.one('aws_s3_bucket').lifecycle).toEqual({ prevent_destroy: false });
  for (const type of ['aws_s3_bucket', 'aws_kms_key']) {
    const prod = synthesize({ OUTBOX_ENVIRONMENT: 'prod' })['state-backend'];
    expect(prod.one(type).lifecycle).toEqual({ prevent_destroy: true });
  }
});
