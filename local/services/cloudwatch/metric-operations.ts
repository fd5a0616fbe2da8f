import { z } from 'zod';
import type { Runtime } from '../../runtime';
import type { Operation, Service } from '../../service';
import {
  type MetricId,
  type Metrics,
  type Statistic,
  type StatisticSet,
  single,
  statisticOf,
  statistics,
} from './metrics';

/** Epoch milliseconds, from what the protocols make of a timestamp: epoch seconds or ISO 8601. */
export const timestamp = z.union([
  z.number().transform((seconds) => seconds * 1000),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.date().transform((date) => date.getTime()),
]);

const dimensions = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .max(30)
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

const period = z
  .int()
  .refine((seconds) => seconds > 0 && seconds % 60 === 0, 'must be a multiple of 60: high resolution is not kept');

/** Refuses a member that is not modelled. */
export const refused = (what: string) => z.never({ error: `${what} is not modelled by the local runtime` }).optional();

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

/** Any metric may be asked about: there is no resource level. */
const anything = (action: string) => () => [{ action: `cloudwatch:${action}`, resource: '*' }];

/** An operation whose parts agree on the type of the input. */
export function define<Input>(
  input: z.ZodType<Input>,
  permissions: Operation<Input>['permissions'],
  run: Operation<Input>['run'],
): Operation<Input> {
  return { input, permissions, run };
}

/** CloudWatch's operations on metrics. */
export function metricOperations(runtime: Runtime, metrics: Metrics): Service['operations'] {
  return {
    PutMetricData: define(
      z.object({
        Namespace: z.string().min(1).max(255),
        MetricData: z.array(datum).max(1000).default([]),
        EntityMetricData: refused('EntityMetricData'),
        StrictEntityValidation: z.boolean().optional(),
      }),
      (input) => [
        { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': input.Namespace } },
      ],
      (input) => {
        for (const one of input.MetricData) put(runtime, metrics, input.Namespace, one);
        return {};
      },
    ),
    GetMetricData: define(
      z.object({
        MetricDataQueries: z
          .array(
            z.object({
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
            }),
          )
          .max(500),
        StartTime: timestamp,
        EndTime: timestamp,
        ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
        MaxDatapoints: refused('MaxDatapoints'),
        NextToken: refused('NextToken'),
        LabelOptions: refused('LabelOptions'),
      }),
      anything('GetMetricData'),
      (input) => ({
        MetricDataResults: input.MetricDataQueries.filter((query) => query.ReturnData).map(
          ({ Id, Label, MetricStat: stat }) => {
            const id = {
              namespace: stat.Metric.Namespace,
              name: stat.Metric.MetricName,
              dimensions: stat.Metric.Dimensions,
            };
            const found = metrics.periods(id, input.StartTime, input.EndTime, stat.Period);
            if (input.ScanBy === 'TimestampDescending') found.reverse();
            return {
              Id,
              Label: Label ?? id.name,
              Timestamps: found.map(({ time }) => new Date(time)),
              Values: found.map(({ set }) => statisticOf(set, stat.Stat)),
              StatusCode: 'Complete',
            };
          },
        ),
        Messages: [],
      }),
    ),
    GetMetricStatistics: define(
      z.object({
        Namespace: z.string(),
        MetricName: z.string(),
        Dimensions: dimensions,
        StartTime: timestamp,
        EndTime: timestamp,
        Period: period,
        Statistics: z.array(z.enum(statistics)).min(1).max(5),
        ExtendedStatistics: refused('ExtendedStatistics'),
        Unit: refused('Unit'),
      }),
      anything('GetMetricStatistics'),
      (input) => ({
        Label: input.MetricName,
        Datapoints: metrics
          .periods(
            { namespace: input.Namespace, name: input.MetricName, dimensions: input.Dimensions },
            input.StartTime,
            input.EndTime,
            input.Period,
          )
          .map(({ time, set }) => datapoint(time, set, input.Statistics)),
      }),
    ),
    ListMetrics: define(
      z.object({
        Namespace: z.string().optional(),
        MetricName: z.string().optional(),
        Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
        NextToken: z.string().optional(),
        RecentlyActive: z.literal('PT3H').optional(),
      }),
      anything('ListMetrics'),
      (input) => ({
        Metrics: metrics
          .list()
          .filter((id) => input.Namespace === undefined || id.namespace === input.Namespace)
          .filter((id) => input.MetricName === undefined || id.name === input.MetricName)
          .filter((id) =>
            input.Dimensions.every(
              ({ Name, Value }) => Name in id.dimensions && (Value === undefined || id.dimensions[Name] === Value),
            ),
          )
          .map(listed),
      }),
    ),
  };
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
