import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { Bucket } from '../constructs/bucket';
import { policyDocument } from '../constructs/policy';
import { BaseStack } from './base-stack';
import type { Settings } from './settings';

/** How long an overwritten version of a state can be restored, in days. */
const oldVersionDays = 90;

/** The bucket that holds the state of all stacks. Its own lies in a file until the bucket is there, then `backendState` moves it. */
export class StateBackendStack extends BaseStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'state-backend', settings, settings.backendState);
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
    // Terraform leaves `Default` out of addresses: the resources keep the ones they had in the stack itself.
    const { name: bucket } = new Bucket(this, 'Default', {
      name: settings.stateBucket,
      keyArn: key.arn,
      expiry: { oldVersionDays },
      preventDestroy,
    });
    new TerraformOutput(this, 'StateBucket', { value: bucket, description: 'Bucket that holds the Terraform state' });
  }
}
