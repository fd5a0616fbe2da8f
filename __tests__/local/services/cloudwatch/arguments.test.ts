import { alarmArguments } from '../../../../local/services/cloudwatch/arguments';
import { settings } from './alarm';

test.each([
  [{ metric_query: [] }, /metric_query is not modelled/],
  [{ extended_statistic: 'p99' }, /extended_statistic is not modelled/],
  [{ unit: 'Count' }, /unit is not modelled/],
  [{ period: 10 }, /multiple of 60, got 10/],
  [{ datapoints_to_alarm: 2 }, /must not be more than evaluation_periods/],
  [{ period: 3600, evaluation_periods: 25 }, /at most a day/],
  [{ alarm_actions: ['arn:aws:lambda:eu-west-1:000000000000:function:f'] }, /SNS topic/],
  [{ threshold: undefined }, /threshold|number/],
  [{ statistic: 'p99' }, /SampleCount/],
])('an alarm with %j is refused', (changes, message) => {
  const result = alarmArguments.safeParse({ ...settings, ...changes });
  expect(result.error?.issues.map((issue) => issue.message).join()).toMatch(message);
});
