/** Under this symbol a received message carries the ids of the hops that caused it, for pollers in this process. */
export const messageParents = Symbol('messageParents');

/** An attribute of a message; `BinaryValue` is base64, as in the JSON protocol. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** What a sender gives a message. */
export interface MessageContents {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** `AWSTraceHeader`: the only system attribute a sender may set. */
  readonly traceHeader?: string;
}

/** A message in a queue. Times are epoch milliseconds. */
export interface QueueMessage {
  readonly id: string;
  readonly contents: MessageContents;
  readonly senderId: string;
  /** When it was first sent; retention counts from here, also in a dead-letter queue. */
  readonly sentAt: number;
  /** When it came to this queue. */
  readonly arrivedAt: number;
  /** ARN of the queue whose redrive policy sent it here. */
  readonly source?: string;
  /** Hops that caused it. */
  readonly parents: readonly number[];
  /** Place in the queue's approximate order. */
  position: number;
  /** How often it was received from this queue. */
  receives: number;
  firstReceivedAt?: number;
  lastReceivedAt?: number;
  /** Receipt handle of the latest receive. */
  handle?: string;
}

/** A message as ReceiveMessage returns it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly MD5OfBody: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MD5OfMessageAttributes?: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
  readonly [messageParents]: readonly number[];
}
