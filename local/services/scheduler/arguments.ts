import { z } from 'zod';
import { block, tags } from '../../arguments';
import { type ScheduleSettings, scheduleInput, scheduleName } from './schedule';

const refused = (what: string) => z.undefined({ error: `${what} is not modelled: leave it out` }).optional();

/** Epoch seconds, as the API has them. */
const date = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) / 1000);

const target = z.strictObject({
  arn: z.string(),
  role_arn: z.string(),
  input: z.string().optional(),
  retry_policy: block(
    z.strictObject({
      maximum_event_age_in_seconds: z.number().optional(),
      maximum_retry_attempts: z.number().optional(),
    }),
  ).optional(),
  dead_letter_config: block(z.strictObject({ arn: z.string() })).optional(),
  sqs_parameters: block(z.strictObject({ message_group_id: z.string().optional() })).optional(),
  eventbridge_parameters: block(z.strictObject({ detail_type: z.string(), source: z.string() })).optional(),
  ecs_parameters: refused('ecs_parameters'),
  kinesis_parameters: refused('kinesis_parameters'),
  sagemaker_pipeline_parameters: refused('sagemaker_pipeline_parameters'),
});

const schedule = z.strictObject({
  name: scheduleName,
  name_prefix: refused('name_prefix'),
  group_name: z.string().optional(),
  schedule_expression: z.string(),
  schedule_expression_timezone: z.string().optional(),
  start_date: date.optional(),
  end_date: date.optional(),
  state: z.string().optional(),
  description: z.string().optional(),
  kms_key_arn: z.string().optional(),
  action_after_completion: z.string().optional(),
  flexible_time_window: block(z.strictObject({ mode: z.string(), maximum_window_in_minutes: z.number().optional() })),
  target: block(target),
});

function targetInput(given: z.output<typeof target>): object {
  const { retry_policy: retry, dead_letter_config: queue, sqs_parameters: sqs, eventbridge_parameters: bus } = given;
  return {
    Arn: given.arn,
    RoleArn: given.role_arn,
    Input: given.input,
    ...(retry && {
      RetryPolicy: {
        MaximumEventAgeInSeconds: retry.maximum_event_age_in_seconds,
        MaximumRetryAttempts: retry.maximum_retry_attempts,
      },
    }),
    ...(queue && { DeadLetterConfig: { Arn: queue.arn } }),
    ...(sqs && { SqsParameters: { MessageGroupId: sqs.message_group_id } }),
    ...(bus && { EventBridgeParameters: { DetailType: bus.detail_type, Source: bus.source } }),
  };
}

function scheduleInputOf(given: z.output<typeof schedule>): object {
  return {
    Name: given.name,
    GroupName: given.group_name,
    ScheduleExpression: given.schedule_expression,
    ScheduleExpressionTimezone: given.schedule_expression_timezone,
    StartDate: given.start_date,
    EndDate: given.end_date,
    State: given.state,
    Description: given.description,
    KmsKeyArn: given.kms_key_arn,
    ActionAfterCompletion: given.action_after_completion,
    FlexibleTimeWindow: {
      Mode: given.flexible_time_window.mode,
      MaximumWindowInMinutes: given.flexible_time_window.maximum_window_in_minutes,
    },
    Target: targetInput(given.target),
  };
}

/** `RetryPolicy` as Terraform writes it: `retry_policy`. */
function argumentName(member: PropertyKey): PropertyKey {
  if (typeof member !== 'string') return member;
  return member
    .replace('EventBridge', 'Eventbridge')
    .replace(/(?<=[a-z])[A-Z]/g, '_$&')
    .toLowerCase();
}

/** Arguments of `aws_scheduler_schedule`, read as the input of CreateSchedule, which judges their values. */
export const scheduleArguments = schedule.transform((given, context): ScheduleSettings => {
  const parsed = scheduleInput.safeParse(scheduleInputOf(given));
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', path: path.map(argumentName), message });
  }
  return z.NEVER;
});

/** Arguments of `aws_scheduler_schedule_group`. */
export const groupArguments = z.strictObject({ name: scheduleName, tags });
