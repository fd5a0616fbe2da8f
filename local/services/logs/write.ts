import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation } from '../../service';
import { embeddedMetrics } from '../cloudwatch/embedded-metrics';
import type { LogGroup, LogGroups } from './groups';
import type { LogResourcePolicies } from './resource-policies';

/** Limits of PutLogEvents. Source: CloudWatch Logs API reference, PutLogEvents. Times in milliseconds. */
const maximumEvents = 10_000;
const maximumBytes = 1_048_576;
const overhead = 26;
const maximumSpan = 86_400_000;
const maximumAge = 14 * 86_400_000;
const maximumAhead = 2 * 3_600_000;

/** Name of a log group. Source: CloudWatch Logs API reference. */
export const groupName = z.string().regex(/^[\w.#/-]{1,512}$/, 'letters, digits, . _ # / and -, at most 512');
const streamName = z.string().regex(/^[^:*]{1,512}$/, 'no : and no *, at most 512 characters');

const createGroupInput = z.strictObject({
  logGroupName: groupName,
  kmsKeyId: z.string().optional(),
  logGroupClass: z.literal('STANDARD').optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
const streamInput = z.strictObject({ logGroupName: groupName, logStreamName: streamName });
const putInput = z.strictObject({
  logGroupName: groupName,
  logStreamName: streamName,
  logEvents: z.array(z.object({ timestamp: z.number().int().min(0), message: z.string().min(1) })).min(1),
  // Accepted and without effect, as on AWS.
  sequenceToken: z.string().optional(),
  entity: z.unknown().optional(),
});

type PutInput = z.infer<typeof putInput>;

function checkBatch(events: PutInput['logEvents']): void {
  const invalid = (message: string) => new AwsError('InvalidParameterException', message);
  if (events.length > maximumEvents)
    throw invalid(`${events.length} log events in a batch, ${maximumEvents} are allowed`);
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + overhead, 0);
  if (bytes > maximumBytes) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${maximumBytes}`);
  if (events.some((event, index) => index > 0 && event.timestamp < events[index - 1]!.timestamp)) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if (events.at(-1)!.timestamp - events[0]!.timestamp > maximumSpan) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** @returns what AWS says of events too old or too new, if there are any */
function rejections(group: LogGroup, events: PutInput['logEvents'], now: number) {
  const expired = events.findLastIndex((event) => event.timestamp < group.horizon);
  const old = events.findLastIndex((event) => event.timestamp < now - maximumAge);
  const ahead = events.findIndex((event) => event.timestamp > now + maximumAhead);
  if (expired < 0 && old < 0 && ahead < 0) return undefined;
  return {
    ...(expired >= 0 && { expiredLogEventEndIndex: expired }),
    ...(old >= 0 && { tooOldLogEventEndIndex: old }),
    ...(ahead >= 0 && { tooNewLogEventStartIndex: ahead }),
  };
}

/** Keeps the events that are neither too old nor too new, and measures what they embed. */
function keep(groups: LogGroups, group: LogGroup, { logStreamName: stream, logEvents }: PutInput, now: number): void {
  const oldest = Math.max(group.horizon, now - maximumAge);
  for (const { timestamp, message } of logEvents) {
    if (timestamp < oldest || timestamp > now + maximumAhead) continue;
    group.add({ id: groups.eventId(), stream, timestamp, ingestionTime: now, message });
    for (const metric of embeddedMetrics(message)) groups.runtime.measure(metric);
  }
}

/**
 * Operations that write. Lines of a log are no steps of an event's way: PutLogEvents leaves no hop unless it fails.
 *
 * @param useKey throws if the group's key may not be used
 */
export function writeOperations(
  groups: LogGroups,
  policies: LogResourcePolicies,
  useKey: (group: LogGroup, use: 'associate' | 'write') => void,
): Record<string, Operation> {
  const createLogGroup: Operation<z.infer<typeof createGroupInput>> = {
    input: createGroupInput,
    permissions: (input) => [
      { action: 'logs:CreateLogGroup', resource: policies.apply(groups.resource(input.logGroupName)) },
    ],
    run(input, call) {
      const group = groups.add({
        name: input.logGroupName,
        retention: 0,
        ...(input.kmsKeyId && { key: input.kmsKeyId }),
      });
      useKey(group, 'associate');
      call.record({ resource: group.arn, summary: `log group ${input.logGroupName}` });
      return {};
    },
  };
  const createLogStream: Operation<z.infer<typeof streamInput>> = {
    input: streamInput,
    permissions: (input) => [
      {
        action: 'logs:CreateLogStream',
        resource: policies.apply(groups.resource(input.logGroupName, input.logStreamName)),
      },
    ],
    run(input) {
      groups.find(input.logGroupName).addStream(input.logStreamName);
      return {};
    },
  };
  const putLogEvents: Operation<PutInput> = {
    input: putInput,
    permissions: (input) => [
      {
        action: 'logs:PutLogEvents',
        resource: policies.apply(groups.resource(input.logGroupName, input.logStreamName)),
      },
    ],
    run(input) {
      const group = groups.find(input.logGroupName);
      group.stream(input.logStreamName);
      checkBatch(input.logEvents);
      useKey(group, 'write');
      const now = groups.runtime.clock.now();
      const rejected = rejections(group, input.logEvents, now);
      keep(groups, group, input, now);
      return { nextSequenceToken: '0', ...(rejected && { rejectedLogEventsInfo: rejected }) };
    },
  };
  return { CreateLogGroup: createLogGroup, CreateLogStream: createLogStream, PutLogEvents: putLogEvents };
}
