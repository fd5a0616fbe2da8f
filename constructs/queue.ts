import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import { policyDocument, type Statement, tlsOnly } from './policy';
import type { RuleTarget } from './rule';
import type { ServiceRole } from './service-role';

/** The longest SQS keeps a message, in seconds: 14 days. */
const longestRetention = 1_209_600;

/** How a queue is named and encrypted, and when it gives up on a message. */
export interface QueueProps {
  /** Name of the queue, without project and environment. */
  readonly name: string;
  /** Encrypts the messages, dead letters included. */
  readonly encryptionKey: EncryptionKey;
  /** How long a received message stays hidden, in seconds. @default 30 */
  readonly visibilityTimeout?: number;
  /** Receives after which a message goes to the queue's own dead-letter queue. @default it has none */
  readonly maxReceiveCount?: number;
}

/**
 * A standard queue: encrypted, TLS only, open to exactly the senders granted. The policies are attributes of the
 * queue itself, because each separate policy resource takes Terraform 25 seconds.
 */
export class Queue extends Construct implements RuleTarget {
  /** Name of the queue, project and environment included. */
  readonly name: string;
  /** ARN of the queue. */
  readonly arn: string;
  /** Address that the SDK takes as `QueueUrl`. */
  readonly url: string;
  /** Where messages go that could not be processed; only with `maxReceiveCount`. */
  readonly deadLetters?: Queue;
  private readonly selfArn: string;
  private readonly statements: Statement[] = [];
  private readonly redriveSources: string[] = [];
  private readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const name = stack.nameOf(props.name);
    this.selfArn = stack.arnOf('sqs', name);
    this.statements.push(tlsOnly('sqs', this.selfArn));
    if (props.maxReceiveCount) {
      this.deadLetters = new Queue(this, 'dead-letters', {
        name: `${props.name}-dlq`,
        encryptionKey: props.encryptionKey,
      });
      this.deadLetters.redriveSources.push(this.selfArn);
    }
    const queue = new SqsQueue(this, 'queue', {
      name,
      visibilityTimeoutSeconds: props.visibilityTimeout ?? 30,
      messageRetentionSeconds: longestRetention,
      maxMessageSize: stack.settings.maxMessageSize,
      kmsMasterKeyId: props.encryptionKey.arn,
      policy: Lazy.stringValue({ produce: () => policyDocument(this.statements) }),
      redriveAllowPolicy: Lazy.stringValue({ produce: () => this.redriveAllowPolicy() }),
      ...(this.deadLetters && {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: this.deadLetters.arn,
          maxReceiveCount: props.maxReceiveCount,
        }),
      }),
      lifecycle: { preventDestroy: stack.settings.removalProtection },
    });
    this.name = queue.name;
    this.arn = queue.arn;
    this.url = queue.url;
    this.encryptionKey = props.encryptionKey;
  }

  /** Lets an EventBridge rule send to the queue, as target or as dead-letter queue. */
  grantRule(ruleArn: string): void {
    this.statements.push({
      Sid: 'SentByRule',
      Principal: { Service: 'events.amazonaws.com' },
      Action: actions.queue.send,
      Resource: this.selfArn,
      Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    });
  }

  /** Lets a role send to the queue. */
  grantSend(role: ServiceRole): void {
    role.allow({ Sid: 'SendToQueue', Action: actions.queue.send, Resource: this.arn });
    this.encryptionKey.grantEncrypt(role, 'sqs');
  }

  /** Lets a role receive from the queue and delete what it has processed. */
  grantConsume(role: ServiceRole): void {
    role.allow({ Sid: 'ConsumeQueue', Action: actions.queue.consume, Resource: this.arn });
    this.encryptionKey.grantDecrypt(role, 'sqs');
  }

  private redriveAllowPolicy(): string {
    return JSON.stringify(
      this.redriveSources.length
        ? { redrivePermission: 'byQueue', sourceQueueArns: this.redriveSources }
        : { redrivePermission: 'denyAll' },
    );
  }
}
