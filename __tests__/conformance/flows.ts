import type { Principal } from '../../local/principal';
import type { Hop } from '../../local/timeline';
import { type StackName, synthesize } from '../synthesis';
import { consumed, dev, type Orders, startOrders } from './orders';
import { claimFailures, messagesClaimed } from './claim-flows';
import { messageFailures, messagesSent } from './notification-flows';
import { userChanges, userFailures } from './user-flows';

/** Names of all queues, without project and environment. */
export const queues = Object.values(synthesize()).flatMap(({ all }) =>
  Object.values(all('aws_sqs_queue')).map(({ name }) => name.slice(dev('').length) as string),
);

const bucket = dev('terraform-state');
const buckets = [
  bucket,
  dev('user-failures-000000000000'),
  dev('message-failures-000000000000'),
  dev('claim-payloads-000000000000'),
];
const topics = ['alarms', 'notifications'];
/** Who may publish to a topic, if not anybody whose own policy allows it. */
const publishers: Readonly<Record<string, Principal | undefined>> = {
  alarms: undefined,
  notifications: {
    kind: 'role',
    roleArn: `arn:aws:iam::000000000000:role/${dev('send-message')}`,
    arn: `arn:aws:sts::000000000000:assumed-role/${dev('send-message')}/session`,
  },
};
const consumers = ['order-confirmation', 'order-statistics'];

/** Asks for everything that must come over TLS without it; each is denied. */
async function withoutTls(orders: Orders): Promise<void> {
  const { runtime } = orders;
  const options = { context: { 'aws:SecureTransport': 'false' } };
  const principal = runtime.administrator;
  const attempts = [
    ...queues.map(
      (queue) => async () => orders.call('sqs', 'GetQueueAttributes', { QueueUrl: orders.queueUrl(queue) }, options),
    ),
    ...buckets.flatMap((name) => [
      async () => orders.call('s3', 'PutObject', { Bucket: name, Key: 'state', Body: '' }, options),
      async () => {
        runtime.authorize(principal, { ...options, action: 's3:ListBucket', resource: `arn:aws:s3:::${name}` });
      },
    ]),
    ...topics.map((topic) => async () => {
      runtime.authorize(principal, { ...options, action: 'sns:Subscribe', resource: runtime.arn('sns', dev(topic)) });
    }),
    ...Object.entries(publishers).map(([topic, publisher]) => async () => {
      const request = { ...options, action: 'sns:Publish', resource: runtime.arn('sns', dev(topic)) };
      runtime.authorize(publisher ?? principal, request);
    }),
  ];
  const answers = await Promise.allSettled(attempts.map(async (attempt) => attempt()));
  for (const answer of answers)
    expect(answer).toMatchObject({ reason: { message: expect.stringContaining('with an explicit deny') } });
}

/** What a person at a terminal does: the state is written and read, queues are looked into. */
async function administration(orders: Orders): Promise<void> {
  const depths = await Promise.allSettled(queues.map(async (queue) => orders.depth(queue)));
  expect(depths).toEqual(queues.map(() => ({ status: 'fulfilled', value: 0 })));
  await orders.call('s3', 'PutObject', { Bucket: bucket, Key: 'state', Body: '{}' });
  expect(await orders.call('s3', 'GetObject', { Bucket: bucket, Key: 'state' })).toMatchObject({
    Body: Buffer.from('{}'),
  });
}

/** An order that no queue takes, and a record that no bus takes: dead letters, the pipe's log, alarms. */
async function deadLetters(orders: Orders): Promise<void> {
  for (const queue of consumers) {
    orders.faults.add({
      service: 'sqs',
      operation: 'SendMessage',
      resource: dev(queue),
      times: 5,
      effect: 'failBefore',
    });
  }
  expect(await orders.send('CREATED', 'undelivered')).toMatchObject({ status: 200 });
  await orders.pass(30_000);
  expect(await orders.depth('order-created-rule-dlq')).toBe(2);
  // 180,000 control characters are more than the 1 MiB of JSON that PutEvents takes.
  const huge = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`a${i}`, { S: '\u0001'.repeat(60_000) }]));
  const Item = { id: { S: 'poison' }, createdAt: { N: '1' }, Status: { S: 'CREATED' }, ...huge };
  await orders.call('dynamodb', 'PutItem', { TableName: dev('orders'), Item });
  await orders.pass(7 * 60_000);
  expect(await orders.depth('orders-pipe-dlq')).toBe(1);
  expect(await logged(orders, '/aws/vendedlogs/pipes', 'orders')).toContain('EXECUTION_FAILED');
  expect(orders.timeline.hops).toContainEqual(
    expect.objectContaining({ service: 'sns', operation: 'Publish', outcome: 'ok' }),
  );
}

/** An order on its whole way to both effects. */
async function bothEffects(orders: Orders): Promise<void> {
  expect(await orders.send('CREATED', 'delivered')).toMatchObject({ status: 200 });
  await orders.pass(5000);
  for (const queue of consumers) {
    expect(orders.timeline.hops.filter((hop) => consumed(queue)(hop))).toHaveLength(1);
    expect(await logged(orders, '/aws/lambda', queue)).toContain('"orderId":"delivered"');
  }
  expect(await orders.confirmed()).toEqual(['delivered']);
  expect(await orders.counted()).toEqual({ CREATED: 1 });
  expect(await logged(orders, '/aws/apigateway', 'order-api')).toContain('"status":"200"');
}

const flows = {
  withoutTls,
  administration,
  userChanges,
  messagesSent,
  deadLetters,
  bothEffects,
  userFailures,
  messageFailures,
  messagesClaimed,
  claimFailures,
};
type Flow = keyof typeof flows;

/** The flows that need a stack's permissions: between them every one. The cheap ones come first. */
export const flowsOf: Readonly<Record<StackName, readonly Flow[]>> = {
  'state-backend': ['withoutTls', 'administration'],
  'outbox-core': Object.keys(flows) as Flow[],
  'order-consumers': ['withoutTls', 'administration', 'deadLetters', 'bothEffects'],
  'user-events': ['withoutTls', 'administration', 'userChanges', 'userFailures'],
  notifications: ['withoutTls', 'administration', 'messagesSent', 'messageFailures'],
  'claim-check': ['withoutTls', 'administration', 'messagesClaimed', 'claimFailures'],
};

/** What a flow showed. */
export interface Observation {
  /** `start` or the flow. */
  readonly flow: string;
  /** Denials in its course, sorted: who was denied what. */
  readonly denials: readonly string[];
  /** Why the flow did not end well, if it did not. */
  readonly failure?: Error;
}

/** Runs a folder's application through the flows of a stack; ends after one that fails to start. */
export async function* observe(from: string, stack: StackName): AsyncGenerator<Observation> {
  let orders: Orders;
  try {
    orders = await startOrders({ from });
  } catch (error) {
    yield { flow: 'start', denials: [], failure: error as Error };
    return;
  }
  let last = 0;
  const seen = (flow: string, failure?: Error): Observation => {
    const denials = denialsOf(orders.timeline.hops.filter(({ id }) => id > last));
    last = orders.timeline.hops.at(-1)?.id ?? 0;
    return { flow, denials, ...(failure && { failure }) };
  };
  try {
    yield seen('start');
    for (const name of flowsOf[stack]) {
      const failure = await flows[name](orders).then(
        () => undefined,
        (error: Error) => error,
      );
      yield seen(name, failure);
    }
  } finally {
    await orders.stop();
  }
}

function denialsOf(hops: readonly Hop[]): string[] {
  const denied = hops.filter(({ outcome }) => outcome === 'denied');
  return [
    ...new Set(denied.map(({ principal, data, resource }) => `${principal}: ${data!.action as string} on ${resource}`)),
  ].sort();
}

/** All lines of a log group. */
async function logged(orders: Orders, prefix: string, name: string): Promise<string> {
  const { events } = await orders.call('logs', 'FilterLogEvents', { logGroupName: `${prefix}/${dev(name)}` });
  return events.map(({ message }: { message: string }) => message).join('\n');
}
