import { z } from 'zod';
import { tags } from '../../arguments';
import { statistics } from './metrics';

const refused = (what: string, instead: string) =>
  z.never({ error: `${what} is not modelled by the local runtime; ${instead}` }).optional();

const actions = z
  .array(
    z
      .string()
      .regex(
        /^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+$/,
        'an alarm action must be the ARN of an SNS topic: others are not modelled',
      ),
  )
  .max(5, 'at most 5 actions for each state')
  .default([]);

/** Without local effect: alarm_description (passed on in messages), tags. */
const shape = z.strictObject({
  alarm_name: z.string().min(1).max(255),
  alarm_description: z.string().max(1024).optional(),
  tags,
  namespace: z.string().min(1).max(255),
  metric_name: z.string().min(1).max(255),
  dimensions: z.record(z.string(), z.string()).default({}),
  statistic: z.enum(statistics),
  period: z.int().refine((period) => period > 0 && period % 60 === 0, {
    error: ({ input }) => `period must be a multiple of 60, got ${String(input)}: high resolution is not modelled`,
  }),
  evaluation_periods: z.int().min(1),
  datapoints_to_alarm: z.int().min(1).optional(),
  threshold: z.number(),
  comparison_operator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  treat_missing_data: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
  actions_enabled: z.boolean().default(true),
  alarm_actions: actions,
  ok_actions: actions,
  insufficient_data_actions: actions,
  unit: refused('unit', 'leave it out: metrics are not kept apart by unit'),
  extended_statistic: refused('extended_statistic', 'use statistic'),
  evaluate_low_sample_count_percentiles: refused('evaluate_low_sample_count_percentiles', 'use statistic'),
  metric_query: refused('metric_query', 'watch one metric, for metric math is not evaluated'),
  threshold_metric_id: refused('threshold_metric_id', 'use threshold'),
});

/** Arguments of `aws_cloudwatch_metric_alarm`, with the limits of PutMetricAlarm (CloudWatch API reference). */
export const alarmArguments = shape.superRefine((alarm, context) => {
  const { period, evaluation_periods: n, datapoints_to_alarm: m = n } = alarm;
  if (m > n) {
    const message = `datapoints_to_alarm (${m}) must not be more than evaluation_periods (${n})`;
    context.addIssue({ code: 'custom', path: ['datapoints_to_alarm'], message });
  }
  if (period * n > 86_400) {
    const message = `period times evaluation_periods must be at most a day (86400 s), got ${period * n}`;
    context.addIssue({ code: 'custom', path: ['evaluation_periods'], message });
  }
});

/** Checked arguments of an alarm. */
export type AlarmArguments = z.infer<typeof alarmArguments>;
