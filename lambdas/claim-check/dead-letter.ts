import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter } from './batch';

/** Where messages go that can never be processed. */
export interface DeadLetterOptions {
  /** Sends the messages. */
  readonly client: Pick<SQSClient, 'send'>;
  /** The dead-letter queue. */
  readonly queueUrl: string;
  /** What the queue takes: bytes of a message, attributes included. */
  readonly maxBytes: number;
}

/**
 * Sends messages to a dead-letter queue: the body as it came, why in the attributes `ERROR_CODE` and `ERROR_MESSAGE` (which
 * EventBridge gives its own dead letters), and the queue's id in `MESSAGE_ID`. Attributes count as part of a message; a body
 * that leaves them no room goes without, and the function's log alone says why.
 */
export function deadLetterQueue({ client, queueUrl, maxBytes }: DeadLetterOptions): DeadLetter {
  return async ({ messageId, body }, { reason, message }) => {
    const values = { ERROR_CODE: reason, ERROR_MESSAGE: message, MESSAGE_ID: messageId };
    const bytes = Object.entries(values).reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(`${name}String${value}`),
      Buffer.byteLength(body),
    );
    const MessageAttributes: Record<string, MessageAttributeValue> = Object.fromEntries(
      Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    const room = bytes <= maxBytes;
    await client.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...(room && { MessageAttributes }) }),
    );
  };
}
