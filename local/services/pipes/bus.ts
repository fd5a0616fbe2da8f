import { AwsError, toAwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { entryParents } from '../events/entry';
import { type SourceRecord, parentsOf } from '../stream-reader/record';
import { jsonPath } from './arguments';
import type { Delivery, Failure, Pipe, Target } from './pipe';

interface EntryResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** An event bus as target: one PutEvents per batch, the record itself as `detail`. */
export function busTarget(runtime: Runtime, pipe: Pipe): Target {
  return {
    service: 'events',
    async send(records, role) {
      const { entries, sent, unresolved } = prepare(pipe, records);
      if (entries.length === 0) return { failures: unresolved, request: { Entries: [] } };
      const { failures, ...rest } = await putEvents(runtime, role, entries, sent);
      return { failures: [...unresolved, ...failures], ...rest };
    },
  };
}

function prepare(pipe: Pipe, records: readonly SourceRecord[]) {
  const entries: object[] = [];
  const sent: SourceRecord[] = [];
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
function entry(pipe: Pipe, record: SourceRecord): object {
  const parameters = pipe.arguments.target_parameters?.eventbridge_event_bus_parameters;
  return {
    EventBusName: pipe.arguments.target,
    Source: resolve(parameters?.source ?? `Pipe ${pipe.name}`, record),
    DetailType: resolve(parameters?.detail_type ?? `Event from ${String(record.event['eventSource'])}`, record),
    Resources: (parameters?.resources ?? []).map((value) => resolve(value, record)),
    Detail: JSON.stringify(record.event),
    ...(parameters?.time && { Time: time(resolve(parameters.time, record)) }),
    [entryParents]: record.parents,
  };
}

async function putEvents(
  runtime: Runtime,
  role: RolePrincipal,
  entries: readonly object[],
  sent: readonly SourceRecord[],
): Promise<Delivery> {
  const request = { Entries: entries };
  try {
    const response: { Entries?: readonly EntryResult[] } = await runtime.call({
      service: 'events',
      operation: 'PutEvents',
      input: request,
      principal: role,
      parents: parentsOf(sent),
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

/** A parameter's value: a JSON path is looked up in the record, anything else stands for itself. */
function resolve(value: string, record: SourceRecord): string {
  if (!jsonPath.test(value)) return value;
  let found: unknown = record.event;
  for (const step of value.slice(1).match(/[\w/-]+|\[\d+\]/g) ?? []) {
    const name = step.startsWith('[') ? step.slice(1, -1) : step;
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return String(found);
  throw new AwsError('ValidationException', `The path ${value} has no string value in the event`);
}

function time(value: string): number {
  const millis = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(millis)) throw new AwsError('ValidationException', `${value} is not a time: RFC 3339 is expected`);
  return millis / 1000;
}
