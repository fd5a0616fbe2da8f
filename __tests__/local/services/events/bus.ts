import { z } from 'zod';
import type { AwsError } from '../../../../local/aws-error';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { type Metric, Runtime } from '../../../../local/runtime';
import { jsonErrors, type Service } from '../../../../local/service';
import { events } from '../../../../local/services/events';
import { runUntil } from '../../../../local/simulation';

export const account = '000000000000';
export const busArn = `arn:aws:events:eu-west-1:${account}:event-bus/orders`;
export const ruleArn = `arn:aws:events:eu-west-1:${account}:rule/orders/created`;
export const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:${account}:${name}`;

/** What a queue received; `time` in milliseconds. */
interface Message {
  readonly queue: string;
  readonly body: string;
  readonly attributes: Record<string, string>;
  readonly group: string | undefined;
  readonly principal: unknown;
  readonly parents: readonly number[];
  readonly time: number;
}

const sendInput = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string().min(1),
  MessageAttributes: z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string() })).optional(),
  MessageGroupId: z.string().optional(),
});

/** A queue service that records what it receives and fails as told. */
function recordingQueues(runtime: Runtime, messages: Message[], failures: Map<string, AwsError>): Service {
  return {
    name: 'sqs',
    resources: {},
    errors: { ...jsonErrors, accessDenied: { code: 'AccessDenied', status: 403 } },
    operations: {
      SendMessage: {
        input: sendInput,
        permissions: (input: z.output<typeof sendInput>) => [
          { action: 'sqs:SendMessage', resource: queueArn(input.QueueUrl.split('/').at(-1)!) },
        ],
        run(input: z.output<typeof sendInput>, call) {
          const queue = input.QueueUrl.replace(`${runtime.endpoint}/${account}/`, '');
          const failure = failures.get(queue);
          if (failure) throw failure;
          call.record({ resource: queueArn(queue), summary: 'message' });
          const attributes = Object.entries(input.MessageAttributes ?? {}).map(([name, { StringValue: v }]) => [
            name,
            v,
          ]);
          messages.push({
            queue,
            body: input.MessageBody,
            attributes: Object.fromEntries(attributes),
            group: input.MessageGroupId,
            principal: call.principal,
            parents: call.parents,
            time: runtime.clock.now(),
          });
          return {};
        },
      },
    },
  };
}

/** A runtime with EventBridge, and queues that record what they receive: `queue`, `other`, `dlq` and `queue.fifo`. */
export function setUp() {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-west-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const messages: Message[] = [];
  const failures = new Map<string, AwsError>();
  const metrics: Metric[] = [];
  runtime.onMetric((metric) => metrics.push(metric));
  for (const name of ['queue', 'other', 'dlq', 'queue.fifo']) allowService(runtime, queueArn(name));
  runtime.register(recordingQueues(runtime, messages, failures));
  runtime.register({ name: 'sts', operations: {}, resources: {}, errors: jsonErrors });
  const service = events(runtime);
  runtime.register(service);

  const create = async (type: string, settings: object) => {
    const resource = service.resources[type]!;
    return resource.create({
      address: `stack/${type}.it`,
      stack: 'stack',
      type,
      name: 'it',
      arguments: resource.arguments.parse(settings),
    });
  };
  const call = (operation: string, input: object) =>
    runtime.call({ service: 'events', operation, input, principal: runtime.administrator });
  const put = (...entries: object[]) => call('PutEvents', { Entries: entries });
  const settle = () => runUntil(runtime, clock, () => false, 10);
  const hops = (operation: string) => runtime.timeline.hops.filter((hop) => hop.operation === operation);
  const named = (name: string) => metrics.filter((metric) => metric.name === name);
  return { clock, runtime, service, messages, failures, create, call, put, settle, hops, named };
}

function allowService(runtime: Runtime, resource: string): void {
  runtime.iam.setResourcePolicy(resource, {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: resource,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ],
  });
}

type Setup = ReturnType<typeof setUp>;

/** The bus `orders` with the rule `created` and one target, the queue; `target` goes over its arguments. */
export async function withRule(target: object = {}, pattern: object = { source: ['order.event'] }): Promise<Setup> {
  const all = setUp();
  await all.create('aws_cloudwatch_event_bus', { name: 'orders' });
  await all.create('aws_cloudwatch_event_rule', {
    name: 'created',
    event_bus_name: 'orders',
    event_pattern: JSON.stringify(pattern),
  });
  await all.create('aws_cloudwatch_event_target', {
    rule: 'created',
    event_bus_name: 'orders',
    target_id: 'queue',
    arn: queueArn('queue'),
    ...target,
  });
  return all;
}

/** An entry of `PutEvents` that the rule matches; `more` goes over it. */
export function order(id: number, more: object = {}): object {
  return {
    EventBusName: 'orders',
    Source: 'order.event',
    DetailType: 'OrderDetailsChanged',
    Detail: JSON.stringify({ id, name: 'a "quoted" name' }),
    ...more,
  };
}

/** 400 seconds or four attempts. */
export const retryPolicy = { maximum_event_age_in_seconds: 400, maximum_retry_attempts: 4 };
/** Arguments of a target whose dead letters go to `dlq`. */
export const withDlq = { dead_letter_config: { arn: queueArn('dlq') } };
