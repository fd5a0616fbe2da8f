import { serviceFixture } from '../stream-fixture';

let fixture: Awaited<ReturnType<typeof serviceFixture>>;
beforeEach(async () => {
  fixture = await serviceFixture();
});
afterEach(async () => fixture.close());

const failing = `export const handler = async () => { throw new Error('poison'); };`;
const answering = 'export const handler = async ({ n }) => ({ doubled: n * 2 });';
const config = (given: object = {}) =>
  fixture.create('aws_lambda_function_event_invoke_config', 'f', { function_name: 'f', ...given });
const onFailure = (destination: string) => ({ destination_config: { on_failure: { destination } } });
const send = async (event: object = { n: 2 }) =>
  fixture.call('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: JSON.stringify(event) });
const body = async (queue: string) => JSON.parse((await fixture.messages(queue))[0].Body);
const times = () => fixture.starts('f').map((hop) => hop.time - Date.UTC(2026, 0, 1));

test('without configuration: two retries, a minute and two minutes later', async () => {
  await fixture.addFunction('f', failing);
  await fixture.runtime.start();
  await send();
  await fixture.pass(3_600_000);
  expect(times()).toEqual([0, 60_000, 180_000]);
  expect(fixture.total('AsyncEventsReceived')).toBe(1);
  expect(fixture.total('AsyncEventsDropped')).toBe(1);
});

test('what failed for good goes to the destination, with event and answer', async () => {
  const { arn } = await fixture.addFunction('f', failing);
  await config(onFailure(await fixture.queue('failures')));
  await fixture.runtime.start();
  await send();
  await fixture.pass(3_600_000);
  const [start] = fixture.starts('f');
  expect(await body('failures')).toEqual({
    version: '1.0',
    timestamp: '2026-01-01T00:03:00.000Z',
    requestContext: {
      requestId: start!.data!['requestId'],
      functionArn: `${arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { n: 2 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: expect.objectContaining({ errorType: 'Error', errorMessage: 'poison' }),
  });
});

test('what succeeded goes to its destination', async () => {
  await fixture.addFunction('f', answering);
  await config({ destination_config: { on_success: { destination: await fixture.queue('done') } } });
  await fixture.runtime.start();
  await send();
  await fixture.runtime.idle();
  expect(await body('done')).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    requestPayload: { n: 2 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { doubled: 4 },
  });
});

test('no retries and a short age, as configured', async () => {
  await fixture.addFunction('f', failing);
  await config({ maximum_retry_attempts: 0, ...onFailure(await fixture.queue('failures')) });
  await fixture.runtime.start();
  await send();
  await fixture.pass(3_600_000);
  expect(times()).toEqual([0]);
  expect((await body('failures')).requestContext.approximateInvokeCount).toBe(1);
});

test('an event older than allowed is not tried again', async () => {
  await fixture.addFunction('f', failing);
  await config({ maximum_event_age_in_seconds: 100, ...onFailure(await fixture.queue('failures')) });
  await fixture.runtime.start();
  await send();
  await fixture.pass(3_600_000);
  expect(times()).toEqual([0, 60_000]);
  expect(await body('failures')).toMatchObject({
    timestamp: '2026-01-01T00:01:40.000Z',
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 },
  });
});

test('a function without concurrency gets no retries', async () => {
  await fixture.addFunction('f', answering, { reserved_concurrent_executions: 0 });
  await config(onFailure(await fixture.queue('failures')));
  await fixture.runtime.start();
  await send();
  await fixture.runtime.idle();
  const record = await body('failures');
  expect(record.requestContext.approximateInvokeCount).toBe(0);
  expect(record).not.toHaveProperty('responsePayload');
});

test('a bucket keeps the record under the name of the function, if the role may also list it', async () => {
  await fixture.addFunction('f', failing);
  await fixture.create('aws_s3_bucket', 'failures', { bucket: 'failures' });
  await config({ maximum_retry_attempts: 0, ...onFailure('arn:aws:s3:::failures') });
  await fixture.runtime.start();
  await send();
  await fixture.runtime.idle();
  const { Contents } = await fixture.call('s3', 'ListObjectsV2', { Bucket: 'failures' });
  expect(Contents[0].Key).toMatch(/^aws\/lambda\/async\/f\/2026\/01\/01\/2026-01-01T00\.00\.00-[0-9a-f-]{36}$/);
  fixture.allow('logs:*', 's3:PutObject');
  await send();
  await fixture.runtime.idle();
  expect(fixture.total('DestinationDeliveryFailures')).toBe(1);
});

test('a bus gets the record as an event, a function as its event', async () => {
  const { arn } = await fixture.addFunction('f', answering);
  const { arn: other } = await fixture.addFunction(
    'other',
    'export const handler = async (event) => console.log(event);',
  );
  const { arn: bus } = await fixture.create('aws_cloudwatch_event_bus', 'results', { name: 'results' });
  await config({ destination_config: { on_success: { destination: bus } } });
  await fixture.create('aws_lambda_function_event_invoke_config', 'other', {
    function_name: 'other',
    destination_config: { on_success: { destination: arn } },
  });
  await fixture.runtime.start();
  await fixture.call('lambda', 'Invoke', { FunctionName: other, InvocationType: 'Event', Payload: '{}' });
  await fixture.runtime.idle();
  const put = fixture.runtime.timeline.hops.find((hop) => hop.operation === 'PutEvents');
  expect(put!.data!['event']).toMatchObject({
    source: 'lambda',
    'detail-type': 'Lambda Function Invocation Result - Success',
    resources: [bus, `${arn}:$LATEST`],
    detail: { requestPayload: { requestContext: { condition: 'Success' } } },
  });
  const first = fixture.runtime.timeline.hops.find((hop) => hop.operation === 'Invoke');
  expect(fixture.runtime.timeline.descendants(first!.id)).toContain(put);
});

test('the dead-letter queue gets the event as it came, with the reason as attributes', async () => {
  const queue = await fixture.queue('dead');
  await fixture.addFunction('f', failing, { dead_letter_config: { target_arn: queue } });
  await config({ maximum_retry_attempts: 0 });
  await fixture.runtime.start();
  await send();
  await fixture.runtime.idle();
  const [message] = await fixture.messages('dead');
  expect(message.Body).toBe('{"n":2}');
  const [start] = fixture.starts('f');
  expect(message.MessageAttributes).toMatchObject({
    RequestID: { DataType: 'String', StringValue: start!.data!['requestId'] },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: { DataType: 'String', StringValue: 'Error: poison' },
  });
  const described = await fixture.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'f' });
  expect(described.DeadLetterConfig).toEqual({ TargetArn: queue });
});

test('rights: checked at the start, and at each delivery', async () => {
  const queue = await fixture.queue('failures');
  await fixture.addFunction('f', failing, { dead_letter_config: { target_arn: queue } });
  await config({ maximum_retry_attempts: 0, ...onFailure(queue) });
  fixture.allow('logs:*');
  await expect(fixture.runtime.start()).rejects.toThrow(
    'test/aws_lambda_function.f: The provided execution role does not have permissions to call SendMessage on SQS',
  );
  await send();
  await fixture.runtime.idle();
  expect(fixture.runtime.timeline.hops.filter((hop) => hop.summary.includes(' lost: '))).toHaveLength(2);
  expect(fixture.total('DestinationDeliveryFailures')).toBe(1);
  expect(fixture.total('DeadLetterErrors')).toBe(1);
});

test('is told by the API', async () => {
  const { arn } = await fixture.addFunction('f', failing);
  const get = async () => fixture.call('lambda', 'GetFunctionEventInvokeConfig', { FunctionName: 'f' });
  await expect(get()).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
  await config({ maximum_retry_attempts: 1, maximum_event_age_in_seconds: 60 });
  const expected = {
    FunctionArn: `${arn}:$LATEST`,
    LastModified: 1_767_225_600,
    MaximumRetryAttempts: 1,
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
  expect(await get()).toEqual(expected);
  expect(await fixture.call('lambda', 'ListFunctionEventInvokeConfigs', { FunctionName: 'f' })).toEqual({
    FunctionEventInvokeConfigs: [expected],
  });
});

test.each([
  [{ maximum_retry_attempts: 3 }, 'maximum_retry_attempts'],
  [{ maximum_event_age_in_seconds: 59 }, 'maximum_event_age_in_seconds'],
  [{ qualifier: '1' }, 'versions and aliases are not modelled'],
  [{ function_name: 'nobody' }, 'Function not found'],
  [onFailure('arn:aws:sqs:eu-west-1:1:a.fifo'), 'FIFO'],
  [onFailure('arn:aws:lambda:eu-west-1:000000000000:function:f'), 'its own destination'],
  [{ destination_config: { on_success: { destination: 'arn:aws:s3:::b' } } }, 'must be of sqs, sns, lambda, events'],
])('refuses %j', async (given, message) => {
  await fixture.addFunction('f', failing);
  await expect(config(given)).rejects.toThrow(message);
});

test('refuses a second configuration, and a dead-letter queue of another kind', async () => {
  await fixture.addFunction('f', failing);
  await config();
  await expect(config()).rejects.toThrow('already');
  const deadLetters = { dead_letter_config: { target_arn: 'arn:aws:s3:::b' } };
  await expect(fixture.addFunction('g', failing, deadLetters)).rejects.toThrow('must be of sqs, sns');
});
