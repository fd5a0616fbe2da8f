import type { DynamoDBRecord } from 'aws-lambda';

/**
 * By what a function tells a record of a stream that failed.
 *
 * @throws TypeError if the record has none: then only the batch as a whole can fail
 */
export function sequenceNumberOf({ dynamodb }: DynamoDBRecord): string {
  if (dynamodb?.SequenceNumber) return dynamodb.SequenceNumber;
  throw new TypeError('A record has no SequenceNumber: is this function called by a stream?');
}
