import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { queueUrl } from '../events/queue-url';

/**
 * Checks what AWS checks when a queue is to be polled: that it is there and that the role may.
 *
 * @param whose `execution` for a function's role, `customer` for a pipe's, as the errors of the two services have it
 * @returns the queue's visibility timeout, in milliseconds
 * @throws Error naming the action that is missing
 * @throws AwsError `QueueDoesNotExist`
 */
export async function checkAccess(
  runtime: Runtime,
  role: RolePrincipal,
  queueArn: string,
  whose: string,
): Promise<number> {
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    try {
      runtime.authorize(role, { action: `sqs:${action}`, resource: queueArn });
    } catch (error) {
      throw new Error(
        `The provided ${whose} role does not have permissions to call ${action} on SQS: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
  const { Attributes: attributes } = await runtime.call({
    service: 'sqs',
    operation: 'GetQueueAttributes',
    input: { QueueUrl: queueUrl(runtime, queueArn), AttributeNames: ['VisibilityTimeout'] },
    principal: role,
  });
  return Number(attributes.VisibilityTimeout) * 1000;
}
