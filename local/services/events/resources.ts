import { z } from 'zod';
import { json, tags } from '../../arguments';
import type { Runtime } from '../../runtime';
import type { ResourceType } from '../../service';
import { compilePattern } from '../event-pattern';
import { Archive } from './archive';
import type { Buses } from './buses';
import { targetResource } from './target-resource';

/** Longest pattern of a rule or archive, in characters: a quota that AWS raises on request (user guide, eb-quota). */
const maximumPattern = 2048;

const pattern = z
  .string()
  .max(maximumPattern, `an event pattern has at most ${maximumPattern} characters unless AWS raised the quota`)
  .superRefine((text, context) => {
    try {
      compilePattern(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });

function nameUpTo(length: number) {
  return z
    .string()
    .max(length)
    .regex(/^[\w.-]+$/, 'may have letters, digits, dots, hyphens and underscores only');
}

const description = z.string().max(512).optional();

const busArguments = z.strictObject({
  name: nameUpTo(256).refine((name) => name !== 'default', 'every account has a bus default already'),
  description,
  tags,
});

const busPolicyArguments = z.strictObject({ event_bus_name: z.string().optional(), policy: json(z.looseObject({})) });

const archiveArguments = z.strictObject({
  name: nameUpTo(48),
  event_source_arn: z.string(),
  description,
  event_pattern: pattern.optional(),
  retention_days: z.int().min(0).default(0),
});

const scheduled = 'schedules of rules are not modelled; give the rule an event_pattern, or use aws_scheduler_schedule';

const ruleArguments = z.strictObject({
  name: nameUpTo(64),
  event_bus_name: z.string().optional(),
  event_pattern: pattern.optional(),
  schedule_expression: z.undefined(scheduled).optional(),
  state: z
    .enum(['ENABLED', 'DISABLED'], 'must be ENABLED or DISABLED; events of CloudTrail are not modelled')
    .default('ENABLED'),
  description,
  // Without effect here: nothing is deleted.
  force_destroy: z.boolean().optional(),
  tags,
});

/** The Terraform types of EventBridge. */
export function resources(runtime: Runtime, buses: Buses): Record<string, ResourceType> {
  const bus: ResourceType<z.output<typeof busArguments>> = {
    arguments: busArguments,
    create({ arguments: settings }) {
      const { name, arn } = buses.add(settings.name, settings.description);
      return { id: name, name, arn };
    },
  };
  const policy: ResourceType<z.output<typeof busPolicyArguments>> = {
    arguments: busPolicyArguments,
    create({ arguments: settings }) {
      const { name, arn } = buses.get(settings.event_bus_name);
      runtime.iam.setResourcePolicy(arn, settings.policy);
      return { id: name, event_bus_name: name };
    },
  };
  const archive: ResourceType<z.output<typeof archiveArguments>> = {
    arguments: archiveArguments,
    create({ arguments: settings }) {
      const { name } = settings;
      const arn = runtime.arn('events', `archive/${name}`);
      if (buses.archives.has(name)) throw new Error(`the archive ${name} exists already; give this one another name`);
      const kept = {
        name,
        arn,
        source: buses.get(settings.event_source_arn).arn,
        description: settings.description,
        retentionDays: settings.retention_days,
        pattern: settings.event_pattern,
        matches: settings.event_pattern === undefined ? undefined : compilePattern(settings.event_pattern),
      };
      buses.archives.set(name, new Archive(kept, runtime.clock));
      return { id: name, name, arn };
    },
  };
  return {
    aws_cloudwatch_event_bus: bus,
    aws_cloudwatch_event_bus_policy: policy,
    aws_cloudwatch_event_archive: archive,
    aws_cloudwatch_event_rule: ruleResource(buses),
    aws_cloudwatch_event_target: targetResource(runtime, buses),
  };
}

function ruleResource(buses: Buses): ResourceType<z.output<typeof ruleArguments>> {
  return {
    arguments: ruleArguments,
    create({ arguments: settings }) {
      const { name, event_pattern: text } = settings;
      if (text === undefined) throw new Error(`the rule ${name} has no event_pattern`);
      const on = buses.get(settings.event_bus_name);
      if (on.rules.has(name)) {
        throw new Error(`the bus ${on.name} has a rule ${name} already; on AWS this one would overwrite it`);
      }
      const arn = buses.ruleArn(name, on.name);
      on.rules.set(name, {
        name,
        arn,
        busName: on.name,
        pattern: text,
        matches: compilePattern(text),
        description: settings.description,
        targets: new Map(),
        enabled: settings.state === 'ENABLED',
      });
      return { id: on.name === 'default' ? name : `${on.name}/${name}`, name, arn, event_bus_name: on.name };
    },
  };
}
