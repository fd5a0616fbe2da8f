import { type AwsError, toAwsError } from '../../aws-error';
import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import { deadLetter } from './dead-letter';
import { failureOf } from './failure';
import { type Shipment, shipper } from './shipment';
import { type Delivery, count, drop, recordStep, servicePrincipal } from './steps';

class RoleNotAssumed extends Error {
  constructor(readonly denial: AwsError) {
    super(denial.message);
  }
}

/** Up to this many milliseconds a delivery is held back, for a bus keeps no order. */
const disorder = 2;

/** Lets the answer of PutEvents go out first. */
const afterAnswer = () => new Promise<void>((resolve) => setImmediate(resolve));

/** @throws RoleNotAssumed */
function principalOf(runtime: Runtime, { rule, target, event }: Delivery): Principal {
  if (!target.roleArn) return { kind: 'service', service: servicePrincipal, sourceArn: rule.arn };
  try {
    return runtime.assumeRole(target.roleArn, servicePrincipal, rule.arn, event.id.replaceAll('-', ''));
  } catch (error) {
    throw new RoleNotAssumed(toAwsError(error));
  }
}

function toTarget(runtime: Runtime, delivery: Delivery, failed: Shipment['failed']): Shipment {
  const { rule, target, event, json, ingested } = delivery;
  return {
    to: target.arn,
    policy: target.retryPolicy,
    since: ingested,
    async send(cause) {
      const body = target.input({ event, json, ruleName: rule.name, ruleArn: rule.arn, ingested });
      await target.kind.send({ target, body, principal: principalOf(runtime, delivery), parents: [cause] });
    },
    read: (error) =>
      error instanceof RoleNotAssumed ? failureOf(error.denial, 'FAILED_TO_ASSUME_ROLE') : failureOf(toAwsError(error)),
    succeeded: () => count(runtime, rule, 'Invocations'),
    failed(end) {
      count(runtime, rule, 'Invocations');
      count(runtime, rule, 'FailedInvocations');
      return failed(end);
    },
  };
}

/** Begins deliveries, in no order. */
export type Deliver = (deliveries: readonly Delivery[]) => void;

/**
 * Makes what delivers to targets: at least once, in no order; retried by the target's policy, then dead-lettered or dropped.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function deliverer(runtime: Runtime): Deliver {
  const shipping = shipper(runtime);

  const begin = (delivery: Delivery): Promise<void> => {
    const { rule, target, cause } = delivery;
    const summary = `${rule.name} to ${target.arn.slice(target.arn.lastIndexOf(':') + 1)}`;
    const hop = recordStep(runtime, delivery, cause, { operation: 'deliver', resource: target.arn, summary });
    const shipment = toTarget(runtime, delivery, (end) => {
      if (target.deadLetterArn) {
        return shipping.ship(deadLetter(runtime, delivery, target.deadLetterArn, end), end.cause);
      }
      const { code, message } = end.failure;
      return drop(runtime, delivery, end.cause, `${code}: ${message}; the target has no dead-letter queue`);
    });
    return shipping.ship(shipment, hop);
  };

  return (deliveries) => {
    for (const delivery of runtime.random.shuffle(deliveries)) {
      const pause = runtime.random.integer(disorder + 1);
      if (pause === 0) void runtime.track(afterAnswer().then(() => begin(delivery)));
      else shipping.later(pause, () => begin(delivery));
    }
  };
}
