import { Schedule } from '../../constructs/schedule';
import { consumerStack } from './consumers';
import { statementsOf } from './stack';

function schedule(rateMinutes = 5) {
  const { stack, encryptionKey, alarmTopic, handler, synthesized } = consumerStack();
  new Schedule(stack, 'it', { name: 'again', function: handler, rateMinutes, encryptionKey, alarmTopic });
  return synthesized();
}
const it = schedule();
const deadLetters = expect.stringMatching(/^\$\{aws_sqs_queue\.it_dead-letters\w+\.arn\}$/);

test('invokes the function at a rate, tries until the next run is due, then dead-letters', () => {
  expect(it.one('aws_scheduler_schedule')).toMatchObject({
    name: 'outbox-dev-again',
    group_name: expect.stringMatching(/^\$\{aws_scheduler_schedule_group\.\w+\.name\}$/),
    schedule_expression: 'rate(5 minutes)',
    flexible_time_window: { mode: 'FLEXIBLE', maximum_window_in_minutes: 1 },
    target: {
      arn: expect.stringMatching(/^\$\{aws_lambda_function\.\w+\.arn\}$/),
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.it_role\w+\.arn\}$/),
      retry_policy: { maximum_event_age_in_seconds: 300, maximum_retry_attempts: 5 },
      dead_letter_config: { arn: deadLetters },
    },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.it_role/)],
  });
});

test('what the function fails with is tried again and kept there too', () => {
  expect(it.one('aws_lambda_function_event_invoke_config')).toMatchObject({
    maximum_retry_attempts: 2,
    maximum_event_age_in_seconds: 300,
    destination_config: { on_failure: { destination: deadLetters } },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.function_role/)],
  });
  const policy = statementsOf(it.one('aws_iam_role_policy', 'function_role').policy);
  expect(policy).toMatchObject({ SendToQueue: { Resource: deadLetters }, EncryptInSqs: {} });
});

test('keeps within the limits of AWS at both ends', () => {
  const minute = schedule(1);
  expect(minute.one('aws_scheduler_schedule')).toMatchObject({
    schedule_expression: 'rate(1 minute)',
    target: { retry_policy: { maximum_event_age_in_seconds: 60 } },
  });
  expect(minute.one('aws_lambda_function_event_invoke_config').maximum_event_age_in_seconds).toBe(60);
  const day = schedule(1440);
  expect(day.one('aws_scheduler_schedule').target.retry_policy.maximum_event_age_in_seconds).toBe(86_400);
  expect(day.one('aws_lambda_function_event_invoke_config').maximum_event_age_in_seconds).toBe(21_600);
});

test('its role serves schedules of its group in this account, and may invoke the function and dead-letter, no more', () => {
  const [trust] = Object.values(statementsOf(it.one('aws_iam_role', 'it_role').assume_role_policy));
  expect(trust).toMatchObject({
    Principal: { Service: 'scheduler.amazonaws.com' },
    Condition: {
      ArnEquals: { 'aws:SourceArn': expect.stringMatching(/^\$\{aws_scheduler_schedule_group\.\w+\.arn\}$/) },
      StringEquals: { 'aws:SourceAccount': expect.stringContaining('account_id') },
    },
  });
  const statements = statementsOf(it.one('aws_iam_role_policy', 'it_role').policy);
  expect(Object.keys(statements)).toEqual(['InvokeFunction', 'SendToQueue', 'EncryptInSqs']);
  expect(statements.InvokeFunction).toMatchObject({
    Action: ['lambda:InvokeFunction'],
    Resource: expect.stringMatching(/^\$\{aws_lambda_function\.\w+\.arn\}$/),
  });
});

test('an alarm watches what was not run', () => {
  expect(it.one('aws_cloudwatch_metric_alarm', 'it_').dimensions).toEqual({
    QueueName: expect.stringMatching(/^\$\{aws_sqs_queue\.it_dead-letters\w+\.name\}$/),
  });
});
