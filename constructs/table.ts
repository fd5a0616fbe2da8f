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

/** A global secondary index. */
export interface TableIndex {
  /** Name of the index, unique in its table. */
  readonly name: string;
  /** An attribute of the items; those without it are not in the index. */
  readonly hashKey: KeyAttribute;
  /** What it holds beside the keys. */
  readonly attributes: readonly string[];
}

/** How a table is keyed, and what comes with it. */
export interface TableProps {
  /** Name of the table, without project and environment. */
  readonly name: string;
  /** Which items are kept together; with no range key, one item per value. */
  readonly hashKey: KeyAttribute;
  /** @default none */
  readonly rangeKey?: KeyAttribute;
  /** Encrypts items, indexes and the stream. */
  readonly encryptionKey: EncryptionKey;
  /** Attribute that holds when an item expires, in epoch seconds. @default items stay */
  readonly ttlAttribute?: string;
  /** A stream of old and new images, the source of the outbox. @default false */
  readonly stream?: boolean;
  /** @default none */
  readonly indexes?: readonly TableIndex[];
}

/** A table: encrypted with the given key, restorable to any second of the last 35 days. */
export class Table extends Construct {
  /** Name of the table, project and environment included. */
  readonly name: string;
  /** ARN of the table; its indexes are below it. */
  readonly arn: string;
  /** ARN of the stream; only with `stream`. */
  readonly streamArn: string;
  private readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const units = stack.settings.tableBilling === 'PROVISIONED' ? 5 : undefined;
    const { rangeKey, indexes = [] } = props;
    const table = new DynamodbTable(this, 'table', {
      name: stack.nameOf(props.name),
      billingMode: stack.settings.tableBilling,
      readCapacity: units,
      writeCapacity: units,
      hashKey: props.hashKey.name,
      rangeKey: rangeKey?.name,
      attribute: [props.hashKey, ...(rangeKey ? [rangeKey] : []), ...indexes.map(({ hashKey }) => hashKey)],
      ...(indexes.length > 0 && {
        globalSecondaryIndex: indexes.map(({ name, hashKey, attributes }) => ({
          name,
          hashKey: hashKey.name,
          projectionType: 'INCLUDE',
          nonKeyAttributes: [...attributes],
          readCapacity: units,
          writeCapacity: units,
        })),
      }),
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: props.encryptionKey.arn },
      deletionProtectionEnabled: stack.settings.removalProtection,
      lifecycle: { preventDestroy: stack.settings.removalProtection },
      ...(props.ttlAttribute && { ttl: { attributeName: props.ttlAttribute, enabled: true } }),
      ...(props.stream && { streamEnabled: true, streamViewType: 'NEW_AND_OLD_IMAGES' }),
    });
    this.name = table.name;
    this.arn = table.arn;
    this.streamArn = table.streamArn;
    this.encryptionKey = props.encryptionKey;
  }

  /** Lets a role get items. */
  grantGet(role: ServiceRole): void {
    this.grant(role, 'GetItems', actions.table.get, this.arn);
  }

  /** Lets a role query an index, and not the table itself. */
  grantQuery(role: ServiceRole, index: string): void {
    this.grant(role, 'QueryIndex', actions.table.query, `${this.arn}/index/${index}`);
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
