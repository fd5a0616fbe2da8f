import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Service } from '../../service';
import type { Alarm } from './alarm';
import { describeAlarmHistory } from './history';
import { define, refused } from './operation';

/** CloudWatch's operations on alarms. */
export function alarmOperations(runtime: Runtime, alarms: ReadonlyMap<string, Alarm>): Service['operations'] {
  return {
    DescribeAlarms: define(
      z.object({
        AlarmNames: z.array(z.string()).max(100).optional(),
        AlarmNamePrefix: z.string().optional(),
        AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).optional(),
        StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
        ActionPrefix: z.string().optional(),
        ChildrenOfAlarmName: refused('ChildrenOfAlarmName'),
        ParentsOfAlarmName: refused('ParentsOfAlarmName'),
        MaxRecords: z.int().min(1).max(100).default(50),
        NextToken: z.string().optional(),
      }),
      () => [{ action: 'cloudwatch:DescribeAlarms', resource: runtime.arn('cloudwatch', 'alarm:*') }],
      (input) => {
        const found = [...alarms.values()]
          .filter(({ settings }) => input.AlarmNames?.includes(settings.alarm_name) ?? true)
          .filter(({ settings }) => settings.alarm_name.startsWith(input.AlarmNamePrefix ?? ''))
          .filter(({ state }) => input.StateValue === undefined || state === input.StateValue)
          .filter(
            ({ settings }) =>
              settings.alarm_actions
                .concat(settings.ok_actions)
                .some((arn) => arn.startsWith(input.ActionPrefix ?? '')) || input.ActionPrefix === undefined,
          )
          .filter(() => input.AlarmTypes?.includes('MetricAlarm') ?? true);
        const from = Number(input.NextToken ?? 0);
        const to = from + input.MaxRecords;
        return {
          MetricAlarms: found.slice(from, to).map(describe),
          CompositeAlarms: [],
          ...(to < found.length && { NextToken: String(to) }),
        };
      },
    ),
    DescribeAlarmHistory: describeAlarmHistory(runtime, alarms),
    SetAlarmState: define(
      z.object({
        AlarmName: z.string().min(1).max(255),
        StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
        StateReason: z.string().max(1023),
        StateReasonData: z.string().max(4000).optional(),
      }),
      (input) => [
        { action: 'cloudwatch:SetAlarmState', resource: runtime.arn('cloudwatch', `alarm:${input.AlarmName}`) },
      ],
      (input, call) => {
        const alarm = alarms.get(input.AlarmName);
        if (!alarm) throw new AwsError('ResourceNotFound', `Unknown alarm ${input.AlarmName}`, 404);
        const hop = call.record({ resource: alarm.arn, summary: `${input.AlarmName} is set to ${input.StateValue}` });
        alarm.set(input.StateValue, input.StateReason, [hop]);
        return {};
      },
    ),
  };
}

function describe({ arn, settings, state, reason, changed, configured }: Alarm) {
  return {
    AlarmName: settings.alarm_name,
    AlarmArn: arn,
    AlarmDescription: settings.alarm_description,
    AlarmConfigurationUpdatedTimestamp: new Date(configured),
    ActionsEnabled: settings.actions_enabled,
    OKActions: settings.ok_actions,
    AlarmActions: settings.alarm_actions,
    InsufficientDataActions: settings.insufficient_data_actions,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: new Date(changed),
    StateTransitionedTimestamp: new Date(changed),
    MetricName: settings.metric_name,
    Namespace: settings.namespace,
    Statistic: settings.statistic,
    Dimensions: Object.entries(settings.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Period: settings.period,
    EvaluationPeriods: settings.evaluation_periods,
    DatapointsToAlarm: settings.datapoints_to_alarm ?? settings.evaluation_periods,
    Threshold: settings.threshold,
    ComparisonOperator: settings.comparison_operator,
    TreatMissingData: settings.treat_missing_data,
  };
}
