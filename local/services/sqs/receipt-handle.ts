import { AwsError } from '../../aws-error';

/** Makes the receipt handle of one receive. @param nonce tells it from those of other receives */
export function receiptHandle(nonce: string, queueArn: string, messageId: string): string {
  return Buffer.from(`${nonce} ${queueArn} ${messageId}`).toString('base64');
}

/**
 * The id of the message that a receipt handle of this queue is for.
 *
 * @throws AwsError `ReceiptHandleIsInvalid`
 */
export function messageIdIn(handle: string, queueArn: string): string {
  const [, arn, id] = Buffer.from(handle, 'base64').toString().split(' ');
  if (arn === queueArn && id) return id;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    404,
  );
}
