import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { policyDocument, tlsOnly } from './policy';

/** How a private bucket is made. */
export interface BucketProps {
  /** The whole name, unique in all of AWS. */
  readonly name: string;
  /** KMS key that encrypts the objects. */
  readonly keyArn: string;
  /** What goes after this many days: objects, versions that were overwritten or deleted; only with these are versions kept. */
  readonly expiry:
    | { readonly objectDays: number }
    | { readonly oldVersionDays: number }
    | { readonly objectDays: number; readonly oldVersionDays: number };
  /** Terraform refuses to destroy the bucket; else it destroys it, and with `objectDays` what is in it too. */
  readonly preventDestroy: boolean;
}

/** A private bucket: encrypted with the given key, TLS only. */
export class Bucket extends Construct {
  /** The whole name, as given. */
  readonly name: string;
  /** ARN of the bucket; its objects are below it. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { expiry, preventDestroy } = props;
    const { id: bucket, arn } = new S3Bucket(this, 'bucket', {
      bucket: props.name,
      ...('objectDays' in expiry && { forceDestroy: !preventDestroy }),
      lifecycle: { preventDestroy },
    });
    this.name = bucket;
    this.arn = arn;
    const versioning =
      'oldVersionDays' in expiry &&
      new S3BucketVersioningA(this, 'versioning', { bucket, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: props.keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketPublicAccessBlock(this, 'private', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketPolicy(this, 'policy', { bucket, policy: policyDocument([tlsOnly('s3', [arn, `${arn}/*`])]) });
    const things = ['objectDays' in expiry && 'objects', 'oldVersionDays' in expiry && 'old-versions'];
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [
        {
          id: `expire-${things.filter(Boolean).join('-and-')}`,
          status: 'Enabled',
          filter: [{ prefix: '' }],
          ...('objectDays' in expiry && { expiration: [{ days: expiry.objectDays }] }),
          ...('oldVersionDays' in expiry && {
            noncurrentVersionExpiration: [{ noncurrentDays: expiry.oldVersionDays }],
          }),
        },
      ],
      ...(versioning && { dependsOn: [versioning] }),
    });
  }
}
