import type { SQSRecord } from 'aws-lambda';

/** A message as a pipe hands it to its enrichment. */
export function record(body: string, messageId = 'message-1'): SQSRecord {
  return { messageId, body, eventSource: 'aws:sqs' } as SQSRecord;
}

/** The body of a message that a rule has sent. */
export function eventBody(detail: unknown, changes: object = {}): string {
  return JSON.stringify({ source: 'claim.event', 'detail-type': 'PayloadClaimed', detail, ...changes });
}

/** JSON of so many lists, one in the other. */
export const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
