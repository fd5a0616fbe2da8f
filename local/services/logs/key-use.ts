import type { Runtime } from '../../runtime';
import type { Service } from '../../service';
import type { LogGroup } from './groups';

/** What CloudWatch Logs does with the key of an encrypted log group. */
const actions = {
  associate: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:Decrypt'],
  write: ['kms:GenerateDataKey'],
  read: ['kms:Decrypt'],
} as const;

/**
 * Asks whether the key's policy lets CloudWatch Logs of this region use it for the log group.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @param service answers the denial
 * @throws AwsError `AccessDeniedException`
 */
export function useKey(
  runtime: Runtime,
  service: Pick<Service, 'name' | 'errors'>,
  group: LogGroup,
  use: keyof typeof actions,
): void {
  const { key } = group.settings;
  if (!key) return;
  const principal = { kind: 'service', service: `logs.${runtime.region}.amazonaws.com`, sourceArn: group.arn } as const;
  const context = { 'kms:EncryptionContext:aws:logs:arn': group.arn };
  for (const action of actions[use]) {
    runtime.authorize(principal, { action, resource: key, context }, { operations: {}, resources: {}, ...service });
  }
}
