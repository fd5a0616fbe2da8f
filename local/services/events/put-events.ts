import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Call, Operation, Permission } from '../../service';
import type { Bus, Buses } from './buses';
import { deliverer } from './delivery';
import { type BusEvent, type Entry, type EntryFailure, entrySchema, entrySize, eventOf } from './entry';
import { refusals } from './refusals';
import { type Delivery, count, servicePrincipal } from './steps';

const input = z.object({
  Entries: z.array(entrySchema).min(1).max(10),
  EndpointId: z.undefined('global endpoints are not modelled; leave EndpointId out').optional(),
});

type PutEventsInput = z.output<typeof input>;

/** Bytes that all entries of a call must stay below: 1 MB (service model of EventBridge, PutEvents). */
const maximumSize = 1_048_576;

interface Accepted {
  readonly bus: Bus;
  readonly event: BusEvent;
  readonly hop: number;
}

/** The buses that a call speaks of must each allow it, for each source and detail type. */
function permissionsOf(buses: Buses, { Entries: entries }: PutEventsInput): Permission[] {
  const permissions = entries.map((entry) => ({
    action: 'events:PutEvents',
    resource: buses.arn(entry.EventBusName),
    context: {
      'events:source': entry.Source,
      'events:detail-type': entry.DetailType,
      'events:eventBusInvocation': 'false',
    },
  }));
  return [...new Map(permissions.map((permission) => [JSON.stringify(permission), permission])).values()];
}

/** PutEvents. Takes each entry by itself; an entry that is refused does not fail the call. */
export function putEvents(runtime: Runtime, buses: Buses): Operation<PutEventsInput> {
  const deliver = deliverer(runtime);

  const take = (entry: Entry, call: Call, accepted: Accepted[], refusal?: EntryFailure): object => {
    const resource = buses.arn(entry.EventBusName);
    const parents = entry.parents ?? call.parents;
    const event = refusal ?? eventOf(runtime, entry);
    if ('ErrorCode' in event) {
      call.record({ resource, parents, outcome: 'failed', summary: `${event.ErrorCode}: ${event.ErrorMessage}` });
      return event;
    }
    const bus = buses.find(entry.EventBusName);
    const summary = `${event['detail-type']} from ${event.source}`;
    if (bus) accepted.push({ bus, event, hop: call.record({ resource, parents, summary, data: { event } }) });
    else {
      const reason = `dropped: ${resource} does not exist; PutEvents answers with success all the same, as on AWS`;
      call.record({ resource, parents, outcome: 'failed', summary: `${summary} ${reason}`, data: { event } });
    }
    return { EventId: event.id };
  };

  return {
    input,
    answersByEntry: true,
    permissions: (request) => permissionsOf(buses, request),
    run({ Entries: entries }, call) {
      if (entries.reduce((sum, entry) => sum + entrySize(entry), 0) >= maximumSize) {
        throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
      }
      const accepted: Accepted[] = [];
      const refused = call.isPartial ? refusals(runtime.random, entries.length) : [];
      const results = entries.map((entry, index) => take(entry, call, accepted, refused[index]));
      deliver(accepted.flatMap((one) => route(runtime, buses, one)));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
  };
}

/** Archives an event and finds the targets of all enabled rules that match. */
function route(runtime: Runtime, buses: Buses, { bus, event, hop }: Accepted): Delivery[] {
  const json = JSON.stringify(event);
  for (const archive of buses.archives.values()) archive.keep(bus.arn, event, Buffer.byteLength(json));
  const matching = [...bus.rules.values()].filter((rule) => rule.enabled && rule.matches(event));
  const step = {
    service: 'events',
    operation: 'match',
    principal: servicePrincipal,
    parents: [hop],
    data: { event: event.id },
  };
  if (matching.length === 0) {
    const summary = `no rule of ${bus.name} matches ${event['detail-type']} from ${event.source}`;
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
