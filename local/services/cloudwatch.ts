import type { Timer } from '../clock';
import type { Runtime } from '../runtime';
import { type Resource, type Service, jsonErrors } from '../service';
import { Alarm } from './cloudwatch/alarm';
import { alarmOperations } from './cloudwatch/alarm-operations';
import { type AlarmArguments, alarmArguments } from './cloudwatch/arguments';
import { metricOperations } from './cloudwatch/metric-operations';
import { Metrics, single } from './cloudwatch/metrics';

const minute = 60_000;

/** CloudWatch: metrics by the minute, and alarms on them. */
export function cloudwatch(runtime: Runtime): Service {
  const metrics = new Metrics();
  const alarms = new Map<string, Alarm>();
  runtime.onMetric((metric) => metrics.add(metric, single(metric.value), runtime.clock.now()));
  watch(runtime, metrics, alarms);
  return {
    name: 'cloudwatch',
    errors: {
      ...jsonErrors,
      accessDenied: { code: 'AccessDenied', status: 403 },
      throttled: { code: 'Throttling', status: 400 },
      validation: { code: 'ValidationError', status: 400 },
      internal: { code: 'InternalServiceError', status: 500 },
    },
    operations: { ...metricOperations(runtime, metrics), ...alarmOperations(runtime, alarms) },
    resources: {
      aws_cloudwatch_metric_alarm: {
        arguments: alarmArguments,
        create({ arguments: settings }: Resource<AlarmArguments>) {
          if (alarms.has(settings.alarm_name))
            throw new Error(`There is already an alarm named ${settings.alarm_name}`);
          const alarm = new Alarm(runtime, metrics, settings);
          alarms.set(settings.alarm_name, alarm);
          return { id: settings.alarm_name, arn: alarm.arn };
        },
      },
    },
  };
}

/** At each full minute, while there are alarms: reads the gauges into the minute that ends, then checks the alarms. */
function watch(runtime: Runtime, metrics: Metrics, alarms: ReadonlyMap<string, Alarm>): void {
  const { clock } = runtime;
  let timer: Timer | undefined;
  const wait = (due: number) => {
    timer = clock.schedule(due - clock.now(), () => {
      let end = due;
      // A real clock may be late by minutes of runtime time.
      do {
        for (const gauge of runtime.gauges.sample()) metrics.add(gauge, single(gauge.value), end - 1);
        for (const alarm of alarms.values()) alarm.check(end);
        end += minute;
      } while (end <= clock.now());
      wait(end);
    });
  };
  runtime.onStart(() => {
    if (alarms.size > 0) wait((Math.floor(clock.now() / minute) + 1) * minute);
  });
  runtime.onStop(() => timer?.cancel());
}
