import type { Metric } from '../../../../local/runtime';
import { type Received, account, pass, setUp, urlOf } from './system';

describe('limits and malformed calls', () => {
  const body = (size: number) => 'a'.repeat(size);
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const url = { QueueUrl: urlOf('orders') };
  const entries = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      Id: `m${i}`,
      MessageBody: 'x',
      ReceiptHandle: 'x',
      VisibilityTimeout: 1,
    }));

  test.each<[string, string, object, string, string]>([
    [
      'no URL',
      'SendMessage',
      { MessageBody: 'x' },
      'MissingParameter',
      'The request must contain the parameter QueueUrl.',
    ],
    [
      'no address',
      'SendMessage',
      { QueueUrl: 'orders', MessageBody: 'x' },
      'InvalidAddress',
      'not valid for this endpoint',
    ],
    [
      'no such queue',
      'SendMessage',
      { QueueUrl: urlOf('none'), MessageBody: 'x' },
      'QueueDoesNotExist',
      'The specified queue does not exist.',
    ],
    [
      'another account',
      'GetQueueUrl',
      { QueueName: 'orders', QueueOwnerAWSAccountId: '111111111111' },
      'QueueDoesNotExist',
      'not exist',
    ],
    ['no body', 'SendMessage', url, 'MissingParameter', 'The request must contain the parameter MessageBody.'],
    ['an empty body', 'SendMessage', { ...url, MessageBody: '' }, 'MissingParameter', 'MessageBody'],
    ['a wrong type', 'SendMessage', { ...url, MessageBody: 5 }, 'SerializationException', 'MessageBody'],
    [
      'control characters',
      'SendMessage',
      { ...url, MessageBody: 'a\u0001' },
      'InvalidMessageContents',
      '#x9 | #xA | #xD',
    ],
    ['half a character', 'SendMessage', { ...url, MessageBody: '\uD83D' }, 'InvalidMessageContents', '#x9 | #xA | #xD'],
    ['U+FFFE', 'SendMessage', { ...url, MessageBody: '\uFFFE' }, 'InvalidMessageContents', '#x9 | #xA | #xD'],
    [
      'a big body',
      'SendMessage',
      { ...url, MessageBody: body(262_145) },
      'InvalidParameterValue',
      'Message must be shorter than 262144 bytes.',
    ],
    [
      'a big attribute',
      'SendMessage',
      { ...url, MessageBody: body(262_144 - 9), MessageAttributes: { abc: text('1') } },
      'InvalidParameterValue',
      '262144',
    ],
    [
      'a long delay',
      'SendMessage',
      { ...url, MessageBody: 'x', DelaySeconds: 901 },
      'InvalidParameterValue',
      'Value 901 for parameter DelaySeconds is invalid. Reason: Must be >= 0 and <= 900',
    ],
    [
      'eleven attributes',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: Object.fromEntries(entries(11).map(({ Id }) => [Id, text('1')])) },
      'InvalidParameterValue',
      '[11] exceeds the allowed maximum [10]',
    ],
    [
      'a reserved name',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { 'AWS.x': text('1') } },
      'InvalidParameterValue',
      'can not start with',
    ],
    [
      'a bad name',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { 'a..b': text('1') } },
      'InvalidParameterValue',
      'a..b',
    ],
    [
      'a bad type',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { a: { DataType: 'Text', StringValue: '1' } } },
      'InvalidParameterValue',
      'set of supported type prefixes',
    ],
    [
      'an empty value',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { a: text('') } },
      'InvalidParameterValue',
      'non-empty message attribute value',
    ],
    [
      'text for bytes',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { a: { DataType: 'Binary', StringValue: 'x' } } },
      'InvalidParameterValue',
      "type 'Binary'",
    ],
    [
      'no number',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      'InvalidParameterValue',
      'to a number',
    ],
    [
      'a list',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringListValues: ['x'] } } },
      'UnsupportedOperation',
      'list values',
    ],
    [
      'a system attribute',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageSystemAttributes: { Other: text('x') } },
      'InvalidParameterValue',
      'Other',
    ],
    [
      'a deduplication id',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageDeduplicationId: 'd' },
      'InvalidParameterValue',
      'not valid for this queue type',
    ],
    [
      'a group id',
      'SendMessage',
      { ...url, MessageBody: 'x', MessageGroupId: 'g' },
      'UnsupportedOperation',
      'MessageGroupId',
    ],
    [
      'no entries',
      'SendMessageBatch',
      { ...url, Entries: [] },
      'EmptyBatchRequest',
      'at least one SendMessageBatchRequestEntry',
    ],
    [
      'eleven entries',
      'SendMessageBatch',
      { ...url, Entries: entries(11) },
      'TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10. You have sent 11.',
    ],
    [
      'eleven deletes',
      'DeleteMessageBatch',
      { ...url, Entries: entries(11) },
      'TooManyEntriesInBatchRequest',
      'sent 11',
    ],
    [
      'eleven changes',
      'ChangeMessageVisibilityBatch',
      { ...url, Entries: entries(11) },
      'TooManyEntriesInBatchRequest',
      'sent 11',
    ],
    [
      'a bad id',
      'SendMessageBatch',
      { ...url, Entries: [{ Id: 'a:b', MessageBody: 'x' }] },
      'InvalidBatchEntryId',
      'at most 80 letters',
    ],
    [
      'an id twice',
      'DeleteMessageBatch',
      { ...url, Entries: [...entries(1), ...entries(1)] },
      'BatchEntryIdsNotDistinct',
      'Id m0 repeated.',
    ],
    [
      'a big batch',
      'SendMessageBatch',
      {
        ...url,
        Entries: [
          { Id: 'a', MessageBody: body(1_048_576) },
          { Id: 'b', MessageBody: 'x' },
        ],
      },
      'BatchRequestTooLong',
      'longer than 1048576 bytes. You have sent 1048577 bytes.',
    ],
    [
      'eleven messages',
      'ReceiveMessage',
      { ...url, MaxNumberOfMessages: 11 },
      'InvalidParameterValue',
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    ['no messages', 'ReceiveMessage', { ...url, MaxNumberOfMessages: 0 }, 'InvalidParameterValue', 'Value 0'],
    [
      'a long wait',
      'ReceiveMessage',
      { ...url, WaitTimeSeconds: 21 },
      'InvalidParameterValue',
      'Value 21 for parameter WaitTimeSeconds',
    ],
    [
      'a long visibility',
      'ReceiveMessage',
      { ...url, VisibilityTimeout: 43_201 },
      'InvalidParameterValue',
      'Value 43201',
    ],
    [
      'an unknown system attribute',
      'ReceiveMessage',
      { ...url, AttributeNames: ['Nope'] },
      'InvalidAttributeName',
      'Unknown Attribute Nope.',
    ],
    [
      'a bad handle',
      'DeleteMessage',
      { ...url, ReceiptHandle: 'x' },
      'ReceiptHandleIsInvalid',
      'The input receipt handle "x" is not a valid receipt handle.',
    ],
    ['no handle', 'DeleteMessage', url, 'MissingParameter', 'ReceiptHandle'],
    [
      'no visibility',
      'ChangeMessageVisibility',
      { ...url, ReceiptHandle: 'x' },
      'MissingParameter',
      'VisibilityTimeout',
    ],
    [
      'an unknown attribute',
      'GetQueueAttributes',
      { ...url, AttributeNames: ['Nope'] },
      'InvalidAttributeName',
      'Unknown Attribute Nope.',
    ],
    ['a bad page', 'ListQueues', { MaxResults: 1001 }, 'InvalidParameterValue', 'Value 1001'],
    ['a bad token', 'ListQueues', { NextToken: 'x' }, 'InvalidParameterValue', 'x'],
    [
      'other settings',
      'SetQueueAttributes',
      { ...url, Attributes: {} },
      'UnsupportedOperation',
      'change aws_sqs_queue',
    ],
  ])('%s', async (_name, operation, input, code, message) => {
    const { queue, call, counts } = setUp();
    await queue('orders');
    await expect(call(operation, input)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await counts('orders')).toEqual([0, 0, 0]);
  });

  test('takes the largest message, and characters beyond the first plane', async () => {
    const { queue, send, receive } = setUp();
    await queue('orders', { max_message_size: 1_048_576 });
    await send('orders', body(1_048_576));
    expect((await receive('orders'))[0]!.Body).toHaveLength(1_048_576);
    await send('orders', '\t\n\r😀');
    expect((await receive('orders'))[0]!.Body).toBe('\t\n\r😀');
  });

  test('reports a failed entry of a batch beside the others', async () => {
    const { queue, call, receive } = setUp();
    await queue('orders');
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: '\u0000' },
      { Id: 'big', MessageBody: body(262_145) },
    ];
    const sent = await call('SendMessageBatch', { ...url, Entries });
    expect(sent.Successful).toMatchObject([{ Id: 'good', MessageId: expect.any(String) }]);
    expect(sent.Failed).toMatchObject([
      { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' },
      { Id: 'big', SenderFault: true, Code: 'InvalidParameterValue' },
    ]);
    const [{ ReceiptHandle }] = (await receive('orders')) as [Received];
    const changed = await call('ChangeMessageVisibilityBatch', {
      ...url,
      Entries: [
        { Id: 'a', ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'b', ReceiptHandle, VisibilityTimeout: 5 },
      ],
    });
    expect(changed).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', Code: 'AWS.SimpleQueueService.MessageNotInflight' }],
    });
    const deleted = await call('DeleteMessageBatch', {
      ...url,
      Entries: [
        { Id: 'a', ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'x' },
      ],
    });
    expect(deleted).toEqual({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: expect.any(String) }],
    });
  });

  test('finds queues by any host, by name, prefix and page', async () => {
    const { queue, call, send } = setUp();
    for (const name of ['b', 'a1', 'a2']) await queue(name, { tags: { name } });
    await expect(
      call('SendMessage', { QueueUrl: `https://localhost:1/${account}/b`, MessageBody: 'x' }),
    ).resolves.toBeDefined();
    await send('b', 'x');
    expect(await call('GetQueueUrl', { QueueName: 'b' })).toEqual({ QueueUrl: urlOf('b') });
    expect(await call('ListQueues', { QueueNamePrefix: 'a' })).toEqual({ QueueUrls: [urlOf('a1'), urlOf('a2')] });
    expect(await call('ListQueues', { QueueNamePrefix: 'c' })).toEqual({});
    const { NextToken, QueueUrls } = await call('ListQueues', { MaxResults: 2 });
    expect(QueueUrls).toHaveLength(2);
    expect(await call('ListQueues', { MaxResults: 2, NextToken })).toEqual({ QueueUrls: [urlOf('b')] });
    expect(await call('ListQueueTags', { QueueUrl: urlOf('b') })).toEqual({ Tags: { name: 'b' } });
  });

  test('purges everything, once a minute', async () => {
    const { queue, send, receive, call, counts, clock } = setUp();
    await queue('orders');
    for (let i = 0; i < 3; i++) await send('orders', 'x');
    await receive('orders');
    await send('orders', 'x', { DelaySeconds: 5 });
    await call('PurgeQueue', url);
    expect(await counts('orders')).toEqual([0, 0, 0]);
    await expect(call('PurgeQueue', url)).rejects.toMatchObject({ code: 'PurgeQueueInProgress', status: 403 });
    pass(clock, 60);
    await expect(call('PurgeQueue', url)).resolves.toEqual({});
  });

  test('has gauges of its depth, and of its oldest message but poison', async () => {
    const { queue, send, receive, runtime, clock } = setUp();
    await queue('orders', { visibility_timeout_seconds: 1 });
    const sample = () =>
      Object.fromEntries(runtime.gauges.sample().map(({ name, value }) => [name.replace('Approximate', ''), value]));
    await send('orders', 'poison');
    pass(clock, 10);
    await send('orders', 'x', { DelaySeconds: 100 });
    const numbers = { NumberOfMessagesVisible: 1, NumberOfMessagesNotVisible: 0, NumberOfMessagesDelayed: 1 };
    expect(sample()).toEqual({ ...numbers, AgeOfOldestMessage: 10 });
    for (let i = 0; i < 3; i++) {
      await receive('orders');
      pass(clock, 1);
    }
    expect(sample()).toEqual({ ...numbers, AgeOfOldestMessage: 3 });
  });

  test('measures what is sent, received and deleted', async () => {
    const { queue, send, receive, call, runtime } = setUp();
    const metrics: Metric[] = [];
    runtime.onMetric((metric) => metrics.push(metric));
    await queue('orders');
    await send('orders', 'x');
    const [{ ReceiptHandle }] = (await receive('orders')) as [Received];
    await call('DeleteMessage', { ...url, ReceiptHandle });
    await call('DeleteMessage', { ...url, ReceiptHandle });
    const of = (name: string) => ({ namespace: 'AWS/SQS', name, dimensions: { QueueName: 'orders' }, value: 1 });
    expect(metrics).toEqual([
      of('NumberOfMessagesSent'),
      of('NumberOfMessagesReceived'),
      of('NumberOfMessagesDeleted'),
    ]);
  });
});
