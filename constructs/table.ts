import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import type { ServiceRole } from './service-role';

/** A key attribute: its name and whether it is a string or a number. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N';
}

export interface TableProps {
  /** Name of the table, without project and environment. */
  readonly name: string;
  readonly hashKey: KeyAttribute;
  /** @default none */
  readonly rangeKey?: KeyAttribute;
  readonly encryptionKey: EncryptionKey;
  /** Attribute that holds when an item expires, in epoch seconds. @default items stay */
  readonly ttlAttribute?: string;
  /** A stream of old and new images, the source of the outbox. @default false */
  readonly stream?: boolean;
}

/** A table: encrypted with the given key, restorable to any second of the last 35 days. */
export class Table extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;
  private readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const provisioned = stack.settings.tableBilling === 'PROVISIONED';
    const table = new DynamodbTable(this, 'table', {
      name: stack.nameOf(props.name),
      billingMode: stack.settings.tableBilling,
      ...(provisioned && { readCapacity: 5, writeCapacity: 5 }),
      hashKey: props.hashKey.name,
      rangeKey: props.rangeKey?.name,
      attribute: [props.hashKey, ...(props.rangeKey ? [props.rangeKey] : [])],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: props.encryptionKey.arn },
      deletionProtectionEnabled: stack.settings.removalProtection,
      ...(props.ttlAttribute && { ttl: { attributeName: props.ttlAttribute, enabled: true } }),
      ...(props.stream && { streamEnabled: true, streamViewType: 'NEW_AND_OLD_IMAGES' }),
    });
    this.name = table.name;
    this.arn = table.arn;
    this.streamArn = table.streamArn;
    this.encryptionKey = props.encryptionKey;
  }

  /** Lets a role put items. */
  grantPut(role: ServiceRole): void {
    this.grant(role, 'PutItems', actions.table.put, this.arn);
  }

  /** Lets a role update items. */
  grantUpdate(role: ServiceRole): void {
    this.grant(role, 'UpdateItems', actions.table.update, this.arn);
  }

  /** Lets a role delete items. */
  grantDelete(role: ServiceRole): void {
    this.grant(role, 'DeleteItems', actions.table.delete, this.arn);
  }

  /** Lets a role read the table's stream. */
  grantReadStream(role: ServiceRole): void {
    this.grant(role, 'ReadStream', actions.stream.read, this.streamArn);
  }

  private grant(role: ServiceRole, Sid: string, Action: readonly string[], Resource: string): void {
    role.allow({ Sid, Action, Resource });
    this.encryptionKey.grantDecrypt(role, 'dynamodb');
  }
}
