import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { type Pipe, type PipeRecord, parentsOf } from './pipe';

/** Why records were given up, as the dead-letter message says it. */
export type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** The body of a dead-letter message: which part of the stream was given up, never the records themselves. */
export function deadLetterBody(pipe: Pipe, records: readonly PipeRecord[], condition: Condition, now: number): string {
  const [first, last] = [records[0]!, records.at(-1)!];
  return JSON.stringify({
    context: { partnerResourceArn: pipe.arn, condition },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: first.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.time).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.time).toISOString(),
      batchSize: records.length,
      streamArn: pipe.arguments.source,
    },
  });
}

/**
 * Sends the dead-letter message as the pipe's role.
 *
 * @throws AwsError as SQS answers
 */
export async function sendDeadLetter(
  runtime: Runtime,
  pipe: Pipe,
  role: RolePrincipal,
  queueArn: string,
  records: readonly PipeRecord[],
  condition: Condition,
): Promise<void> {
  const [account, queue] = queueArn.split(':').slice(4);
  await runtime.call({
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: `${runtime.endpoint}/${account!}/${queue!}`,
      MessageBody: deadLetterBody(pipe, records, condition, runtime.clock.now()),
    },
    principal: role,
    parents: parentsOf(records),
  });
}
