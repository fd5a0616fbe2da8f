import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { Bucket } from './bucket';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import type { ServiceRole } from './service-role';

/** How a bucket for payloads is named and encrypted, and how long it keeps them. */
export interface PayloadBucketProps {
  /** Name of the bucket, without project, environment and account: at most 21 characters. */
  readonly name: string;
  /** Days after which an object goes, and as many after which a version of it that was overwritten does. */
  readonly objectDays: number;
  /** Encrypts the objects. */
  readonly encryptionKey: EncryptionKey;
}

/** Keeps payloads that are too large to travel; what is overwritten stays as an old version for as long. */
export class PayloadBucket extends Construct {
  /** The whole name, unique in all of AWS. */
  readonly name: string;
  /** ARN of the bucket; its objects are below it. */
  readonly arn: string;
  private readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: PayloadBucketProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const { objectDays, encryptionKey } = props;
    const bucket = new Bucket(this, 'bucket', {
      name: `${stack.nameOf(props.name)}-${stack.accountId}`,
      keyArn: encryptionKey.arn,
      expiry: { objectDays, oldVersionDays: objectDays },
      preventDestroy: stack.settings.removalProtection,
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
    this.encryptionKey = encryptionKey;
  }

  /** Lets a role put objects. */
  grantPut(role: ServiceRole): void {
    role.allow({ Sid: 'PutPayloads', Action: actions.bucket.put, Resource: `${this.arn}/*` });
    this.encryptionKey.grantEncrypt(role, 's3');
  }

  /** Lets a role get objects. Who may not list is not told that one is missing, but that it is denied (S3, GetObject). */
  grantGet(role: ServiceRole): void {
    role.allow({ Sid: 'GetPayloads', Action: actions.bucket.get, Resource: `${this.arn}/*` });
    role.allow({ Sid: 'ListPayloads', Action: actions.bucket.list, Resource: this.arn });
    this.encryptionKey.grantDecrypt(role, 's3');
  }
}
