import type { Runtime } from '../../runtime';
import type { AlarmArguments } from './arguments';
import { type AlarmState, evaluate, extraPeriods } from './evaluation';
import { History } from './history';
import { type MetricId, type Metrics, statisticOf } from './metrics';
import { notification } from './notification';

const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};

/** A change of an alarm's state. */
export interface Transition {
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** In epoch milliseconds. */
  readonly time: number;
}

/** An alarm on one metric. */
export class Alarm {
  readonly arn: string;
  /** When it was made, in epoch milliseconds. */
  readonly configured: number;
  state: AlarmState = 'INSUFFICIENT_DATA';
  reason = 'Unchecked: Initial alarm creation';
  /** When the state last changed, in epoch milliseconds. */
  changed: number;
  readonly history = new History();

  constructor(
    private readonly runtime: Runtime,
    private readonly metrics: Metrics,
    readonly settings: AlarmArguments,
  ) {
    this.arn = runtime.arn('cloudwatch', `alarm:${settings.alarm_name}`);
    this.configured = runtime.clock.now();
    this.changed = this.configured;
    this.history.add({
      time: this.configured,
      type: 'ConfigurationUpdate',
      summary: `Alarm "${settings.alarm_name}" created`,
      data: { type: 'Create' },
    });
  }

  /**
   * Looks at the periods up to a time, if one ends there.
   *
   * @param end a full minute, in epoch milliseconds
   */
  check(end: number): void {
    const { period, evaluation_periods: n, datapoints_to_alarm: m = n, threshold } = this.settings;
    if (end % (period * 1000) !== 0) return;
    const values = Array.from({ length: n + extraPeriods }, (_, age) => this.value(end - (age + 1) * period * 1000));
    const breaches = comparisons[this.settings.comparison_operator];
    const state = evaluate({
      periods: values.map((value) => value && breaches(value.value, threshold)),
      evaluationPeriods: n,
      datapointsToAlarm: m,
      // Alarms on DynamoDB's metrics ignore missing data whatever they say (PutMetricAlarm, CloudWatch API reference).
      treatMissingData: this.settings.namespace === 'AWS/DynamoDB' ? 'ignore' : this.settings.treat_missing_data,
    });
    if (state) this.set(state, this.explain(state, values.filter((value) => value !== undefined).slice(0, n), m));
  }

  /** Enters a state; if it is another one, that is noted and the state's actions are taken. */
  set(state: AlarmState, reason: string, parents: readonly number[] = []): void {
    if (state === this.state) return;
    const before = { stateValue: this.state, stateReason: this.reason };
    const transition = { from: this.state, to: state, reason, time: this.runtime.clock.now() };
    this.state = state;
    this.reason = reason;
    this.changed = transition.time;
    const hop = this.runtime.timeline.record({
      service: 'cloudwatch',
      operation: 'alarm',
      resource: this.arn,
      parents,
      summary: `${this.settings.alarm_name}: ${transition.from} -> ${state}: ${reason}`,
      data: { ...transition },
    });
    this.history.add({
      time: transition.time,
      type: 'StateUpdate',
      summary: `Alarm updated from ${transition.from} to ${state}`,
      data: { oldState: before, newState: { stateValue: state, stateReason: reason } },
    });
    if (this.settings.actions_enabled) for (const topic of this.actions(state)) this.publish(topic, transition, hop);
  }

  /** Topics that are told about a state. */
  private actions(state: AlarmState): readonly string[] {
    const { alarm_actions, ok_actions, insufficient_data_actions } = this.settings;
    return { ALARM: alarm_actions, OK: ok_actions, INSUFFICIENT_DATA: insufficient_data_actions }[state];
  }

  private publish(topic: string, transition: Transition, hop: number): void {
    const published = this.runtime.call({
      service: 'sns',
      operation: 'Publish',
      input: { TopicArn: topic, ...notification(this.runtime, this, transition) },
      principal: { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: this.arn },
      parents: [hop],
    });
    // What goes wrong is in the timeline and in the alarm's history; CloudWatch tells nobody else.
    const note = (summary: string, actionState: string) =>
      this.history.add({
        time: this.runtime.clock.now(),
        type: 'Action',
        summary,
        data: { actionState, notificationResource: topic, stateUpdateTimestamp: transition.time },
      });
    void published.then(
      () => note(`Successfully executed action ${topic}`, 'Succeeded'),
      (error: Error) => note(`Failed to execute action ${topic}. Received error: "${error.message}"`, 'Failed'),
    );
  }

  private get metric(): MetricId {
    const { namespace, metric_name: name, dimensions } = this.settings;
    return { namespace, name, dimensions };
  }

  private value(start: number) {
    const set = this.metrics.between(this.metric, start, start + this.settings.period * 1000);
    return set && { time: start, value: statisticOf(set, this.settings.statistic) };
  }

  private explain(
    state: AlarmState,
    values: readonly { readonly time: number; readonly value: number }[],
    m: number,
  ): string {
    const {
      evaluation_periods: n,
      threshold,
      comparison_operator: operator,
      treat_missing_data: missing,
    } = this.settings;
    if (values.length === 0) {
      if (state === 'INSUFFICIENT_DATA')
        return `Insufficient Data: ${n} datapoint${n === 1 ? ' was' : 's were'} unknown.`;
      return `Threshold Crossed: no datapoints were received for ${n} period${n === 1 ? '' : 's'} and ${n} missing datapoint${n === 1 ? ' was' : 's were'} treated as [${missing === 'breaching' ? 'Breaching' : 'NonBreaching'}].`;
    }
    const breaches = comparisons[operator];
    const shown = values.filter(({ value }) => breaches(value, threshold) === (state === 'ALARM'));
    const list = shown.map(({ time, value }) => `${value} (${new Date(time).toISOString()})`).join(', ');
    const words = operator
      .replace(/Threshold$/, '')
      .replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
      .trim();
    return `Threshold Crossed: ${shown.length} out of the last ${n} datapoints [${list}] ${shown.length === 1 ? 'was' : 'were'} ${state === 'ALARM' ? '' : 'not '}${words} the threshold (${threshold}) (minimum ${m} datapoint${m === 1 ? '' : 's'} for OK -> ALARM transition).`;
  }
}
