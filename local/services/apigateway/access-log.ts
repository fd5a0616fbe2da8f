import { createHash } from 'node:crypto';
import { AwsError, toAwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import { assumeRole } from './session';

/** PutLogEvents takes so many events at most. Source: CloudWatch Logs API reference. */
const batchLimit = 10_000;

/**
 * Writes the access log of a stage as the account's CloudWatch role; lines that wait go together.
 *
 * @param role ARN of the account's role
 * @param destination ARN of the log group
 */
export function accessLog(runtime: Runtime, role: string, destination: string, stage: string): (line: string) => void {
  const logGroupName = destination.split(':log-group:')[1]!.replace(/:\*$/, '');
  const logStreamName = createHash('sha256').update(stage).digest('hex').slice(0, 32);
  const waiting: { timestamp: number; message: string }[] = [];
  let isWriting = false;
  let hasStream = false;

  const write = async () => {
    const principal = assumeRole(runtime, role);
    const call = async (operation: string, input: object) =>
      runtime.call({ service: 'logs', operation, input: { logGroupName, logStreamName, ...input }, principal });
    if (!hasStream) {
      await call('CreateLogStream', {}).catch((error: unknown) => {
        if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
      });
      hasStream = true;
    }
    await call('PutLogEvents', { logEvents: waiting.slice(0, batchLimit) });
    waiting.splice(0, batchLimit);
  };

  const lose = (error: unknown) => {
    const { code, message } = toAwsError(error);
    runtime.timeline.record({
      service: 'execute-api',
      operation: 'access log',
      resource: destination,
      principal: role,
      outcome: 'failed',
      summary: `access log of ${stage} not written: ${code}: ${message}`,
      data: { lost: waiting.splice(0).length },
    });
  };

  const flush = async () => {
    isWriting = true;
    while (waiting.length > 0) await write().catch(lose);
    isWriting = false;
  };

  return (message) => {
    waiting.push({ timestamp: runtime.clock.now(), message });
    if (!isWriting) void runtime.track(flush());
  };
}
