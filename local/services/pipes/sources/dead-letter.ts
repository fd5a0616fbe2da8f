import type { RolePrincipal } from '../../../principal';
import type { Runtime } from '../../../runtime';
import type { GivenUp } from '../../stream-reader/consumer';
import { batchInfo, parentsOf } from '../../stream-reader/record';
import type { Pipe } from '../pipe';

/** The body of a dead-letter message: which part of the stream was given up, never the records themselves. */
function deadLetterBody(pipe: Pipe, { records, condition }: GivenUp, now: number): string {
  return JSON.stringify({
    context: { partnerResourceArn: pipe.arn, condition },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: batchInfo(pipe.arguments.source, records),
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
  given: GivenUp,
): Promise<void> {
  const [account, queue] = queueArn.split(':').slice(4);
  await runtime.call({
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: `${runtime.endpoint}/${account!}/${queue!}`,
      MessageBody: deadLetterBody(pipe, given, runtime.clock.now()),
    },
    principal: role,
    parents: parentsOf(given.records),
  });
}
