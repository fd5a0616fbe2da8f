import { mappingFixture as setUp, queueArn } from '../queue-fixture';

let fixture: Awaited<ReturnType<typeof setUp>>;
afterEach(async () => fixture.close());

describe('rights', () => {
  test.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])(
    'does not start without sqs:%s',
    async (action) => {
      fixture = await setUp('export const handler = async () => {};');
      fixture.allow(
        'logs:*',
        ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']
          .filter((other) => other !== action)
          .map((other) => `sqs:${other}`),
      );
      await expect(fixture.runtime.start()).rejects.toThrow(
        `test/aws_lambda_event_source_mapping.orders: The provided execution role does not have permissions to call ${action} on SQS`,
      );
      expect(fixture.runtime.timeline.hops.at(-1)).toMatchObject({ outcome: 'denied', operation: action });
    },
  );

  test('needs nothing else, lambda:InvokeFunction included', async () => {
    fixture = await setUp('export const handler = async () => {};');
    fixture.allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
    await fixture.runtime.start();
    fixture.send('a');
    await fixture.runtime.idle();
    expect(fixture.messages).toEqual([]);
  });
});

describe('aws_lambda_event_source_mapping', () => {
  const handler = 'export const handler = async () => {};';

  test('refuses a queue that shows messages again before the function is through', async () => {
    fixture = await setUp(handler, {}, { timeout: 31 });
    await expect(fixture.runtime.start()).rejects.toThrow(
      'Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds',
    );
  });

  test.each([
    [{ batch_size: 11 }, 'Maximum batch window in seconds must be greater than 0'],
    [{ scaling_config: { maximum_concurrency: 1 } }, 'maximum_concurrency'],
    [{ scaling_config: { maximum_concurrency: 1001 } }, 'maximum_concurrency'],
    [{ event_source_arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/a' }, 'polls sqs and dynamodb only'],
    [{ filter_criteria: { filter: [{ pattern: '{"attributes":{"a":["b"]}}' }] } }, 'attributes cannot be filtered'],
    [{ filter_criteria: { filter: [{ pattern: '{"body":{"a":"b"}}' }] } }, 'Invalid filter pattern definition'],
    [{ starting_position: 'LATEST' }, 'starting_position'],
    [{ function_name: 'nobody' }, 'Function not found'],
  ])('refuses %j', async (given, message) => {
    fixture = await setUp(handler);
    const create = fixture.create('aws_lambda_event_source_mapping', 'other', {
      event_source_arn: `${queueArn}-2`,
      function_name: 'consumer',
      ...given,
    });
    await expect(create).rejects.toThrow(message);
  });

  test('is listed, and can be switched off and on', async () => {
    fixture = await setUp(handler, { enabled: false });
    await fixture.runtime.start();
    fixture.send('a');
    await fixture.runtime.idle();
    expect(fixture.messages).toHaveLength(1);
    const { uuid: UUID, function_arn } = fixture.mapping;
    expect(await fixture.call('lambda', 'GetEventSourceMapping', { UUID })).toMatchObject({
      UUID,
      State: 'Disabled',
      FunctionArn: function_arn,
      BatchSize: 10,
    });
    expect(await fixture.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true })).toMatchObject({
      State: 'Enabled',
    });
    await fixture.runtime.idle();
    expect(fixture.messages).toEqual([]);
    await fixture.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false });
    fixture.send('b');
    await fixture.runtime.idle();
    expect(fixture.messages).toHaveLength(1);
    const list = async (input: object) =>
      (await fixture.call('lambda', 'ListEventSourceMappings', input)).EventSourceMappings.length;
    expect(await list({ FunctionName: 'consumer' })).toBe(1);
    expect(await list({ EventSourceArn: `${queueArn}-2` })).toBe(0);
    await expect(fixture.call('lambda', 'UpdateEventSourceMapping', { UUID, BatchSize: 1 })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  });
});
