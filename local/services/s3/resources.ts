import { z } from 'zod';
import { block, blocks, json, tags } from '../../arguments';
import type { Resource, Service } from '../../service';
import type { Bucket, Buckets } from './bucket';

const isPrivate = z.literal(true, 'must be true: the local runtime has no public buckets');

const encryptionRule = z.strictObject({
  apply_server_side_encryption_by_default: block(
    z.strictObject({ sse_algorithm: z.enum(['aws:kms', 'AES256']), kms_master_key_id: z.string().optional() }),
  ),
  bucket_key_enabled: z.boolean().default(false),
});

const lifecycleRule = z.strictObject({
  id: z.string(),
  status: z.enum(['Enabled', 'Disabled']),
  filter: block(z.strictObject({ prefix: z.string().optional() })).optional(),
  expiration: block(z.strictObject({ days: z.number().int().min(1) })).optional(),
  noncurrent_version_expiration: block(z.strictObject({ noncurrent_days: z.number().int().min(1) })).optional(),
  abort_incomplete_multipart_upload: block(
    z.strictObject({ days_after_initiation: z.number().int().min(1) }),
  ).optional(),
});

const bucketArguments = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/),
  // Without effect here: nothing is deleted.
  force_destroy: z.boolean().optional(),
  tags,
});

/** `aws_s3_bucket` and the resources that make its settings. */
export function bucketResources(buckets: Buckets): Service['resources'] {
  const { runtime } = buckets;
  const part = <Shape extends z.ZodRawShape>(
    shape: Shape,
    apply: (bucket: Bucket, args: z.output<z.ZodObject<Shape>>) => void,
  ) => ({
    arguments: z.strictObject({ bucket: z.string(), ...shape }),
    create({ arguments: args }: Resource<any>) {
      apply(buckets.at(args.bucket), args);
      return { id: args.bucket };
    },
  });
  return {
    aws_s3_bucket: {
      arguments: bucketArguments,
      create({ arguments: { bucket: name } }: Resource<z.output<typeof bucketArguments>>) {
        const { arn } = buckets.add(name);
        return { id: name, arn, region: runtime.region };
      },
    },
    aws_s3_bucket_versioning: part(
      { versioning_configuration: block(z.strictObject({ status: z.enum(['Enabled', 'Suspended', 'Disabled']) })) },
      (bucket, args) => (bucket.versioning = args.versioning_configuration.status),
    ),
    aws_s3_bucket_server_side_encryption_configuration: part({ rule: block(encryptionRule) }, (bucket, { rule }) => {
      const { sse_algorithm: algorithm, kms_master_key_id: keyArn } = rule.apply_server_side_encryption_by_default;
      const isBucketKeyEnabled = rule.bucket_key_enabled;
      Object.assign(bucket.encryption, { algorithm, isBucketKeyEnabled, ...(keyArn && { keyArn }) });
    }),
    aws_s3_bucket_public_access_block: part(
      {
        block_public_acls: isPrivate,
        block_public_policy: isPrivate,
        ignore_public_acls: isPrivate,
        restrict_public_buckets: isPrivate,
      },
      () => {},
    ),
    aws_s3_bucket_policy: part({ policy: json(z.any()) }, (bucket, { policy }) => {
      runtime.iam.setResourcePolicy(bucket.arn, policy);
    }),
    // S3 removes what has expired in its own time, which is not said; here that time does not come.
    aws_s3_bucket_lifecycle_configuration: part({ rule: blocks(lifecycleRule) }, () => {}),
  };
}
