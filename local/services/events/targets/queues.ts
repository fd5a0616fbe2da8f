import type { Runtime } from '../../../runtime';
import { queueUrl } from '../queue-url';
import type { TargetKind } from '../target';

/** SQS queues: SendMessage. */
export function queues(runtime: Runtime): TargetKind {
  return {
    check({ arn, messageGroupId }) {
      const [, , , region] = arn.split(':');
      if (region !== runtime.region) return `${arn} is in another region than the rule, ${runtime.region}`;
      if (arn.endsWith('.fifo') && !messageGroupId) return `a FIFO queue needs sqs_target { message_group_id }`;
      return undefined;
    },
    async send({ target, body, principal, parents }) {
      await runtime.call({
        service: 'sqs',
        operation: 'SendMessage',
        input: {
          QueueUrl: queueUrl(runtime, target.arn),
          MessageBody: body,
          ...(target.messageGroupId && { MessageGroupId: target.messageGroupId }),
        },
        principal,
        parents,
      });
    },
  };
}
