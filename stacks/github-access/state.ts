import type { Statement } from '../../constructs/policy';
import type { BaseStack } from '../base-stack';

/** The stacks that an administrator deploys, whose states a workflow must not write. */
const byNameOnly = ['github-access', 'state-backend'];

/**
 * Access to the state in S3: read it and hold its lock, and for an apply write it, but for the stacks that an administrator deploys. What
 * is encrypted with the bucket's key is decrypted by S3 on behalf of the caller, for this bucket only.
 */
export function stateAccess(stack: BaseStack, access: 'read' | 'write'): Statement[] {
  const { project, environment, region, stateBackend, stateBucket } = stack.settings;
  if (stateBackend !== 's3') return [];
  const bucket = `arn:${stack.partition}:s3:::${stateBucket}`;
  const folder = `${bucket}/${project}/${environment}`;
  const state = `${folder}/*.tfstate`;
  return [
    { Sid: 'ListState', Action: 's3:ListBucket', Resource: bucket },
    {
      Sid: access === 'write' ? 'WriteState' : 'ReadState',
      Action: ['s3:GetObject', ...(access === 'write' ? ['s3:PutObject'] : [])],
      Resource: state,
    },
    ...(access === 'write'
      ? [
          {
            Sid: 'NotStateOfAdministrator',
            Effect: 'Deny' as const,
            Action: ['s3:DeleteObject', 's3:PutObject'],
            Resource: byNameOnly.map((id) => `${folder}/${id}.tfstate`),
          },
        ]
      : []),
    { Sid: 'LockState', Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], Resource: `${state}.tflock` },
    {
      Sid: 'EncryptState',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: stack.arnOf('kms', 'key/*'),
      Condition: {
        StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
        // With a bucket key, as here, the context is the bucket instead of the object.
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket, `${bucket}/*`] },
      },
    },
  ];
}
