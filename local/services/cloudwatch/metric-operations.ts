import { z } from 'zod';
import type { Runtime } from '../../runtime';
import type { Service } from '../../service';
import {
  type MetricId,
  type Metrics,
  type Statistic,
  type StatisticSet,
  single,
  statisticOf,
  statistics,
} from './metrics';
import { define, refused, timestamp } from './operation';

const dimensions = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .max(30)
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

const period = z
  .int()
  .refine((seconds) => seconds > 0 && seconds % 60 === 0, 'must be a multiple of 60: high resolution is not kept');

const datum = z.object({
  MetricName: z.string().min(1).max(255),
  Dimensions: dimensions,
  Timestamp: timestamp.optional(),
  Value: z.number().optional(),
  Values: z.array(z.number()).max(150).optional(),
  Counts: z.array(z.number()).max(150).optional(),
  StatisticValues: z
    .object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() })
    .optional(),
  Unit: z.string().optional(),
  StorageResolution: z.union([z.literal(60), z.literal(1)]).optional(),
});

const putInput = z.object({
  Namespace: z.string().min(1).max(255),
  MetricData: z.array(datum).max(1000).default([]),
  EntityMetricData: refused('EntityMetricData'),
  StrictEntityValidation: z.boolean().optional(),
});

const query = z.object({
  Id: z.string().regex(/^[a-z]\w*$/),
  MetricStat: z.object({
    Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
    Period: period,
    Stat: z.enum(statistics),
    Unit: refused('Unit'),
  }),
  Expression: refused('Expression (metric math)'),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
});

const dataInput = z.object({
  MetricDataQueries: z.array(query).max(500),
  StartTime: timestamp,
  EndTime: timestamp,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: refused('MaxDatapoints'),
  NextToken: refused('NextToken'),
  LabelOptions: refused('LabelOptions'),
});

const statisticsInput = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensions,
  StartTime: timestamp,
  EndTime: timestamp,
  Period: period,
  Statistics: z.array(z.enum(statistics)).min(1).max(5),
  ExtendedStatistics: refused('ExtendedStatistics'),
  Unit: refused('Unit'),
});

const listInput = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
  RecentlyActive: z.literal('PT3H').optional(),
});

/** Any metric may be asked about: there is no resource level. */
const anything = (action: string) => () => [{ action: `cloudwatch:${action}`, resource: '*' }];

/** CloudWatch's operations on metrics. */
export function metricOperations(runtime: Runtime, metrics: Metrics): Service['operations'] {
  return {
    PutMetricData: define(
      putInput,
      (input) => [
        { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': input.Namespace } },
      ],
      (input) => {
        for (const one of input.MetricData) put(runtime, metrics, input.Namespace, one);
        return {};
      },
    ),
    GetMetricData: define(dataInput, anything('GetMetricData'), (input) => ({
      MetricDataResults: input.MetricDataQueries.filter(({ ReturnData }) => ReturnData).map((one) =>
        results(metrics, one, input),
      ),
      Messages: [],
    })),
    GetMetricStatistics: define(statisticsInput, anything('GetMetricStatistics'), (input) => ({
      Label: input.MetricName,
      Datapoints: metrics
        .periods(
          { namespace: input.Namespace, name: input.MetricName, dimensions: input.Dimensions },
          input.StartTime,
          input.EndTime,
          input.Period,
        )
        .map(({ time, set }) => datapoint(time, set, input.Statistics)),
    })),
    ListMetrics: define(listInput, anything('ListMetrics'), (input) => ({
      Metrics: metrics
        .list()
        .filter((id) => fits(id, input))
        .map(listed),
    })),
  };
}

function results(
  metrics: Metrics,
  { Id, Label, MetricStat: stat }: z.infer<typeof query>,
  { StartTime, EndTime, ScanBy }: z.infer<typeof dataInput>,
): object {
  const { Namespace: namespace, MetricName: name, Dimensions: values } = stat.Metric;
  const found = metrics.periods({ namespace, name, dimensions: values }, StartTime, EndTime, stat.Period);
  if (ScanBy === 'TimestampDescending') found.reverse();
  return {
    Id,
    Label: Label ?? name,
    Timestamps: found.map(({ time }) => new Date(time)),
    Values: found.map(({ set }) => statisticOf(set, stat.Stat)),
    StatusCode: 'Complete',
  };
}

function fits(id: MetricId, wanted: z.infer<typeof listInput>): boolean {
  return (
    (wanted.Namespace === undefined || id.namespace === wanted.Namespace) &&
    (wanted.MetricName === undefined || id.name === wanted.MetricName) &&
    wanted.Dimensions.every(
      ({ Name, Value }) => Name in id.dimensions && (Value === undefined || id.dimensions[Name] === Value),
    )
  );
}

function datapoint(time: number, set: StatisticSet, wanted: readonly Statistic[]): object {
  const values = Object.fromEntries(wanted.map((statistic) => [statistic, statisticOf(set, statistic)]));
  return { Timestamp: new Date(time), ...values, Unit: 'None' };
}

function listed({ namespace, name, dimensions: values }: MetricId) {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
  };
}

function put(runtime: Runtime, metrics: Metrics, namespace: string, one: z.infer<typeof datum>): void {
  const id = { namespace, name: one.MetricName, dimensions: one.Dimensions };
  const time = one.Timestamp ?? runtime.clock.now();
  if (one.StatisticValues) metrics.add(id, one.StatisticValues, time);
  if (one.Value !== undefined) metrics.add(id, single(one.Value), time);
  for (const [index, value] of (one.Values ?? []).entries())
    metrics.add(id, single(value, one.Counts?.[index] ?? 1), time);
}
