import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import { matchesPattern } from '../event-pattern';
import type { Archive } from './archive';
import type { Bus, Buses, Rule } from './buses';
import { page, pageOf } from './page';
import type { Target } from './target';

const list = { NamePrefix: z.string().optional(), ...page };
const ruleInput = z.object({ Name: z.string(), EventBusName: z.string().optional() });
const patternInput = z.object({ EventPattern: z.string(), Event: z.string() });

const seconds = (milliseconds: number) => milliseconds / 1000;

function shownBus(runtime: Runtime, { name, arn, description, created }: Bus) {
  const policy = runtime.iam.resourcePolicy(arn);
  return {
    Name: name,
    Arn: arn,
    ...(description !== undefined && { Description: description }),
    ...(policy && { Policy: JSON.stringify(policy) }),
    CreationTime: seconds(created),
    LastModifiedTime: seconds(created),
  };
}

function shownRule({ name, arn, pattern, enabled, description, busName }: Rule) {
  return {
    Name: name,
    Arn: arn,
    EventPattern: pattern,
    State: enabled ? 'ENABLED' : 'DISABLED',
    ...(description !== undefined && { Description: description }),
    EventBusName: busName,
  };
}

function shownTarget({ id, arn, roleArn, shownInput, retryPolicy, deadLetterArn, messageGroupId }: Target) {
  const { input, path, transformer } = shownInput;
  return {
    Id: id,
    Arn: arn,
    ...(roleArn && { RoleArn: roleArn }),
    ...(input !== undefined && { Input: input }),
    ...(path !== undefined && { InputPath: path }),
    ...(transformer && {
      InputTransformer: { InputPathsMap: transformer.input_paths ?? {}, InputTemplate: transformer.input_template },
    }),
    RetryPolicy: {
      MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
      MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
    },
    ...(deadLetterArn && { DeadLetterConfig: { Arn: deadLetterArn } }),
    ...(messageGroupId && { SqsParameters: { MessageGroupId: messageGroupId } }),
  };
}

function shownArchive({ settings, created, count, size }: Archive) {
  return {
    ArchiveName: settings.name,
    EventSourceArn: settings.source,
    State: 'ENABLED',
    RetentionDays: settings.retentionDays,
    SizeBytes: size,
    EventCount: count,
    CreationTime: seconds(created),
  };
}

function parseEvent(text: string): object {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event;
  } catch {
    // Answered below.
  }
  throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: It must be a JSON object.');
}

function setState(buses: Buses, enabled: boolean): Operation<z.infer<typeof ruleInput>> {
  return {
    input: ruleInput,
    permissions: ({ Name: name, EventBusName: bus }) => [
      { action: `events:${enabled ? 'EnableRule' : 'DisableRule'}`, resource: buses.ruleArn(name, bus) },
    ],
    run({ Name: name, EventBusName: bus }, call) {
      const rule = buses.rule(name, bus);
      rule.enabled = enabled;
      call.record({ resource: rule.arn, summary: `${rule.name} ${enabled ? 'enabled' : 'disabled'}` });
      return {};
    },
  };
}

function operation<T>(
  input: z.ZodType<T>,
  action: string,
  resource: (request: T) => string,
  run: (request: T) => object,
): Operation<T> {
  return { input, permissions: (request) => [{ action: `events:${action}`, resource: resource(request) }], run };
}

const anything = () => '*';
const startsWith = (name: string, prefix = '') => name.startsWith(prefix);

function ruleOperations(runtime: Runtime, buses: Buses): Record<string, Operation> {
  return {
    EnableRule: setState(buses, true),
    DisableRule: setState(buses, false),
    ListRules: operation(
      z.object({ EventBusName: z.string().optional(), ...list }),
      'ListRules',
      anything,
      ({ EventBusName: bus, NamePrefix: prefix, ...request }) => {
        const rules = [...buses.get(bus).rules.values()].filter(({ name }) => startsWith(name, prefix));
        const { items, more } = pageOf(rules, request);
        return { Rules: items.map((rule) => shownRule(rule)), ...more };
      },
    ),
    DescribeRule: operation(
      ruleInput,
      'DescribeRule',
      ({ Name: name, EventBusName: bus }) => buses.ruleArn(name, bus),
      ({ Name: name, EventBusName: bus }) => ({ ...shownRule(buses.rule(name, bus)), CreatedBy: runtime.accountId }),
    ),
    ListTargetsByRule: operation(
      z.object({ Rule: z.string(), EventBusName: z.string().optional(), ...page }),
      'ListTargetsByRule',
      ({ Rule: name, EventBusName: bus }) => buses.ruleArn(name, bus),
      ({ Rule: name, EventBusName: bus, ...request }) => {
        const { items, more } = pageOf([...buses.rule(name, bus).targets.values()], request);
        return { Targets: items.map((target) => shownTarget(target)), ...more };
      },
    ),
    TestEventPattern: operation(
      patternInput,
      'TestEventPattern',
      anything,
      ({ EventPattern: pattern, Event: event }) => ({
        Result: matchesPattern(pattern, parseEvent(event)),
      }),
    ),
  };
}

function busOperations(runtime: Runtime, buses: Buses): Record<string, Operation> {
  return {
    ListEventBuses: operation(z.object(list), 'ListEventBuses', anything, ({ NamePrefix: prefix, ...request }) => {
      const found = buses.all.filter(({ name }) => startsWith(name, prefix));
      const { items, more } = pageOf(found, request);
      return { EventBuses: items.map((bus) => shownBus(runtime, bus)), ...more };
    }),
    DescribeEventBus: operation(
      z.object({ Name: z.string().optional() }),
      'DescribeEventBus',
      ({ Name: name }) => buses.arn(name),
      ({ Name: name }) => shownBus(runtime, buses.get(name)),
    ),
    ListArchives: operation(
      z.object({ EventSourceArn: z.string().optional(), State: z.string().optional(), ...list }),
      'ListArchives',
      anything,
      ({ EventSourceArn: source, State: state = 'ENABLED', NamePrefix: prefix, ...request }) => {
        const found = [...buses.archives.values()].filter(
          ({ settings }) =>
            state === 'ENABLED' && startsWith(settings.name, prefix) && (source ?? settings.source) === settings.source,
        );
        const { items, more } = pageOf(found, request);
        return { Archives: items.map((archive) => shownArchive(archive)), ...more };
      },
    ),
    DescribeArchive: operation(
      z.object({ ArchiveName: z.string() }),
      'DescribeArchive',
      ({ ArchiveName: name }) => runtime.arn('events', `archive/${name}`),
      ({ ArchiveName: name }) => {
        const archive = buses.archive(name);
        const { arn, description, pattern } = archive.settings;
        return {
          ...shownArchive(archive),
          ArchiveArn: arn,
          ...(description !== undefined && { Description: description }),
          ...(pattern !== undefined && { EventPattern: pattern }),
        };
      },
    ),
  };
}

/** Operations that look at buses, rules and archives, and EnableRule and DisableRule. */
export function operations(runtime: Runtime, buses: Buses): Record<string, Operation> {
  return { ...ruleOperations(runtime, buses), ...busOperations(runtime, buses) };
}
