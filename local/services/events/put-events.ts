import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Call, Operation, Permission } from '../../service';
import type { Buses } from './buses';
import type { Deliver } from './delivery';
import { type Entry, type EntryFailure, entrySchema, entrySize, eventOf } from './entry';
import { refusals } from './refusals';
import { type Accepted, route } from './route';

const input = z.object({
  Entries: z.array(entrySchema).min(1).max(10),
  EndpointId: z.undefined('global endpoints are not modelled; leave EndpointId out').optional(),
});

type PutEventsInput = z.output<typeof input>;

/** Bytes that all entries of a call must stay below: 1 MB (service model of EventBridge, PutEvents). */
const maximumSize = 1_048_576;

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
export function putEvents(runtime: Runtime, buses: Buses, deliver: Deliver): Operation<PutEventsInput> {
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
      for (const one of accepted) archive(buses, one);
      deliver(accepted.flatMap((one) => route(runtime, one)));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
  };
}

function archive(buses: Buses, { bus, event, hop }: Accepted): void {
  const size = Buffer.byteLength(JSON.stringify(event));
  for (const one of buses.archives.values()) one.keep(bus.arn, event, size, hop);
}
