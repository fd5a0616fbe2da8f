import { z } from 'zod';
import { type Expression, parseExpression } from './expression';
import { faultOf } from './target';

const refused = (what: string) => z.undefined({ error: `${what} is not modelled by the local runtime` }).optional();

/** Names of schedules and groups. */
export const scheduleName = z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, -, _ and .');

/** Epoch milliseconds, from epoch seconds as the protocol has them. */
const timestamp = z.number().transform((seconds) => seconds * 1000);

const target = z
  .object({
    Arn: z.string().min(1).max(1600),
    RoleArn: z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be a role's ARN"),
    Input: z.string().min(1).max(256_000).optional(),
    RetryPolicy: z
      .object({
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
        MaximumRetryAttempts: z.int().min(0).max(185).default(185),
      })
      .prefault({}),
    DeadLetterConfig: z
      .object({
        Arn: z
          .string()
          .regex(/^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]+$/, 'must be the ARN of a standard SQS queue')
          .optional(),
      })
      .optional(),
    SqsParameters: z.object({ MessageGroupId: z.string().min(1).max(128).optional() }).optional(),
    EventBridgeParameters: z
      .object({ DetailType: z.string().min(1).max(128), Source: z.string().min(1).max(256) })
      .optional(),
    EcsParameters: refused('EcsParameters'),
    KinesisParameters: refused('KinesisParameters'),
    SageMakerPipelineParameters: refused('SageMakerPipelineParameters'),
  })
  .superRefine((given, context) => {
    const fault = faultOf(given);
    if (fault) context.addIssue({ code: 'custom', path: ['Arn'], message: fault });
  });

const flexibleTimeWindow = z
  .object({ Mode: z.enum(['OFF', 'FLEXIBLE']), MaximumWindowInMinutes: z.int().min(1).max(1440).optional() })
  .refine(
    ({ Mode, MaximumWindowInMinutes: minutes }) => (Mode === 'FLEXIBLE') === (minutes !== undefined),
    'MaximumWindowInMinutes goes with the mode FLEXIBLE, and must be given there',
  );

/** What `CreateSchedule` and `UpdateSchedule` take. Source: botocore 1.43, service model of scheduler. */
export const scheduleInput = z
  .object({
    Name: scheduleName,
    GroupName: scheduleName.default('default'),
    ScheduleExpression: z.string().min(1).max(256),
    ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
    StartDate: timestamp.optional(),
    EndDate: timestamp.optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Description: z.string().max(512).optional(),
    KmsKeyArn: z.string().optional(),
    FlexibleTimeWindow: flexibleTimeWindow,
    ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
    Target: target,
    ClientToken: z.string().max(64).optional(),
  })
  .superRefine((given, context) => {
    try {
      parseExpression(given.ScheduleExpression, given.ScheduleExpressionTimezone);
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['ScheduleExpression'], message: (error as Error).message });
    }
    if (given.StartDate !== undefined && given.EndDate !== undefined && given.StartDate >= given.EndDate) {
      context.addIssue({ code: 'custom', path: ['EndDate'], message: 'must be after StartDate' });
    }
  });

/** A schedule as it was asked for, with defaults filled in. */
export type ScheduleSettings = z.output<typeof scheduleInput>;

/** A target as it was asked for. */
export type Target = ScheduleSettings['Target'];

/** A schedule. */
export interface Schedule {
  readonly arn: string;
  /** ARN of its group: `aws:SourceArn` of what it does (user guide, "Confused deputy prevention"). */
  readonly groupArn: string;
  /** In epoch milliseconds, as are all times here. */
  readonly created: number;
  settings: ScheduleSettings;
  expression: Expression;
  modified: number;
  /** When the expression was set: a rate without start date counts from there. */
  anchor: number;
}

/** The first time a schedule is due after a time, within its dates; those of a one-time schedule mean nothing. */
export function nextDue({ settings, expression, anchor }: Schedule, after: number): number | undefined {
  if (expression.isOneTime) return expression.next(after, anchor);
  const { StartDate: start = anchor, EndDate: end = Number.POSITIVE_INFINITY } = settings;
  const due = expression.next(Math.max(after, start - 1), start);
  return due !== undefined && due <= end ? due : undefined;
}
