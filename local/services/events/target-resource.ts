import { z } from 'zod';
import { block, isJson } from '../../arguments';
import type { Runtime } from '../../runtime';
import type { ResourceType } from '../../service';
import type { Buses, Rule } from './buses';
import { type Input, eventPath, fromPath, isPredefined, predefinedIn, transformed } from './input';
import { type Target, defaultRetryPolicy, targetKinds } from './target';

/** Targets that a rule has at most (user guide, eb-quota). */
const maximumTargets = 5;

const path = z
  .string()
  .max(256)
  .regex(eventPath, 'must be a path such as $.detail.id; wildcards and filters are not modelled');

const transformer = z.strictObject({
  input_paths: z
    .record(z.string().regex(/^(?!AWS)[\w-]{1,256}$/i, 'must be letters, digits, _ and -, not starting with AWS'), path)
    .refine((paths) => Object.keys(paths).length <= 100, 'at most 100 paths')
    .optional(),
  input_template: z
    .string()
    .min(1)
    .max(8192)
    .refine(
      (template) => predefinedIn(template).every((name) => isPredefined(name)),
      'uses an unknown <aws...> variable',
    ),
});

const bothLimits = 'give both limits: the provider sends 0 for the one that is left out';
const within = (min: number, max: number) => `must be from ${min} to ${max}`;

const targetArguments = z
  .strictObject({
    rule: z.string(),
    event_bus_name: z.string().optional(),
    target_id: z
      .string()
      .max(64)
      .regex(/^[\w.-]+$/, 'may have letters, digits, dots, hyphens and underscores only')
      .optional(),
    arn: z.string(),
    role_arn: z.string().optional(),
    input: z.string().max(8192).refine(isJson, 'must be JSON').optional(),
    input_path: path.optional(),
    input_transformer: block(transformer).optional(),
    retry_policy: block(
      z.strictObject({
        maximum_event_age_in_seconds: z.int(bothLimits).min(60, within(60, 86_400)).max(86_400, within(60, 86_400)),
        maximum_retry_attempts: z.int(bothLimits).min(0, within(0, 185)).max(185, within(0, 185)),
      }),
    ).optional(),
    dead_letter_config: block(
      z.strictObject({
        arn: z.string().regex(/^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]+$/, 'must be the ARN of a standard SQS queue'),
      }),
    ).optional(),
    sqs_target: block(z.strictObject({ message_group_id: z.string().max(100).optional() })).optional(),
    // Without effect here: nothing is deleted.
    force_destroy: z.boolean().optional(),
  })
  .refine(
    (target) =>
      [target.input, target.input_path, target.input_transformer].filter((one) => one !== undefined).length < 2,
    { path: ['input'], message: 'only one of input, input_path and input_transformer' },
  );

type TargetArguments = z.output<typeof targetArguments>;

function inputOf({ input, input_path: from, input_transformer: template }: TargetArguments): Input {
  if (input !== undefined) return () => input;
  if (template) return transformed(template);
  return fromPath(from ?? '$');
}

function check(runtime: Runtime, rule: Rule, busArn: string, id: string, settings: TargetArguments) {
  if (rule.targets.has(id)) throw new Error(`the rule ${rule.name} has a target ${id} already`);
  if (rule.targets.size >= maximumTargets)
    throw new Error(`the rule ${rule.name} has ${maximumTargets} targets already`);
  const kinds = targetKinds(runtime);
  const kind = kinds.get(settings.arn.split(':')[2] ?? '');
  if (!kind) {
    throw new Error(`the target ${settings.arn} is not modelled; targets may be of ${[...kinds.keys()].join(', ')}`);
  }
  const { input, input_path: from, input_transformer: template } = settings;
  const fault = kind.check({
    arn: settings.arn,
    messageGroupId: settings.sqs_target?.message_group_id,
    roleArn: settings.role_arn,
    hasInput: (input ?? from ?? template) !== undefined,
    busArn,
  });
  if (fault) throw new Error(fault);
  return kind;
}

/** `aws_cloudwatch_event_target` */
export function targetResource(runtime: Runtime, buses: Buses): ResourceType<TargetArguments> {
  return {
    arguments: targetArguments,
    create({ arguments: settings }) {
      const rule = buses.rule(settings.rule, settings.event_bus_name);
      const id = settings.target_id ?? `terraform-${runtime.random.uuid()}`;
      const { retry_policy: policy } = settings;
      const target: Target = {
        id,
        arn: settings.arn,
        kind: check(runtime, rule, buses.arn(rule.busName), id, settings),
        roleArn: settings.role_arn,
        input: inputOf(settings),
        shownInput: { input: settings.input, path: settings.input_path, transformer: settings.input_transformer },
        retryPolicy: policy
          ? {
              maximumEventAgeInSeconds: policy.maximum_event_age_in_seconds,
              maximumRetryAttempts: policy.maximum_retry_attempts,
            }
          : defaultRetryPolicy,
        deadLetterArn: settings.dead_letter_config?.arn,
        messageGroupId: settings.sqs_target?.message_group_id,
      };
      rule.targets.set(id, target);
      const owner = rule.busName === 'default' ? '' : `${rule.busName}-`;
      return { id: `${owner}${rule.name}-${id}`, target_id: id, arn: settings.arn, rule: rule.name };
    },
  };
}
