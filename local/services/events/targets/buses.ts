import { AwsError } from '../../../aws-error';
import type { Runtime } from '../../../runtime';
import { type BusEvent, entryParents } from '../entry';
import type { TargetKind } from '../target';

/**
 * Other event buses: PutEvents as the target's role. Buses take the event as it is, but for `replay-name`: AWS does not say whether an event
 * that was replayed on one bus is told as such by the next.
 */
export function buses(runtime: Runtime): TargetKind {
  return {
    check({ arn, roleArn, hasInput, busArn }) {
      if (!/^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/.+$/.test(arn)) return `${arn} is not the ARN of an event bus`;
      if (arn === busArn) return `${arn} is the rule's own bus: events would go round for ever`;
      if (!roleArn) return `RoleArn is required for target ${arn}: give role_arn`;
      if (hasInput) return 'a bus takes the event as it is: leave input, input_path and input_transformer out';
      return undefined;
    },
    async send({ target, body, principal, parents }) {
      const event = JSON.parse(body) as BusEvent;
      const entry = {
        EventBusName: target.arn,
        Source: event.source,
        DetailType: event['detail-type'],
        Detail: JSON.stringify(event.detail),
        Resources: event.resources,
        Time: Date.parse(event.time) / 1000,
        [entryParents]: parents,
      };
      const input = { Entries: [entry] };
      const answer = await runtime.call({ service: 'events', operation: 'PutEvents', input, principal, parents });
      if (answer.FailedEntryCount > 0) throw new AwsError(answer.Entries[0].ErrorCode, answer.Entries[0].ErrorMessage);
    },
  };
}
