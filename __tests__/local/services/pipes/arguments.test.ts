import { pipeArguments } from '../../../../local/services/pipes/arguments';
import { bus, queue, role, stream } from './harness';

const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:enrich';
const machineArn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:work';

const filters = (count: number, pattern = '{"eventName":["INSERT"]}') => ({
  filter_criteria: { filter: Array.from({ length: count }, () => ({ pattern })) },
});

function check(stream_parameters: object = {}, source: object = {}, rest: object = {}) {
  const result = pipeArguments.safeParse({
    name: 'orders',
    role_arn: role,
    source: stream,
    target: bus,
    source_parameters: {
      dynamodb_stream_parameters: { starting_position: 'TRIM_HORIZON', batch_size: 10, ...stream_parameters },
      ...source,
    },
    ...rest,
  });
  return result.success ? undefined : result.error.issues.map((issue) => issue.message).join('; ');
}

test('what the stacks use is taken', () => {
  const problems = check(
    {
      maximum_batching_window_in_seconds: 1,
      maximum_record_age_in_seconds: 3600,
      maximum_retry_attempts: 5,
      parallelization_factor: 10,
      on_partial_batch_item_failure: 'AUTOMATIC_BISECT',
      dead_letter_config: [{ arn: queue }],
    },
    filters(5),
    {
      description: 'stream to bus',
      kms_key_identifier: 'arn:aws:kms:eu-west-1:000000000000:key/k',
      desired_state: 'RUNNING',
      target_parameters: [
        { eventbridge_event_bus_parameters: [{ source: 'shop', detail_type: '$.dynamodb.NewImage.a-b.L[0].S' }] },
      ],
      log_configuration: [
        {
          level: 'ERROR',
          cloudwatch_logs_log_destination: [
            { log_group_arn: 'arn:aws:logs:eu-west-1:000000000000:log-group:/aws/vendedlogs/pipes/orders' },
          ],
        },
      ],
      tags: { project: 'outbox' },
    },
  );
  expect(problems).toBeUndefined();
});

test.each([
  [{ batch_size: 11 }, /at most 10 events at once, got a batch_size of 11/],
  [{ batch_size: undefined }, /batch_size/],
  [{ batch_size: 0 }, /batch_size must be 1 to 10000, got 0/],
  [{ maximum_batching_window_in_seconds: 301 }, /must be 0 to 300, got 301/],
  [
    { maximum_batching_window_in_seconds: 60, maximum_record_age_in_seconds: 60 },
    /must be less than the maximum record age/,
  ],
  [{ maximum_record_age_in_seconds: 0 }, /-1 or 60 to 604800, got 0/],
  [{ maximum_record_age_in_seconds: 59 }, /-1 or 60 to 604800, got 59/],
  [{ maximum_record_age_in_seconds: 604_801 }, /got 604801/],
  [{ maximum_retry_attempts: 0 }, /the Terraform provider leaves 0 out/],
  [{ maximum_retry_attempts: 10_001 }, /-1 or 1 to 10000/],
  [{ parallelization_factor: 11 }, /must be 1 to 10, got 11/],
  [{ on_partial_batch_item_failure: 'NONE' }, /AUTOMATIC_BISECT/],
  [{ starting_position: 'AT_TIMESTAMP' }, /TRIM_HORIZON/],
  [{ dead_letter_config: { arn: 'arn:aws:sns:eu-west-1:000000000000:topic' } }, /standard SQS queue/],
  [{ dead_letter_config: { arn: `${queue}.fifo` } }, /standard SQS queue/],
  [{ unknown: 1 }, /unknown/i],
])('stream parameters %j are refused', (parameters, message) => {
  expect(check(parameters)).toMatch(message);
});

test.each([
  [filters(6), /at most 5 filters, got 6/],
  [filters(1, 'x'.repeat(4097)), /1 to 4096 characters, got 4097/],
  [{ sqs_queue_parameters: { batch_size: 1 } }, /for queues, not for streams/],
  [{ kinesis_stream_parameters: {} }, /a Kinesis source is not modelled/],
])('source parameters %# are refused', (source, message) => {
  expect(check({}, source)).toMatch(message);
});

test.each([
  [{ name: 'a b' }, /name must be/],
  [{ source: `${queue}.fifo` }, /DynamoDB stream or a standard SQS queue/],
  [{ target: queue }, /event bus/],
  [{ target: bus.replace('eu-west-1', 'us-east-1') }, /one account and region/],
  [{ enrichment: role }, /must be the ARN of a Lambda function/],
  [{ enrichment: `${functionArn}:live` }, /without version or alias/],
  [{ enrichment: functionArn.replace('eu-west-1', 'us-east-1') }, /one account and region/],
  [{ enrichment_parameters: { input_template: '' } }, /enrichment_parameters is not modelled/],
  [{ desired_state: 'PAUSED' }, /RUNNING/],
  [{ target_parameters: { input_template: '{}' } }, /input_template is not modelled/],
  [{ target_parameters: { eventbridge_event_bus_parameters: { source: 'aws.orders' } } }, /reserved/],
  [{ target_parameters: { eventbridge_event_bus_parameters: { detail_type: '$.a[*]' } } }, /path to one value/],
  [
    { target_parameters: { eventbridge_event_bus_parameters: { detail_type: 'x'.repeat(129) } } },
    /1 to 128 characters/,
  ],
  [{ target_parameters: { eventbridge_event_bus_parameters: { time: 'now' } } }, /JSON path/],
  [{ target_parameters: { eventbridge_event_bus_parameters: { endpoint_id: 'x' } } }, /endpoint_id is not modelled/],
  [{ log_configuration: { level: 'INFO' } }, /needs a log destination/],
  [{ log_configuration: { level: 'INFO', s3_log_destination: {} } }, /s3_log_destination is not modelled/],
])('%j is refused', (rest, message) => {
  expect(check({}, {}, rest)).toMatch(message);
});

/** What is wrong with a pipe from a queue to a state machine. */
function checkQueue(given: object = {}) {
  const machine = { step_function_state_machine_parameters: [{ invocation_type: 'FIRE_AND_FORGET' }] };
  const standard = { name: 'work', role_arn: role, source: queue, target: machineArn, target_parameters: [machine] };
  const result = pipeArguments.safeParse({ ...standard, ...given });
  return result.success ? undefined : result.error.issues.map((issue) => issue.message).join('; ');
}

const queueParameters = (given: object) => ({ source_parameters: [{ sqs_queue_parameters: [given] }] });
const machineParameters = (invocation_type: string) => ({
  target_parameters: { step_function_state_machine_parameters: { invocation_type } },
});

test('a pipe from a queue by way of a function to a state machine is taken', () => {
  expect(checkQueue()).toBeUndefined();
  const parameters = { batch_size: 100, maximum_batching_window_in_seconds: 1 };
  expect(checkQueue({ enrichment: functionArn, ...queueParameters(parameters) })).toBeUndefined();
});

test.each([
  [queueParameters({ batch_size: 11 }), /batch_size of 11 is over 10 and needs a batching window/],
  [queueParameters({ batch_size: 10_001 }), /batch_size must be 1 to 10000, got 10001/],
  [queueParameters({ maximum_batching_window_in_seconds: 301 }), /must be 0 to 300, got 301/],
  [queueParameters({ maximum_retry_attempts: 1 }), /maximum_retry_attempts/],
  [
    { ...queueParameters({ batch_size: 11, maximum_batching_window_in_seconds: 1 }), target: bus },
    /at most 10 events at once, got a batch_size of 11/,
  ],
  [
    { source_parameters: { dynamodb_stream_parameters: { starting_position: 'LATEST', batch_size: 1 } } },
    /for streams, not for queues/,
  ],
  [{ source: stream }, /dynamodb_stream_parameters are required/],
  [{ target_parameters: undefined }, /needs invocation_type FIRE_AND_FORGET, and REQUEST_RESPONSE is the default/],
  [machineParameters('REQUEST_RESPONSE'), /FIRE_AND_FORGET, got REQUEST_RESPONSE: .*only Express/],
  [{ ...machineParameters('FIRE_AND_FORGET'), target: bus }, /for state machines, not for buses/],
  [{ target: functionArn }, /event bus or a state machine/],
])('%j is refused of a queue', (given, message) => {
  expect(checkQueue(given)).toMatch(message);
});
