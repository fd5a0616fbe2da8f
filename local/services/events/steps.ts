import type { NewHop } from '../../timeline';
import type { Runtime } from '../../runtime';
import { type Rule, dimensions } from './buses';
import type { BusEvent } from './entry';
import type { Target } from './target';

/** The service as principals of IAM and of hops name it. */
export const servicePrincipal = 'events.amazonaws.com';

/** An event on its way from a rule to one of its targets. */
export interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** The event as JSON. */
  readonly json: string;
  /** When the bus took the event, in epoch milliseconds. */
  readonly ingested: number;
  /** The hop of the rule's match. */
  readonly cause: number;
}

/** Writes a hop of a delivery and returns its id. */
export function recordStep(
  runtime: Runtime,
  { rule, target, event }: Delivery,
  cause: number,
  hop: Pick<NewHop, 'operation' | 'resource' | 'summary' | 'outcome'>,
): number {
  return runtime.timeline.record({
    service: 'events',
    principal: servicePrincipal,
    parents: [cause],
    data: { rule: rule.arn, target: target.arn, event: event.id },
    ...hop,
  });
}

/** Says plainly that an event is lost to a target. */
export function drop(runtime: Runtime, delivery: Delivery, cause: number, reason: string): void {
  const summary = `dropped: ${reason}`;
  recordStep(runtime, delivery, cause, { operation: 'drop', resource: delivery.rule.arn, outcome: 'failed', summary });
}

/** Adds one to a metric of the rule. */
export function count(runtime: Runtime, rule: Rule, name: string): void {
  runtime.measure({ namespace: 'AWS/Events', name, dimensions: dimensions(rule), value: 1 });
}
