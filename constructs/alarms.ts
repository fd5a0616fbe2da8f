import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { AlarmTopic } from './alarm-topic';
import { actions } from './grants';
import type { Queue } from './queue';
import type { ServiceRole } from './service-role';

interface AlarmKind {
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: 'Maximum' | 'Sum';
  /** The alarm goes off at this value or above. */
  readonly threshold: number;
  /** Minutes in a row at or above the threshold. */
  readonly minutes: number;
  /** `ignore` keeps the state while nothing is measured. @default notBreaching */
  readonly treatMissingData?: 'ignore';
  readonly description: string;
}

/** What is watched, and what it means when it goes off. */
const kinds = {
  deadLetters: {
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    threshold: 1,
    minutes: 1,
    description: 'Messages wait in a dead-letter queue: see "Dead letters" in docs/operations.md',
  },
  backlog: {
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    statistic: 'Maximum',
    threshold: 300,
    minutes: 3,
    description: 'A consumer lags by five minutes or more: see "A consumer lags" in docs/operations.md',
  },
  pipeFailures: {
    namespace: 'AWS/EventBridge/Pipes',
    metric: 'ExecutionFailed',
    statistic: 'Sum',
    threshold: 1,
    minutes: 5,
    description: 'The pipe keeps failing: see "The pipe fails" in docs/operations.md',
  },
  failedRecords: {
    namespace: 'AWS/Lambda',
    metric: 'OnFailureDestinationDeliveredEventCount',
    statistic: 'Sum',
    threshold: 1,
    minutes: 1,
    description: 'Changes of a table could not be processed: see "Failed changes" in docs/operations.md',
  },
  lostRecords: {
    namespace: 'AWS/Lambda',
    metric: 'DroppedEventCount',
    statistic: 'Sum',
    threshold: 1,
    minutes: 1,
    description: 'Changes of a table failed and could not be kept: see "Failed changes" in docs/operations.md',
  },
  streamLag: {
    namespace: 'AWS/Lambda',
    metric: 'IteratorAge',
    statistic: 'Maximum',
    threshold: 300_000,
    minutes: 3,
    description: 'Changes of a table wait for five minutes or more: see "A consumer lags" in docs/operations.md',
  },
  sendFailures: {
    namespace: 'Outbox',
    metric: 'SendFailed',
    statistic: 'Sum',
    threshold: 3,
    minutes: 1,
    description: 'Messages cannot be sent, the breaker is open: see "The breaker is open" in docs/operations.md',
  },
  abandoned: {
    namespace: 'Outbox',
    metric: 'Abandoned',
    statistic: 'Maximum',
    threshold: 1,
    minutes: 1,
    treatMissingData: 'ignore',
    description: 'Messages were given up and wait for a person: see "Abandoned messages" in docs/operations.md',
  },
  timedOutExecutions: {
    namespace: 'AWS/States',
    metric: 'ExecutionsTimedOut',
    statistic: 'Sum',
    threshold: 1,
    minutes: 1,
    description: 'Executions could not write what became of them: see "Executions time out" in docs/operations.md',
  },
  failedExecutions: {
    namespace: 'AWS/States',
    metric: 'ExecutionsFailed',
    statistic: 'Sum',
    threshold: 1,
    minutes: 1,
    description: 'Executions failed: see "Executions fail" in docs/operations.md',
  },
  serverErrors: {
    namespace: 'AWS/ApiGateway',
    metric: '5XXError',
    statistic: 'Sum',
    threshold: 1,
    minutes: 1,
    description: 'The API answered with a server error: see "The API fails" in docs/operations.md',
  },
} as const satisfies Record<string, AlarmKind>;

/**
 * Adds an alarm that mails through the topic when it goes off and when it is over.
 *
 * @param name what the alarm watches, without project and environment
 * @param dimensions of the metric
 * @returns the alarm's whole name
 */
export function alarm(
  scope: Construct,
  kind: keyof typeof kinds,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  topic: AlarmTopic,
): string {
  const watched: AlarmKind = kinds[kind];
  const { namespace, metric, statistic, threshold, minutes, treatMissingData = 'notBreaching', description } = watched;
  return new CloudwatchMetricAlarm(scope, `${kind}-alarm`, {
    alarmName: BaseStack.of(scope).nameOf(`${name}-${metric}`),
    alarmDescription: description,
    namespace,
    metricName: metric,
    dimensions: { ...dimensions },
    statistic,
    period: 60,
    evaluationPeriods: minutes,
    threshold,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    treatMissingData,
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  }).alarmName;
}

/** Goes off as soon as a message waits in a dead-letter queue. */
export function alarmOnDeadLetters(queue: Queue, name: string, topic: AlarmTopic): void {
  alarm(queue, 'deadLetters', name, { QueueName: queue.name }, topic);
}

/** Goes off when the oldest message of a queue waits for minutes. */
export function alarmOnBacklog(queue: Queue, name: string, topic: AlarmTopic): void {
  alarm(queue, 'backlog', name, { QueueName: queue.name }, topic);
}

/** Lets a role read the states of alarms. */
export function grantDescribeAlarms(role: ServiceRole): void {
  const Resource = BaseStack.of(role).arnOf('cloudwatch', 'alarm:*');
  role.allow({ Sid: 'DescribeAlarms', Action: actions.alarm.describe, Resource });
}
