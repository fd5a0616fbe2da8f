import { AlarmTopic } from '../../constructs/alarm-topic';
import { EventBus } from '../../constructs/event-bus';
import { NodeFunction } from '../../constructs/node-function';
import { busTarget } from '../../constructs/pipe-target';
import { Queue } from '../../constructs/queue';
import { pipeVisibility, QueuePipe } from '../../constructs/queue-pipe';
import { encryptedStack, statementsOf } from './stack';

const { stack, encryptionKey, synthesized } = encryptedStack();
const alarmTopic = new AlarmTopic(stack, 'alarms', { name: 'alarms', encryptionKey });
const entry = 'lambdas/claim-check/store-payload.ts';
new QueuePipe(stack, 'it', {
  name: 'things',
  queue: new Queue(stack, 'queue', { name: 'things', encryptionKey, maxReceiveCount: 5 }),
  batchSize: 3,
  enrichment: new NodeFunction(stack, 'work', { name: 'work', entry, timeout: 30, encryptionKey }),
  target: busTarget(new EventBus(stack, 'bus', { name: 'events', archiveDays: 1 })),
  encryptionKey,
  alarmTopic,
});
const it = synthesized();

test('takes messages off the queue, has the function enrich them and delivers them, once it may', () => {
  const { '//': _, ...pipe } = it.one('aws_pipes_pipe');
  expect(pipe).toEqual({
    name: 'outbox-dev-things',
    role_arn: expect.stringMatching(/^\$\{aws_iam_role\.it_role\w+\.arn\}$/),
    source: expect.stringMatching(/^\$\{aws_sqs_queue\.queue_\w+\.arn\}$/),
    source_parameters: { sqs_queue_parameters: { batch_size: 3 } },
    enrichment: expect.stringMatching(/^\$\{aws_lambda_function\.work_function\w+\.arn\}$/),
    target: expect.stringMatching(/^\$\{aws_cloudwatch_event_bus\.\w+\.arn\}$/),
    target_parameters: {
      eventbridge_event_bus_parameters: { source: '$.metadata.source', detail_type: '$.metadata.type' },
    },
    log_configuration: {
      level: 'ERROR',
      cloudwatch_logs_log_destination: {
        log_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.it_logs\w+\.arn\}$/),
      },
    },
    depends_on: [
      expect.stringMatching(/^aws_iam_role_policy\.it_role/),
      expect.stringMatching(/^aws_cloudwatch_log_resource_policy\.it_logs_delivery/),
    ],
  });
});

test('its role is its own, and may consume, invoke and deliver', () => {
  const [trust] = Object.values(statementsOf(it.one('aws_iam_role', 'it_role').assume_role_policy));
  expect(trust).toMatchObject({
    Principal: { Service: 'pipes.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': expect.stringMatching(/:pipes:.*:pipe\/outbox-dev-things$/) } },
  });
  expect(Object.keys(statementsOf(it.one('aws_iam_role_policy', 'it_role').policy))).toEqual([
    'ConsumeQueue',
    'DecryptInSqs',
    'InvokeFunction',
    'PutEvents',
  ]);
});

test('alarms watch the pipe, the queue and its dead letters', () => {
  const watched = Object.values(it.all('aws_cloudwatch_metric_alarm')).map(({ alarm_name }) => String(alarm_name));
  expect(watched.sort()).toEqual([
    'outbox-dev-things-ApproximateAgeOfOldestMessage',
    'outbox-dev-things-dlq-ApproximateNumberOfMessagesVisible',
    'outbox-dev-things-pipe-ExecutionFailed',
  ]);
});

test.each([
  [10, 300],
  [50, 300],
  [60, 360],
])('messages stay hidden as long as a pipe works, and six times the %i s of its function', (timeout, seconds) => {
  expect(pipeVisibility(timeout)).toBe(seconds);
});
