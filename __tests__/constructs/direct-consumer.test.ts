import { DirectConsumer } from '../../constructs/direct-consumer';
import { consumerStack } from './consumers';
import { statementsOf } from './stack';

const { stack, encryptionKey, alarmTopic, handler, rule, synthesized } = consumerStack();
new DirectConsumer(stack, 'it', { name: 'work', rule, function: handler, encryptionKey, alarmTopic });
const it = synthesized();

test('the rule invokes the function, tries for a while, then dead-letters the event', () => {
  expect(it.one('aws_cloudwatch_event_target')).toMatchObject({
    arn: expect.stringMatching(/^\$\{aws_lambda_function\.\w+\.arn\}$/),
    target_id: 'work',
    retry_policy: { maximum_retry_attempts: 4, maximum_event_age_in_seconds: 400 },
    dead_letter_config: { arn: expect.stringMatching(/^\$\{aws_sqs_queue\.rule_dead-letters/) },
  });
});

test('this rule may invoke the function, and no other', () => {
  expect(it.one('aws_lambda_permission')).toMatchObject({
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    source_arn: expect.stringMatching(/:rule\/.*\/outbox-dev-made$/),
  });
});

test('what the function fails with is tried twice again, then kept in a queue of its own', () => {
  expect(it.one('aws_lambda_function_event_invoke_config')).toMatchObject({
    maximum_retry_attempts: 2,
    maximum_event_age_in_seconds: 3600,
    destination_config: {
      on_failure: { destination: expect.stringMatching(/^\$\{aws_sqs_queue\.it_dead-letters\w+\.arn\}$/) },
    },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.function_role/)],
  });
  const queue = it.one('aws_sqs_queue', 'it_dead-letters');
  expect(queue.name).toBe('outbox-dev-work-dlq');
  expect(Object.keys(statementsOf(queue.policy))).toEqual(['TlsOnly']);
});

test('the role of the function may send there, encrypted, and an alarm watches it', () => {
  const statements = statementsOf(it.one('aws_iam_role_policy').policy);
  expect(statements).toMatchObject({
    SendToQueue: { Resource: expect.stringMatching(/^\$\{aws_sqs_queue\.it_dead-letters/) },
    EncryptInSqs: { Action: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  });
  expect(it.one('aws_cloudwatch_metric_alarm', 'it_').dimensions).toEqual({
    QueueName: expect.stringMatching(/^\$\{aws_sqs_queue\.it_dead-letters\w+\.name\}$/),
  });
});
