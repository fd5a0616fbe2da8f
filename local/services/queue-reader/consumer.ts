import type { RolePrincipal } from '../../principal';
import type { ReceivedMessage } from '../sqs/message';

/** Deletes messages that are done with, because of the hops given. */
export type Finish = (messages: readonly ReceivedMessage[], parents: readonly number[]) => Promise<void>;

/** Who takes messages from a queue: a pipe or an event source mapping. */
export interface QueueConsumer {
  /** As hops name it. */
  readonly service: 'pipes' | 'lambda';
  /** For whom a message was not, if it is filtered out. */
  readonly name: string;
  /** ARN of the queue. */
  readonly queue: string;
  /** Most messages of one batch. */
  readonly batchSize: number;
  /** Milliseconds that a batch may gather. */
  readonly window: number;
  /** Whether one more batch may go beside those under way. */
  hasRoom(underWay: number): boolean;
  /** Whether the message is wanted; the others are deleted. The body is parsed if it is JSON. @default all are */
  matches?(event: { readonly body: unknown }): boolean;
  /** Processes a batch; never throws. What it does not finish stays in the queue. */
  process(messages: readonly ReceivedMessage[], role: RolePrincipal, finish: Finish): Promise<void>;
  /** Told of messages received, filtered out and deleted, by the names of Lambda's metrics. */
  counts?(name: 'PolledEventCount' | 'FilteredOutEventCount' | 'DeletedEventCount', messages: number): void;
}
