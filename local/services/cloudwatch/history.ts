import { z } from 'zod';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import { paginate } from '../pages';
import type { Alarm } from './alarm';
import { refused, timestamp } from './operation';

/** Entries that are kept of an alarm; the oldest go first. AWS keeps 30 days. */
const kept = 1000;

/** Something that happened to an alarm. */
export interface HistoryItem {
  /** In epoch milliseconds. */
  readonly time: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  readonly data: object;
}

/** What happened to an alarm, oldest first. */
export class History {
  readonly items: HistoryItem[] = [];

  add(item: HistoryItem): void {
    this.items.push(item);
    if (this.items.length > kept) this.items.shift();
  }
}

const input = z.object({
  AlarmName: z.string().min(1).max(255).optional(),
  AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).default(['MetricAlarm']),
  HistoryItemType: z.enum(['ConfigurationUpdate', 'StateUpdate', 'Action']).optional(),
  StartDate: timestamp.optional(),
  EndDate: timestamp.optional(),
  MaxRecords: z.int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  AlarmContributorId: refused('AlarmContributorId'),
});

/** `DescribeAlarmHistory`. */
export function describeAlarmHistory(
  runtime: Runtime,
  alarms: ReadonlyMap<string, Alarm>,
): Operation<z.output<typeof input>> {
  return {
    input,
    permissions: ({ AlarmName: name = '*' }) => [
      { action: 'cloudwatch:DescribeAlarmHistory', resource: runtime.arn('cloudwatch', `alarm:${name}`) },
    ],
    run(request) {
      const { StartDate: start = 0, EndDate: end = Number.POSITIVE_INFINITY, HistoryItemType: type } = request;
      const found = [...alarms.values()]
        .filter(({ settings }) => request.AlarmName === undefined || settings.alarm_name === request.AlarmName)
        .filter(() => request.AlarmTypes.includes('MetricAlarm'))
        .flatMap(({ settings, history }) => history.items.map((item) => ({ name: settings.alarm_name, item })))
        .filter(({ item }) => item.time >= start && item.time <= end && (type === undefined || item.type === type))
        .sort((a, b) => a.item.time - b.item.time);
      if (request.ScanBy === 'TimestampDescending') found.reverse();
      const { items, next } = paginate(found, request.MaxRecords, request.NextToken, 'InvalidNextToken');
      return { AlarmHistoryItems: items.map(shown), ...(next !== undefined && { NextToken: next }) };
    },
  };
}

function shown({ name, item }: { readonly name: string; readonly item: HistoryItem }) {
  return {
    AlarmName: name,
    AlarmType: 'MetricAlarm',
    Timestamp: new Date(item.time),
    HistoryItemType: item.type,
    HistorySummary: item.summary,
    HistoryData: JSON.stringify({ version: '1.0', ...item.data }),
  };
}
