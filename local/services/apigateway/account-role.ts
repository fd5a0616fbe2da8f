import { createHash } from 'node:crypto';
import { toAwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import { assumeRole } from './session';

const logGroupName = '/aws/apigateway/welcome';
const logStreamName = createHash('sha256').update(logGroupName).digest('hex').slice(0, 32);

const refusal =
  'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.';

/**
 * Tries the role that the account writes API logs with, as API Gateway does when the role is set: it makes the log group
 * `/aws/apigateway/welcome` and writes a line there.
 *
 * Source: aws-cloudformation/cloudformation-coverage-roadmap, issue 2312.
 *
 * @throws Error in API Gateway's words, with what was denied
 */
export async function tryLogRole(runtime: Runtime, role: string): Promise<void> {
  try {
    const principal = assumeRole(runtime, role);
    const call = async (operation: string, input: object) =>
      runtime.call({ service: 'logs', operation, input: { logGroupName, ...input }, principal });
    const make = async (operation: string, input: object) => {
      await call(operation, input).catch((error: unknown) => {
        if (toAwsError(error).code !== 'ResourceAlreadyExistsException') throw error;
      });
    };
    await make('CreateLogGroup', {});
    await make('CreateLogStream', { logStreamName });
    const line = { timestamp: runtime.clock.now(), message: 'Cloudwatch logs enabled for API Gateway' };
    await call('PutLogEvents', { logStreamName, logEvents: [line] });
  } catch (error) {
    throw new Error(`${refusal} ${toAwsError(error).message}`, { cause: error });
  }
}
