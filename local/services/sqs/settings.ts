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
  readonly visibility: number;
  readonly retention: number;
  readonly maximumSize: number;
  readonly delay: number;
  readonly wait: number;
  /** JSON */
  readonly policy?: string;
  readonly redrive?: RedrivePolicy;
  readonly redriveAllow?: RedriveAllowPolicy;
  /** Customer managed key: its name in the configuration, and its ARN. */
  readonly key?: { readonly id: string; readonly arn: string; readonly reuse: number };
  readonly managedEncryption: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
