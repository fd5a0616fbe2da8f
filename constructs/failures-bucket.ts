import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { Bucket } from './bucket';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import type { ServiceRole } from './service-role';

/** How a bucket for failures is named and encrypted. */
export interface FailuresBucketProps {
  /** Name of the bucket, without project, environment and account: at most 21 characters. */
  readonly name: string;
  /** Encrypts the objects. */
  readonly encryptionKey: EncryptionKey;
}

/** Twice as long as a dead-letter queue keeps a message. */
const objectDays = 30;

/** Keeps stream records that could not be processed, whole: a queue as destination would get a pointer only. */
export class FailuresBucket extends Construct {
  /** The whole name, unique in all of AWS. */
  readonly name: string;
  /** ARN of the bucket, which an event source mapping takes as destination. */
  readonly arn: string;
  private readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: FailuresBucketProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const bucket = new Bucket(this, 'bucket', {
      name: `${stack.nameOf(props.name)}-${stack.accountId}`,
      keyArn: props.encryptionKey.arn,
      expiry: { objectDays },
      preventDestroy: stack.settings.removalProtection,
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
    this.encryptionKey = props.encryptionKey;
  }

  /** Lets Lambda put what a function could not process, with the function's role. */
  grantPut(role: ServiceRole): void {
    role.allow({ Sid: 'PutFailures', Action: actions.bucket.put, Resource: `${this.arn}/*` });
    role.allow({ Sid: 'ListFailures', Action: actions.bucket.list, Resource: this.arn });
    this.encryptionKey.grantEncrypt(role, 's3');
  }
}
