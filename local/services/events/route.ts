import type { Runtime } from '../../runtime';
import type { Bus } from './buses';
import type { BusEvent } from './entry';
import { type Delivery, count, servicePrincipal } from './steps';

/** An event that a bus has taken. */
export interface Accepted {
  readonly bus: Bus;
  readonly event: BusEvent;
  /** The hop of its way to the bus. */
  readonly hop: number;
}

/** `1 rule`, `2 rules` */
export const rulesOf = (number: number) => `${number} ${number === 1 ? 'rule' : 'rules'}`;

/**
 * Finds the targets of all enabled rules that match.
 *
 * @param only ARNs of the rules that are asked. @default all of the bus
 */
export function route(runtime: Runtime, { bus, event, hop }: Accepted, only?: ReadonlySet<string>): Delivery[] {
  const json = JSON.stringify(event);
  const asked = [...bus.rules.values()].filter(({ arn }) => !only || only.has(arn));
  const matching = asked.filter((rule) => rule.enabled && rule.matches(event));
  const step = {
    service: 'events',
    operation: 'match',
    principal: servicePrincipal,
    parents: [hop],
    data: { event: event.id },
  };
  if (matching.length === 0) {
    const rules = only ? `none of the ${rulesOf(only.size)} that the replay names` : `no rule of ${bus.name}`;
    const summary = `${rules} matches ${event['detail-type']} from ${event.source}`;
    runtime.timeline.record({ ...step, resource: bus.arn, outcome: 'filtered', summary });
  }
  return matching.flatMap((rule) => {
    count(runtime, rule, 'MatchedEvents');
    count(runtime, rule, 'TriggeredRules');
    const cause = runtime.timeline.record({
      ...step,
      resource: rule.arn,
      summary: `${rule.name} matches${rule.targets.size === 0 ? ', but has no target' : ''}`,
    });
    const ingested = runtime.clock.now();
    return [...rule.targets.values()].map((target) => ({ rule, target, event, json, ingested, cause }));
  });
}
