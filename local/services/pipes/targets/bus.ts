import { AwsError, toAwsError } from '../../../aws-error';
import type { RolePrincipal } from '../../../principal';
import type { Runtime } from '../../../runtime';
import { entryParents } from '../../events/entry';
import { resolve } from '../lookup';
import { type Delivery, type Failure, type Pipe, type PipeEvent, type Target, causes } from '../pipe';
import { maximumBusBatch } from '../target-arguments';

interface EntryResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** An event bus as target: one PutEvents per batch, the event itself as `detail`. */
export function busTarget(runtime: Runtime, pipe: Pipe): Target {
  return {
    service: 'events',
    maximumBatch: maximumBusBatch,
    async send(events, role) {
      const { entries, sent, unresolved } = prepare(pipe, events);
      if (entries.length === 0) return { failures: unresolved, request: { Entries: [] } };
      const { failures, ...rest } = await putEvents(runtime, role, entries, sent);
      return { failures: [...unresolved, ...failures], ...rest };
    },
  };
}

function prepare(pipe: Pipe, records: readonly PipeEvent[]) {
  const entries: object[] = [];
  const sent: PipeEvent[] = [];
  const unresolved: Failure[] = [];
  for (const record of records) {
    try {
      entries.push(entry(pipe, record));
      sent.push(record);
    } catch (error) {
      unresolved.push({ record, error: toAwsError(error) });
    }
  }
  return { entries, sent, unresolved };
}

/** Source and detail type of a pipe that names none, and its empty `resources`, are as AWS sends them. */
function entry(pipe: Pipe, { event, parents }: PipeEvent): object {
  const parameters = pipe.arguments.target_parameters?.eventbridge_event_bus_parameters;
  const kind = pipe.arguments.source.split(':')[2]!;
  return {
    EventBusName: pipe.arguments.target,
    Source: resolve(parameters?.source ?? `Pipe ${pipe.name}`, event),
    DetailType: resolve(parameters?.detail_type ?? `Event from aws:${kind}`, event),
    Resources: (parameters?.resources ?? []).map((value) => resolve(value, event)),
    Detail: JSON.stringify(event),
    ...(parameters?.time && { Time: time(resolve(parameters.time, event)) }),
    [entryParents]: parents,
  };
}

async function putEvents(
  runtime: Runtime,
  role: RolePrincipal,
  entries: readonly object[],
  sent: readonly PipeEvent[],
): Promise<Delivery> {
  const request = { Entries: entries };
  try {
    const response: { Entries?: readonly EntryResult[] } = await runtime.call({
      service: 'events',
      operation: 'PutEvents',
      input: request,
      principal: role,
      parents: causes(sent),
    });
    const failures = sent.flatMap((record, index) => {
      const { ErrorCode: code, ErrorMessage: message } = response.Entries?.[index] ?? {};
      return code
        ? [{ record, error: new AwsError(code, message ?? code, code.startsWith('Internal') ? 500 : 400) }]
        : [];
    });
    return { failures, request, response };
  } catch (thrown) {
    const error = toAwsError(thrown);
    return { failures: sent.map((record) => ({ record, error })), request };
  }
}

function time(value: string): number {
  const millis = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(millis)) throw new AwsError('ValidationException', `${value} is not a time: RFC 3339 is expected`);
  return millis / 1000;
}
