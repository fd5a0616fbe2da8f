import { z } from 'zod';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import { jsonErrors } from '../../../../local/service';
import { cloudwatch } from '../../../../local/services/cloudwatch';
import { runUntil } from '../../../../local/simulation';

export const topic = 'arn:aws:sns:eu-west-1:000000000000:alarms';
/** The metric that the alarm watches. */
export const depth = {
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'dlq' },
};
/** Where the runtime's clock begins, in milliseconds. */
export const start = Date.UTC(2026, 0, 1);

/** Arguments of the alarm: one message in the dead-letter queue for one minute. */
export const settings = {
  alarm_name: 'dead-letters',
  namespace: depth.namespace,
  metric_name: depth.name,
  dimensions: depth.dimensions,
  statistic: 'Maximum',
  period: 60,
  evaluation_periods: 1,
  threshold: 1,
  comparison_operator: 'GreaterThanOrEqualToThreshold',
  treat_missing_data: 'notBreaching',
  alarm_actions: [topic],
  ok_actions: [topic],
};

interface Published {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
}

/** A runtime with CloudWatch and a topic that records what is published; `begin` in milliseconds. */
export function setUp(begin?: number) {
  const clock = simulatedClock(begin);
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-west-1' });
  const published: Published[] = [];
  runtime.register({
    name: 'sns',
    errors: jsonErrors,
    resources: {},
    operations: {
      Publish: {
        input: z.custom<Published>(),
        permissions: (input: Published) => [{ action: 'sns:Publish', resource: input.TopicArn }],
        run: (input: Published) => published.push(input),
      },
    },
  });
  const service = cloudwatch(runtime);
  runtime.register(service);
  runtime.iam.setResourcePolicy(topic, {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: topic,
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:*' } },
      },
    ],
  });
  const alarm = async (changes: object = {}) => {
    const type = service.resources['aws_cloudwatch_metric_alarm']!;
    const checked: unknown = type.arguments.parse({ ...settings, ...changes });
    return type.create({
      address: 'core/a',
      stack: 'core',
      type: 'aws_cloudwatch_metric_alarm',
      name: 'a',
      arguments: checked,
    });
  };
  const ask = (operation: string, input: object) =>
    runtime.call({ service: 'cloudwatch', operation, input, principal: runtime.administrator });
  const minutes = async (count: number) => {
    const end = clock.now() + count * 60_000;
    await runUntil(runtime, clock, () => false, count * 60_000);
    clock.moveTo(end);
    await runtime.idle();
  };
  const state = async (): Promise<string> => (await ask('DescribeAlarms', {})).MetricAlarms[0].StateValue;
  return { clock, runtime, published, alarm, ask, minutes, state };
}
