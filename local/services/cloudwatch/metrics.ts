import type { Metric } from '../../runtime';

const minute = 60_000;

/** How many minutes with data are kept of each metric, and up to a tenth more: a day of them. */
const kept = 1440;

/** What identifies a metric. */
export type MetricId = Omit<Metric, 'value'>;

/** What is known of the values of a time. */
export interface StatisticSet {
  readonly SampleCount: number;
  readonly Sum: number;
  readonly Minimum: number;
  readonly Maximum: number;
}

/** What can be asked of a {@link StatisticSet}. */
export type Statistic = keyof StatisticSet | 'Average';

/** All of them, as the API spells them. */
export const statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

/** One value as a statistic set. */
export function single(value: number, count = 1): StatisticSet {
  return { SampleCount: count, Sum: value * count, Minimum: value, Maximum: value };
}

/** @returns the statistic's value */
export function statisticOf(set: StatisticSet, statistic: Statistic): number {
  return statistic === 'Average' ? set.Sum / set.SampleCount : set[statistic];
}

function merge(a: StatisticSet, b: StatisticSet): StatisticSet {
  return {
    SampleCount: a.SampleCount + b.SampleCount,
    Sum: a.Sum + b.Sum,
    Minimum: Math.min(a.Minimum, b.Minimum),
    Maximum: Math.max(a.Maximum, b.Maximum),
  };
}

interface Series {
  readonly id: MetricId;
  /** By the start of the minute, in epoch milliseconds. */
  readonly minutes: Map<number, StatisticSet>;
}

/** The values of all metrics, added up by minute. */
export class Metrics {
  private readonly all = new Map<string, Series>();

  /** @param time in epoch milliseconds */
  add(id: MetricId, set: StatisticSet, time: number): void {
    const key = keyOf(id);
    const series = this.all.get(key) ?? {
      id: { namespace: id.namespace, name: id.name, dimensions: id.dimensions },
      minutes: new Map(),
    };
    this.all.set(key, series);
    const start = Math.floor(time / minute) * minute;
    const before = series.minutes.get(start);
    series.minutes.set(start, before ? merge(before, set) : set);
    if (series.minutes.size > kept * 1.1) forget(series.minutes);
  }

  /** All metrics that have data. */
  list(): MetricId[] {
    return [...this.all.values()].map(({ id }) => id);
  }

  /** What is known from `start` up to `end`: full minutes, in epoch milliseconds. */
  between(id: MetricId, start: number, end: number): StatisticSet | undefined {
    const minutes = this.all.get(keyOf(id))?.minutes ?? new Map<number, StatisticSet>();
    let found: StatisticSet | undefined;
    for (let time = start; time < end; time += minute) {
      const set = minutes.get(time);
      if (set) found = found ? merge(found, set) : set;
    }
    return found;
  }

  /**
   * What is known of each period that has data, oldest first.
   *
   * @param period in seconds; periods begin at multiples of it
   */
  periods(id: MetricId, start: number, end: number, period: number): { time: number; set: StatisticSet }[] {
    const length = period * 1000;
    const found = new Map<number, StatisticSet>();
    for (const [time, set] of this.all.get(keyOf(id))?.minutes ?? []) {
      const begin = Math.floor(time / length) * length;
      if (begin < Math.floor(start / length) * length || begin >= end) continue;
      const before = found.get(begin);
      found.set(begin, before ? merge(before, set) : set);
    }
    return [...found].map(([time, set]) => ({ time, set })).sort((a, b) => a.time - b.time);
  }
}

/** Lets go of the oldest minutes, many at once: data may come in any order. */
function forget(minutes: Map<number, StatisticSet>): void {
  const times = [...minutes.keys()].sort((a, b) => a - b);
  for (const time of times.slice(0, times.length - kept)) minutes.delete(time);
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\n${name}`;
  for (const dimension of names) key += `\n${JSON.stringify(dimension)}=${JSON.stringify(dimensions[dimension])}`;
  return key;
}
