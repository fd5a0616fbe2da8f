/** State of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an alarm does with periods that have no data. */
export type TreatMissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** How many periods beyond the evaluation periods are looked at for data (example in the CloudWatch user guide, missing data). */
export const extraPeriods = 2;

/** What an alarm judges by. */
export interface Evaluation {
  /** Whether each period breaches, newest first; undefined where there is no data. Evaluation periods and {@link extraPeriods}. */
  readonly periods: readonly (boolean | undefined)[];
  /** The newest periods, of which some must breach. */
  readonly evaluationPeriods: number;
  /** How many of them. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/**
 * The state that data calls for, by the tables of the CloudWatch user guide, "Configuring how CloudWatch alarms treat
 * missing data": real data points decide as long as there are enough of them, wherever in the range they are; only
 * what is still lacking is filled up as the alarm says.
 *
 * @returns undefined: keep the state
 */
export function evaluate(evaluation: Evaluation): AlarmState | undefined {
  const { periods, evaluationPeriods, datapointsToAlarm, treatMissingData } = evaluation;
  const real = periods.filter((period) => period !== undefined).slice(0, evaluationPeriods);
  const breaching = real.filter(Boolean).length;
  const lacking = evaluationPeriods - real.length;
  const alarm = breaching + (treatMissingData === 'breaching' ? lacking : 0) >= datapointsToAlarm;
  if (alarm) return 'ALARM';
  if (lacking === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') return 'OK';
  if (breaching < real.length) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  if (real.length === 0) return 'INSUFFICIENT_DATA';
  // A breach that has been the last word for as long as the alarm needs is believed.
  return periods.lastIndexOf(true) + 1 >= datapointsToAlarm ? 'ALARM' : undefined;
}
