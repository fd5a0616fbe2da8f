import { dev, type Orders } from './orders';

const always = { times: Number.POSITIVE_INFINITY, effect: 'failBefore' } as const;

/** Inserts a message whose text is its id. */
export async function put({ call }: Orders, id: string): Promise<void> {
  await call('dynamodb', 'PutItem', { TableName: dev('messages'), Item: { id: { S: id }, message: { S: id } } });
}

/** The status of a message. */
export async function statusOf({ call }: Orders, id: string): Promise<string | undefined> {
  const { Item } = await call('dynamodb', 'GetItem', { TableName: dev('messages'), Key: { id: { S: id } } });
  return Item?.sendStatus?.S as string | undefined;
}

/** A message is sent; another fails, is held back, and is sent by the schedule when the topic is back. */
export async function messagesSent(local: Orders): Promise<void> {
  await put(local, 'first');
  await local.pass(5000);
  expect(await statusOf(local, 'first')).toBe('Successful');
  const mended = local.faults.add({ ...always, service: 'sns', principal: dev('send-message') });
  await put(local, 'second');
  await local.pass(120_000);
  expect(await statusOf(local, 'second')).toBe('Failure');
  mended();
  await local.pass(20 * 60_000);
  expect(await statusOf(local, 'second')).toBe('Successful');
  const topic = local.runtime.arn('sns', dev('notifications'));
  await expect(local.call('sns', 'Publish', { TopicArn: topic, Message: 'by hand' })).rejects.toThrow('explicit deny');
}

/** A delivery that cannot be started, and runs of the schedule that fail: kept for a person. */
export async function messageFailures(local: Orders): Promise<void> {
  const started = local.faults.add({ ...always, service: 'states', principal: dev('start-delivery') });
  await put(local, 'unstarted');
  await local.pass(20 * 60_000);
  started();
  const Bucket = dev('message-failures-000000000000');
  expect(await local.call('s3', 'ListObjectsV2', { Bucket })).toMatchObject({ KeyCount: 1 });
  const queried = local.faults.add({ ...always, service: 'dynamodb', principal: dev('retry-failed') });
  await local.pass(15 * 60_000);
  queried();
  const failed = await local.depth('retry-failed-schedule-dlq');
  expect(failed).toBeGreaterThan(0);
  const invoked = local.faults.add({ ...always, service: 'lambda', principal: dev('retry-failed-schedule') });
  await local.pass(60 * 60_000);
  invoked();
  expect(await local.depth('retry-failed-schedule-dlq')).toBeGreaterThan(failed);
}
