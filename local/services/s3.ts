import { z } from 'zod';
import { block, blocks, json, tags } from '../arguments';
import { AwsError } from '../aws-error';
import type { Runtime } from '../runtime';
import type { Operation, Permission, Resource, ResourceType, Service } from '../service';

interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** Key that objects are encrypted with; none means S3's own. */
  keyArn?: string;
  /** Versions of each object, oldest first; one only without versioning. */
  readonly objects: Map<string, string[]>;
  versioned: boolean;
}

/** S3 as far as buckets for state need it: puts and gets, policy, encryption, versions. */
export function s3(runtime: Runtime): Service {
  const buckets = new Map<string, Bucket>();
  const bucketNamed = (name: string) => {
    const bucket = buckets.get(name);
    if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    return bucket;
  };
  return {
    name: 's3',
    operations: objectOperations(runtime, bucketNamed),
    resources: bucketResources(runtime, buckets, bucketNamed),
    errors: {
      accessDenied: { code: 'AccessDenied', status: 403 },
      throttled: { code: 'SlowDown', status: 503 },
      validation: { code: 'InvalidRequest', status: 400 },
      internal: { code: 'InternalError', status: 500 },
    },
  };
}

function objectOperations(runtime: Runtime, bucketNamed: (name: string) => Bucket): Record<string, Operation> {
  const target = z.object({ Bucket: z.string(), Key: z.string().min(1).max(1024) });
  const permissions = (name: string, key: string, action: string, keyActions: string[]): Permission[] => {
    const { arn, keyArn } = bucketNamed(name);
    const context = { 'kms:ViaService': `s3.${runtime.region}.amazonaws.com` };
    return [
      { action, resource: `${arn}/${key}` },
      ...(keyArn ? keyActions.map((keyAction) => ({ action: keyAction, resource: keyArn, context })) : []),
    ];
  };
  const put: Operation<{ Bucket: string; Key: string; Body: string }> = {
    input: target.extend({ Body: z.string() }),
    permissions: ({ Bucket, Key }) => permissions(Bucket, Key, 's3:PutObject', ['kms:GenerateDataKey']),
    run({ Bucket, Key, Body }, call) {
      const { arn, objects, versioned } = bucketNamed(Bucket);
      objects.set(Key, [...(versioned ? (objects.get(Key) ?? []) : []), Body]);
      call.record({ resource: `${arn}/${Key}`, summary: `${Bucket}/${Key}: ${Body.length} characters` });
      return {};
    },
  };
  const get: Operation<{ Bucket: string; Key: string }> = {
    input: target,
    permissions: ({ Bucket, Key }) => permissions(Bucket, Key, 's3:GetObject', ['kms:Decrypt']),
    run({ Bucket, Key }) {
      const Body = bucketNamed(Bucket).objects.get(Key)?.at(-1);
      if (Body === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key });
      return { Body };
    },
  };
  return { PutObject: put, GetObject: get };
}

const enabled = z.literal(true, 'must be true: the local runtime has no public buckets');

function bucketResources(
  runtime: Runtime,
  buckets: Map<string, Bucket>,
  bucketNamed: (name: string) => Bucket,
): Record<string, ResourceType> {
  const part = (shape: z.ZodRawShape, apply: (bucket: Bucket, args: any) => void): ResourceType => ({
    arguments: z.strictObject({ bucket: z.string(), ...shape }),
    create({ arguments: args }: Resource<{ bucket: string }>) {
      apply(bucketNamed(args.bucket), args);
      return { id: args.bucket };
    },
  });
  return {
    aws_s3_bucket: {
      arguments: z.strictObject({
        bucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/),
        force_destroy: z.boolean().optional(),
        tags,
      }),
      create({ arguments: { bucket: name } }: Resource<{ bucket: string }>) {
        if (buckets.has(name)) throw new Error(`the bucket ${name} exists already: give one of the two another name`);
        const arn = `arn:${runtime.partition}:s3:::${name}`;
        buckets.set(name, { name, arn, objects: new Map(), versioned: false });
        return { id: name, arn, region: runtime.region };
      },
    },
    aws_s3_bucket_versioning: part(
      { versioning_configuration: block(z.strictObject({ status: z.enum(['Enabled', 'Suspended', 'Disabled']) })) },
      (bucket, args) => (bucket.versioned = args.versioning_configuration.status === 'Enabled'),
    ),
    aws_s3_bucket_server_side_encryption_configuration: part({ rule: block(encryptionRule) }, (bucket, args) => {
      bucket.keyArn = args.rule.apply_server_side_encryption_by_default.kms_master_key_id;
    }),
    aws_s3_bucket_public_access_block: part(
      {
        block_public_acls: enabled,
        block_public_policy: enabled,
        ignore_public_acls: enabled,
        restrict_public_buckets: enabled,
      },
      () => {},
    ),
    aws_s3_bucket_policy: part({ policy: json(z.any()) }, (bucket, args) => {
      runtime.iam.setResourcePolicy(bucket.arn, args.policy);
    }),
    // Old versions take no room worth expiring in a run on a laptop.
    aws_s3_bucket_lifecycle_configuration: part({ rule: blocks(lifecycleRule) }, () => {}),
  };
}

const encryptionRule = z.strictObject({
  apply_server_side_encryption_by_default: block(
    z.strictObject({ sse_algorithm: z.enum(['aws:kms', 'AES256']), kms_master_key_id: z.string().optional() }),
  ),
  bucket_key_enabled: z.boolean().optional(),
});

const lifecycleRule = z.strictObject({
  id: z.string(),
  status: z.enum(['Enabled', 'Disabled']),
  filter: block(z.strictObject({ prefix: z.string().optional() })).optional(),
  noncurrent_version_expiration: block(z.strictObject({ noncurrent_days: z.number().int().min(1) })).optional(),
});
