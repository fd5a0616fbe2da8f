import type { Runtime } from '../../runtime';
import type { ConditionContext, Permission } from '../../service';

/**
 * ARN of the key that a `kms_master_key_id` names: by ARN, id or alias.
 *
 * @throws Error for keys that AWS manages: no service but the queue's own account's users may use them
 */
export async function keyArn(runtime: Runtime, id: string): Promise<string> {
  if (/^(arn:.*:)?alias\/aws\//.test(id)) {
    throw new Error(`kms_master_key_id ${id}: keys that AWS manages are not modelled; name a key of your own, or none`);
  }
  if (/^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(id)) return id;
  if (!id.includes('alias/')) return runtime.arn('kms', `key/${id}`);
  const answer = await runtime.call({
    service: 'kms',
    operation: 'DescribeKey',
    input: { KeyId: id },
    principal: runtime.administrator,
  });
  return answer.KeyMetadata.Arn;
}

/**
 * What a caller must be allowed on the key of a queue or topic.
 *
 * @param service through which the key is used, such as `sqs`
 * @param encryptionContext `aws:sqs:arn` and the queue's ARN, or `aws:sns:topicArn` and the topic's
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function keyPermissions(
  runtime: Runtime,
  service: string,
  key: string | undefined,
  actions: readonly ('kms:Decrypt' | 'kms:GenerateDataKey')[],
  encryptionContext: readonly [name: string, arn: string],
): Permission[] {
  if (!key) return [];
  const context: ConditionContext = {
    'kms:ViaService': `${service}.${runtime.region}.amazonaws.com`,
    [`kms:EncryptionContext:${encryptionContext[0]}`]: encryptionContext[1],
  };
  return actions.map((action) => ({ action, resource: key, context }));
}

/** To put a message into an encrypted queue or topic. */
export const toEncrypt = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;

/** To take a message out of an encrypted queue. */
export const toDecrypt = ['kms:Decrypt'] as const;
