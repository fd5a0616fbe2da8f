import type { Runtime } from '../../runtime';
import type { Alarm, Transition } from './alarm';

/** Names by which alarm messages call regions; a region that is not listed goes by its code. */
const regionNames: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'ca-central-1': 'Canada (Central)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'sa-east-1': 'South America (Sao Paulo)',
};

/** Subject and message that a topic gets when an alarm changes its state, with the members and spellings of CloudWatch. */
export function notification(
  runtime: Runtime,
  alarm: Alarm,
  transition: Transition,
): { Subject: string; Message: string } {
  const { settings } = alarm;
  const region = regionNames[runtime.region] ?? runtime.region;
  const message = {
    AlarmName: settings.alarm_name,
    AlarmDescription: settings.alarm_description ?? null,
    AWSAccountId: runtime.accountId,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configured),
    NewStateValue: transition.to,
    NewStateReason: transition.reason,
    StateChangeTime: timestamp(transition.time),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: transition.from,
    OKActions: settings.ok_actions,
    AlarmActions: settings.alarm_actions,
    InsufficientDataActions: settings.insufficient_data_actions,
    Trigger: {
      MetricName: settings.metric_name,
      Namespace: settings.namespace,
      StatisticType: 'Statistic',
      Statistic: settings.statistic === 'SampleCount' ? 'SAMPLE_COUNT' : settings.statistic.toUpperCase(),
      Unit: null,
      Dimensions: Object.entries(settings.dimensions).map(([name, value]) => ({ value, name })),
      Period: settings.period,
      EvaluationPeriods: settings.evaluation_periods,
      DatapointsToAlarm: settings.datapoints_to_alarm ?? settings.evaluation_periods,
      ComparisonOperator: settings.comparison_operator,
      Threshold: settings.threshold,
      TreatMissingData: settings.treat_missing_data,
      EvaluateLowSampleCountPercentile: '',
    },
  };
  const name = settings.alarm_name;
  // SNS takes subjects of fewer than 100 characters (Publish, SNS API reference).
  const subject = `${transition.to}: "${name}" in ${region}`;
  return { Subject: subject.length < 100 ? subject : `${subject.slice(0, 96)}...`, Message: JSON.stringify(message) };
}

/** `2026-01-01T00:00:00.000+0000` */
function timestamp(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}
