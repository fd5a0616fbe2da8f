import type { Runtime } from '../../runtime';
import type { Permission } from '../../service';
import type { Bucket } from './bucket';

/**
 * What a call on an object needs: its action, and the use of the key that encrypts the bucket.
 *
 * @param keyActions actions on that key
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function objectPermissions(
  runtime: Runtime,
  bucket: Bucket,
  key: string,
  action: string,
  keyActions: readonly string[] = [],
): Permission[] {
  const { arn, encryption } = bucket;
  const resource = `${arn}/${key}`;
  const { keyArn } = encryption;
  const context = {
    'kms:ViaService': `s3.${runtime.region}.amazonaws.com`,
    'kms:EncryptionContext:aws:s3:arn': encryption.isBucketKeyEnabled ? arn : resource,
  };
  return [
    { action, resource },
    ...(keyArn ? keyActions.map((keyAction) => ({ action: keyAction, resource: keyArn, context })) : []),
  ];
}
