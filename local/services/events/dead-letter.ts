import type { Runtime } from '../../runtime';
import { queueUrl } from './queue-url';
import type { Shipment, ShipmentEnd } from './shipment';
import { type Delivery, count, drop, recordStep, servicePrincipal } from './steps';
import { defaultRetryPolicy } from './target';

/** Attributes of the message in the dead-letter queue (user guide, eb-rule-dlq). */
function attributesOf({ rule, target }: Delivery, { failure, retries, condition }: ShipmentEnd) {
  const attributes: Record<string, string> = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    RETRY_ATTEMPTS: String(retries),
    ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

/**
 * The event as sent to a dead-letter queue: as it came to the bus, whatever the target's input is.
 *
 * @param arn the dead-letter queue
 * @param end how the delivery failed
 */
export function deadLetter(runtime: Runtime, delivery: Delivery, arn: string, end: ShipmentEnd): Shipment {
  const { rule, json } = delivery;
  const { failure, retries } = end;
  const input = { QueueUrl: queueUrl(runtime, arn), MessageBody: json, MessageAttributes: attributesOf(delivery, end) };
  return {
    to: arn,
    policy: defaultRetryPolicy,
    since: runtime.clock.now(),
    async send(cause) {
      const principal = { kind: 'service', service: servicePrincipal, sourceArn: rule.arn } as const;
      await runtime.call({ service: 'sqs', operation: 'SendMessage', input, principal, parents: [cause] });
    },
    succeeded(cause) {
      count(runtime, rule, 'InvocationsSentToDlq');
      const after = retries > 0 ? ` after ${retries} ${retries === 1 ? 'retry' : 'retries'}` : '';
      const summary = `dead-lettered${after}: ${failure.code}: ${failure.message}`;
      recordStep(runtime, delivery, cause, {
        operation: 'dead-letter',
        resource: arn,
        outcome: 'dead-lettered',
        summary,
      });
    },
    failed({ failure: second, cause }) {
      count(runtime, rule, 'InvocationsFailedToBeSentToDlq');
      const reason = `${failure.code} at the target, then ${second.code} at the dead-letter queue: ${second.message}`;
      drop(runtime, delivery, cause, reason);
    },
  };
}
