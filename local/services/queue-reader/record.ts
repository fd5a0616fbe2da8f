import type { MessageAttribute, ReceivedMessage } from '../sqs/message';

/** Bytes of one event. Source: Lambda quotas, invocation payload (6 MB). */
const maximumEvent = 6_291_456;

/** What the members take that are the same in all records. */
const overhead = 256;

function attribute({ DataType, StringValue, BinaryValue }: MessageAttribute) {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/**
 * A message as functions and pipes get it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsRecord(message: ReceivedMessage, queueArn: string, region: string) {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(
    ([name, value]) => [name, attribute(value)] as const,
  );
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

/** Splits a batch into parts that fit into one event each. */
export function splitMessages(messages: readonly ReceivedMessage[]): ReceivedMessage[][] {
  const parts: ReceivedMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(JSON.stringify(sqsRecord(message, '', ''))) + overhead;
    if (bytes + size > maximumEvent) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(message);
    bytes += size;
  }
  return parts;
}
