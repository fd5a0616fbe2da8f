import { createHash } from 'node:crypto';
import { dev, type Orders } from './orders';

/** Bucket of the payloads that are too large for the table. */
export const payloadBucket = dev('claim-payloads-000000000000');

/** Id of the claim to a message: its hash. */
export const claimIdOf = (body: string) => createHash('sha256').update(body).digest('hex');

/** A message as JSON, of so many bytes. */
export function submission(id: string, bytes: number): string {
  const message = (text: string) => JSON.stringify({ id, type: 'invoice', payload: { text } });
  return message('Z'.repeat(bytes - message('').length));
}

/** Sends a message to the queue of submissions. */
export async function submit({ call, queueUrl }: Orders, MessageBody: string): Promise<void> {
  await call('sqs', 'SendMessage', { QueueUrl: queueUrl('submission'), MessageBody });
}

/** All items of a table. */
export async function scan({ call }: Orders, table: string): Promise<any[]> {
  const items: any[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await call('dynamodb', 'Scan', { TableName: dev(table), ExclusiveStartKey });
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

/** Outcomes by the id that the sender gave, each with how the message reached the workflow. */
export async function outcomes(orders: Orders): Promise<Record<string, string>> {
  const items = await scan(orders, 'claim-outcomes');
  return Object.fromEntries(items.map(({ messageId, delivery }) => [messageId.S as string, delivery.S as string]));
}

/** The events that the audit log has. */
export async function audited({ call }: Orders): Promise<string[]> {
  const logGroupName = `/aws/events/${dev('claim-audit')}`;
  const { events } = await call('logs', 'FilterLogEvents', { logGroupName });
  return (events as { message: string }[]).map(({ message }) => message);
}

/** Takes all messages of a queue: their bodies and error codes. */
export async function taken({ call, queueUrl }: Orders, queue: string): Promise<{ body: string; code?: string }[]> {
  const QueueUrl = queueUrl(queue);
  const found: { body: string; code?: string }[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout: 600 };
    const { Messages = [] } = await call('sqs', 'ReceiveMessage', input);
    if (Messages.length === 0) return found;
    for (const { Body, MessageAttributes, ReceiptHandle } of Messages) {
      found.push({ body: Body, code: MessageAttributes?.ERROR_CODE?.StringValue });
      await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    }
  }
}

/** Small, large and largest messages are claimed and exchanged again; only their claims are on the bus. */
export async function messagesClaimed(orders: Orders): Promise<void> {
  const { Payload } = await orders.call('lambda', 'Invoke', {
    FunctionName: dev('submit-sample'),
    Payload: JSON.stringify({ size: 2000, count: 1 }),
  });
  const [sampled] = (JSON.parse(String(Payload)) as { ids: string[] }).ids;
  await submit(orders, submission('large', 300_000));
  await submit(orders, submission('largest', 900_000));
  await orders.pass(10_000);
  expect(await outcomes(orders)).toEqual({ [sampled!]: 'inline', large: 'reference', largest: 'reference' });
  const events = await audited(orders);
  expect(events).toHaveLength(3);
  for (const event of events) expect(event).not.toMatch(/ZZ|xx/);
}

/** Keeps claims from being exchanged until the function that is returned is called. */
export function heldBack({ faults }: Orders): () => void {
  const resource = dev('retrieve-payload');
  return faults.add({ times: Number.POSITIVE_INFINITY, service: 'lambda', resource, effect: 'throttle' });
}

/** What is no message, a claim to nothing, and what cannot be delivered end where a person finds them. */
export async function claimFailures(orders: Orders): Promise<void> {
  orders.faults.add({ service: 'lambda', resource: dev('store-payload'), effect: 'throttle' });
  await submit(orders, 'not JSON');
  const body = submission('gone', 900_000);
  const stopped = heldBack(orders);
  await submit(orders, body);
  await orders.pass(10_000);
  stopped();
  await orders.call('s3', 'DeleteObject', { Bucket: payloadBucket, Key: claimIdOf(body) });
  await orders.pass(10 * 60_000);
  expect(await taken(orders, 'submission-dlq')).toEqual([{ body: 'not JSON', code: 'NotJson' }]);
  expect(await taken(orders, 'processing-dlq')).toEqual([expect.objectContaining({ code: 'PayloadMissing' })]);

  const entry = {
    EventBusName: dev('events'),
    Source: 'claim.event',
    DetailType: 'PayloadClaimed',
    Detail: JSON.stringify({ data: {} }),
  };
  const failing = { times: 5, effect: 'failBefore' } as const;
  const refusals = [
    orders.faults.add({ ...failing, service: 'sqs', operation: 'SendMessage', resource: dev('processing') }),
    orders.faults.add({ ...failing, service: 'logs', principal: 'events.amazonaws.com' }),
  ];
  await orders.call('events', 'PutEvents', { Entries: [entry] });
  await orders.pass(10 * 60_000);
  for (const end of refusals) end();
  expect(await orders.depth('payload-claimed-rule-dlq')).toBe(1);
  expect(await orders.depth('claim-audit-rule-dlq')).toBe(1);
}
