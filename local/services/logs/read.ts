import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation } from '../../service';
import { paginate } from '../pages';
import { compileFilter } from './filter-pattern';
import type { LogEvent, LogGroup, LogGroups, LogStream } from './groups';
import type { LogResourcePolicies } from './resource-policies';

/** Items of one answer. Source: CloudWatch Logs API reference. */
const maximumList = 50;
const maximumEvents = 10_000;

const identified = {
  logGroupName: z.string().optional(),
  /** Name or ARN. */
  logGroupIdentifier: z.string().optional(),
};
const page = { nextToken: z.string().optional(), limit: z.number().int().min(1).max(maximumList).default(maximumList) };
const period = { startTime: z.number().min(0).optional(), endTime: z.number().min(0).optional() };

const groupsInput = z.strictObject({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  logGroupClass: z.literal('STANDARD').optional(),
  includeLinkedAccounts: z.literal(false).optional(),
  ...page,
});
const streamsInput = z.strictObject({
  ...identified,
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
  descending: z.boolean().default(false),
  ...page,
});
const getInput = z.strictObject({
  ...identified,
  logStreamName: z.string(),
  ...period,
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(maximumEvents).default(maximumEvents),
  startFromHead: z.boolean().default(false),
  unmask: z.literal(false).optional(),
});
const filterInput = z.strictObject({
  ...identified,
  logStreamNames: z.array(z.string()).optional(),
  logStreamNamePrefix: z.string().optional(),
  ...period,
  filterPattern: z.string().max(1024).default(''),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(maximumEvents).default(maximumEvents),
  // Results are always interleaved, as on AWS since 2019.
  interleaved: z.boolean().optional(),
  unmask: z.literal(false).optional(),
});

function nameOf(input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): string {
  const given = input.logGroupName ?? input.logGroupIdentifier;
  if (!given) throw new AwsError('InvalidParameterException', 'One of logGroupName and logGroupIdentifier is required');
  return given.startsWith('arn:') ? given.split(':')[6]! : given;
}

function describeGroup(group: LogGroup) {
  const { name, retention, key } = group.settings;
  return {
    logGroupName: name,
    creationTime: group.creationTime,
    ...(retention > 0 && { retentionInDays: retention }),
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    storedBytes: group.storedBytes,
    ...(key && { kmsKeyId: key }),
    logGroupClass: 'STANDARD',
  };
}

const shown = ({ timestamp, message, ingestionTime }: LogEvent) => ({ timestamp, message, ingestionTime });

/** A token is the direction and the event beyond which it reads: `f/<time>/<id>`. */
function tokenAt(direction: 'f' | 'b', event: LogEvent | undefined, otherwise: string | undefined): string {
  return event ? `${direction}/${event.timestamp}/${event.id}` : `${direction}/${otherwise?.slice(2) ?? '0/0'}`;
}

/** Negative if the event lies before the token's place. */
function compareTo(token: string, event: LogEvent): number {
  const [, time, id] = token.split('/').map(Number);
  return event.timestamp - time! || event.id - id!;
}

/** One page of a stream, and where the pages on both sides begin. */
function pageOf(all: readonly LogEvent[], token: string | undefined, limit: number, fromHead: boolean) {
  if (token !== undefined && !/^[fb]\/\d+\/\d+$/.test(token))
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  let events: readonly LogEvent[];
  if (token === undefined) events = fromHead ? all.slice(0, limit) : all.slice(-limit);
  else if (token.startsWith('f')) events = all.filter((event) => compareTo(token, event) > 0).slice(0, limit);
  else events = all.filter((event) => compareTo(token, event) < 0).slice(-limit);
  return {
    events: events.map(shown),
    nextForwardToken: tokenAt('f', events.at(-1), token),
    nextBackwardToken: tokenAt('b', events[0], token),
  };
}

/** What the operations that read work on. */
interface Reading {
  readonly groups: LogGroups;
  readonly policies: LogResourcePolicies;
  /** @throws AwsError `AccessDeniedException`, if the group's key may not be used */
  readonly useKey: (group: LogGroup, use: 'read') => void;
}

function permission({ groups, policies }: Reading, action: string, group: string, stream?: string) {
  return { action: `logs:${action}`, resource: policies.apply(groups.resource(group, stream)) };
}

function describeLogGroups(reading: Reading): Operation<z.infer<typeof groupsInput>> {
  return {
    input: groupsInput,
    permissions: () => [permission(reading, 'DescribeLogGroups', '')],
    run(input) {
      const { logGroupNamePrefix = '', logGroupNamePattern = '' } = input;
      const found = reading.groups
        .list()
        .filter(({ settings: { name } }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
      const { items, next } = paginate(found, input.limit, input.nextToken, 'InvalidParameterException');
      return { logGroups: items.map(describeGroup), ...(next && { nextToken: next }) };
    },
  };
}

function describeStream(stream: LogStream) {
  return {
    logStreamName: stream.name,
    arn: stream.arn,
    creationTime: stream.creationTime,
    firstEventTimestamp: stream.firstEvent,
    lastEventTimestamp: stream.lastEvent,
    lastIngestionTime: stream.lastIngestion,
    uploadSequenceToken: '0',
    storedBytes: 0,
  };
}

function describeLogStreams(reading: Reading): Operation<z.infer<typeof streamsInput>> {
  return {
    input: streamsInput,
    permissions: (input) => [permission(reading, 'DescribeLogStreams', nameOf(input))],
    run(input) {
      const { orderBy, logStreamNamePrefix = '' } = input;
      if (orderBy === 'LastEventTime' && logStreamNamePrefix) {
        throw new AwsError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const streams = [...reading.groups.find(nameOf(input)).streams.values()];
      const found = streams.filter(({ name }) => name.startsWith(logStreamNamePrefix));
      found.sort((a, b) =>
        orderBy === 'LastEventTime' ? (a.lastEvent ?? 0) - (b.lastEvent ?? 0) : a.name < b.name ? -1 : 1,
      );
      if (input.descending) found.reverse();
      const { items, next } = paginate(found, input.limit, input.nextToken, 'InvalidParameterException');
      return { logStreams: items.map(describeStream), ...(next && { nextToken: next }) };
    },
  };
}

function getLogEvents(reading: Reading): Operation<z.infer<typeof getInput>> {
  return {
    input: getInput,
    permissions: (input) => [permission(reading, 'GetLogEvents', nameOf(input), input.logStreamName)],
    run(input) {
      const group = reading.groups.find(nameOf(input));
      const { name } = group.stream(input.logStreamName);
      reading.useKey(group, 'read');
      const { startTime = 0, endTime = Infinity } = input;
      const all = group.events.filter(
        ({ stream, timestamp }) => stream === name && timestamp >= startTime && timestamp < endTime,
      );
      return pageOf(all, input.nextToken, input.limit, input.startFromHead);
    },
  };
}

function filterLogEvents(reading: Reading): Operation<z.infer<typeof filterInput>> {
  return {
    input: filterInput,
    permissions: (input) => [permission(reading, 'FilterLogEvents', nameOf(input))],
    run(input) {
      const { logStreamNames, startTime = 0, endTime = Infinity, logStreamNamePrefix = '' } = input;
      const group = reading.groups.find(nameOf(input));
      if (logStreamNames && logStreamNamePrefix) {
        const message = 'logStreamNames and logStreamNamePrefix cannot be used together.';
        throw new AwsError('InvalidParameterException', message);
      }
      reading.useKey(group, 'read');
      const streams = logStreamNames && new Set(logStreamNames.map((name) => group.stream(name).name));
      const fits = compileFilter(input.filterPattern);
      const found = group.events.filter(
        ({ stream, timestamp, message }) =>
          timestamp >= startTime &&
          timestamp <= endTime &&
          (streams ? streams.has(stream) : stream.startsWith(logStreamNamePrefix)) &&
          fits(message),
      );
      const { items, next } = paginate(found, input.limit, input.nextToken, 'InvalidParameterException');
      const events = items.map(({ id, stream, timestamp, message, ingestionTime }) => ({
        logStreamName: stream,
        timestamp,
        message,
        ingestionTime,
        eventId: String(id).padStart(56, '0'),
      }));
      return { events, searchedLogStreams: [], ...(next && { nextToken: next }) };
    },
  };
}

/** Operations that describe and read. */
export function readOperations(reading: Reading): Record<string, Operation> {
  return {
    DescribeLogGroups: describeLogGroups(reading),
    DescribeLogStreams: describeLogStreams(reading),
    FilterLogEvents: filterLogEvents(reading),
    GetLogEvents: getLogEvents(reading),
  };
}
