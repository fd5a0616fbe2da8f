import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { actions } from './grants';
import { policyDocument } from './policy';
import type { ServiceRole } from './service-role';

/** How a key is named. */
export interface EncryptionKeyProps {
  /** Alias of the key, without project and environment. */
  readonly name: string;
}

/**
 * The customer-managed KMS key for everything that holds payloads.
 *
 * Its policy leaves roles of the account to their own policies and names the services that use the key without a
 * role: EventBridge (encrypted queues as rule targets and dead-letter queues), CloudWatch Logs (log groups) and
 * CloudWatch (alarms to an encrypted topic).
 */
export class EncryptionKey extends Construct {
  /** ARN of the key, not of its alias. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const { region, removalProtection } = stack.settings;
    const forThisAccount = { StringEquals: { 'aws:SourceAccount': stack.accountId } };
    const key = new KmsKey(this, 'key', {
      description: `Payloads of ${stack.nameOf(props.name)}`,
      enableKeyRotation: true,
      deletionWindowInDays: removalProtection ? 30 : 7,
      policy: policyDocument([
        {
          Sid: 'RolesByTheirOwnPolicies',
          Principal: { AWS: stack.accountRootArn },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'EventBridgeToQueues',
          Principal: { Service: 'events.amazonaws.com' },
          Action: actions.key.encrypt,
          Resource: '*',
          Condition: forThisAccount,
        },
        {
          Sid: 'LogGroups',
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
          Resource: '*',
          Condition: {
            ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.arnOf('logs', `log-group:*${stack.nameOf('*')}`) },
          },
        },
        {
          Sid: 'AlarmsToTopic',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: actions.key.encrypt,
          Resource: '*',
          Condition: forThisAccount,
        },
      ]),
      lifecycle: { preventDestroy: removalProtection },
    });
    new KmsAlias(this, 'alias', { name: `alias/${stack.nameOf(props.name)}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }

  /** Lets a role read what is encrypted with the key in a service. */
  grantDecrypt(role: ServiceRole, service: 'dynamodb' | 'sqs' | 's3'): void {
    this.grant(role, `DecryptIn${title(service)}`, actions.key.decrypt, service);
  }

  /** Lets a role send to a queue or topic or put into a bucket that is encrypted with the key. */
  grantEncrypt(role: ServiceRole, service: 'sqs' | 'sns' | 's3'): void {
    const { encrypt, store } = actions.key;
    this.grant(role, `EncryptIn${title(service)}`, service === 's3' ? store : encrypt, service);
  }

  private grant(role: ServiceRole, Sid: string, Action: readonly string[], service: string): void {
    const { region } = BaseStack.of(role).settings;
    const Condition = { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } };
    role.allow({ Sid, Action, Resource: this.arn, Condition });
  }
}

function title(service: string): string {
  return service[0]!.toUpperCase() + service.slice(1);
}
