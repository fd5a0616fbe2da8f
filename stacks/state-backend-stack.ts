import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { policyDocument, tlsOnly } from '../constructs/policy';
import { BaseStack } from './base-stack';
import type { Settings } from './settings';

/** How long an overwritten version of a state can be restored, in days. */
const oldVersionDays = 90;

/** The bucket that holds the state of all other stacks. Its own state is local: it cannot lie in what it makes. */
export class StateBackendStack extends BaseStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'state-backend', settings, 'local');
    const preventDestroy = settings.environment !== 'dev';

    const key = new KmsKey(this, 'key', {
      description: `Terraform state in ${settings.stateBucket}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument([
        {
          Sid: 'RolesByTheirOwnPolicies',
          Principal: { AWS: this.accountRootArn },
          Action: 'kms:*',
          Resource: '*',
        },
      ]),
      lifecycle: { preventDestroy },
    });
    const { id: bucket, arn } = new S3Bucket(this, 'bucket', {
      bucket: settings.stateBucket,
      lifecycle: { preventDestroy },
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
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
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [
        {
          id: 'expire-old-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: oldVersionDays }],
        },
      ],
      dependsOn: [versioning],
    });
    new TerraformOutput(this, 'StateBucket', { value: bucket, description: 'Bucket that holds the Terraform state' });
  }
}
