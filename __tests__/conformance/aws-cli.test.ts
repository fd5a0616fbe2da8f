import { type Local, startLocal } from '../../local/index';
import { synthesisFolder } from '../synthesis';
import { dev } from './orders';
import { awsJson, describeCli } from './stock-cli';

describeCli('the stock AWS CLI', () => {
  let local: Local;
  beforeAll(async () => {
    local = await startLocal({ from: synthesisFolder(), speed: 100 });
  });
  afterAll(async () => local.stop());

  const run = async (...args: string[]) => awsJson(local, args);
  const queueUrl = (queue: string) => `${local.endpoint}/000000000000/${dev(queue)}`;

  test('sts get-caller-identity', async () => {
    expect(await run('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
  });

  test('dynamodb put-item, query, scan: an order written by hand travels like any other', async () => {
    const item = { id: { S: 'by-hand' }, createdAt: { N: '7' }, Status: { S: 'CREATED' } };
    await run('dynamodb', 'put-item', '--table-name', dev('orders'), '--item', JSON.stringify(item));
    const query = ['--table-name', dev('orders'), '--key-condition-expression', 'id = :id'];
    const found = await run(
      'dynamodb',
      'query',
      ...query,
      '--expression-attribute-values',
      '{":id": {"S": "by-hand"}}',
    );
    expect(found.Items).toEqual([item]);
    await local.timeline.waitFor((hop) => hop.operation === 'DeleteMessage', { count: 2 });
    expect((await run('dynamodb', 'scan', '--table-name', dev('order-confirmations'))).Items).toEqual([
      expect.objectContaining({ orderId: { S: 'by-hand' } }),
    ]);
  });

  test('sqs list-queues, get-queue-attributes, receive-message, start-message-move-task', async () => {
    expect((await run('sqs', 'list-queues')).QueueUrls).toContain(queueUrl('order-statistics-dlq'));
    const attributes = await run(
      'sqs',
      'get-queue-attributes',
      '--queue-url',
      queueUrl('order-statistics'),
      '--attribute-names',
      'All',
    );
    expect(attributes.Attributes).toMatchObject({ VisibilityTimeout: '180', ApproximateNumberOfMessages: '0' });
    expect(await run('sqs', 'receive-message', '--queue-url', queueUrl('order-statistics-dlq'))).toBeUndefined();
    const task = await run(
      'sqs',
      'start-message-move-task',
      '--source-arn',
      local.runtime.arn('sqs', dev('order-statistics-dlq')),
    );
    expect(task).toEqual({ TaskHandle: expect.any(String) });
  });

  test('events put-events, list-rules', async () => {
    const entry = { EventBusName: dev('events'), Source: 'by.hand', DetailType: 'Something', Detail: '{}' };
    const put = await run('events', 'put-events', '--entries', JSON.stringify([entry]));
    expect(put).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    const { Rules } = await run('events', 'list-rules', '--event-bus-name', dev('events'));
    expect(Rules).toContainEqual(expect.objectContaining({ Name: dev('order-created'), State: 'ENABLED' }));
  });

  test('lambda list-functions, invoke', async () => {
    const { Functions } = await run('lambda', 'list-functions');
    const names = Functions.map(({ FunctionName }: any) => FunctionName);
    expect(names).toEqual(expect.arrayContaining([dev('order-confirmation'), dev('order-statistics')]));
    const invocation = ['--function-name', dev('order-confirmation'), '--payload', '{"Records": []}', '/dev/null'];
    const invoked = await run('lambda', 'invoke', ...invocation);
    expect(invoked).toMatchObject({ StatusCode: 200 });
  });

  test('logs filter-log-events', async () => {
    const { events } = await run(
      'logs',
      'filter-log-events',
      '--log-group-name',
      `/aws/lambda/${dev('order-confirmation')}`,
    );
    expect(events.length).toBeGreaterThan(0);
  });

  test('pipes list-pipes', async () => {
    expect((await run('pipes', 'list-pipes')).Pipes).toContainEqual(
      expect.objectContaining({ Name: dev('orders'), CurrentState: 'RUNNING' }),
    );
  });

  test('cloudwatch describe-alarms', async () => {
    const { MetricAlarms } = await run('cloudwatch', 'describe-alarms');
    expect(MetricAlarms).toContainEqual(expect.objectContaining({ AlarmName: `${dev('order-api')}-5XXError` }));
  });
});
