/** When a message goes to a dead-letter queue. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** Receives after which the next one moves the message. */
  readonly maxReceiveCount: number;
}

/** Whose dead-letter queue a queue may be. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'byQueue' | 'denyAll';
  readonly sourceQueueArns?: readonly string[] | undefined;
}

/** How a queue is set up. Times in seconds, sizes in bytes. */
export interface QueueSettings {
  /** Address of its resource, for messages. */
  readonly address: string;
  readonly name: string;
  /** How long a received message stays hidden. */
  readonly visibility: number;
  /** How long a message stays, from when it was first sent. */
  readonly retention: number;
  readonly maximumSize: number;
  /** How long a new message stays hidden. */
  readonly delay: number;
  /** How long a receive waits for messages. */
  readonly wait: number;
  /** JSON */
  readonly policy?: string;
  readonly redrive?: RedrivePolicy;
  readonly redriveAllow?: RedriveAllowPolicy;
  /** Customer managed key: its name in the configuration, and its ARN. */
  readonly key?: { readonly id: string; readonly arn: string; readonly reuse: number };
  /** Encrypted with a key of SQS. */
  readonly managedEncryption: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
