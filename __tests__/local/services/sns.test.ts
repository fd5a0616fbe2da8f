import { z } from 'zod';
import { AwsError } from '../../../local/aws-error';
import { simulatedClock } from '../../../local/clock';
import type { Principal, RolePrincipal } from '../../../local/principal';
import { seededRandom } from '../../../local/random';
import { type Metric, Runtime } from '../../../local/runtime';
import { type Call, jsonErrors } from '../../../local/service';
import { sns } from '../../../local/services/sns';
import { retryDelay } from '../../../local/services/sns/delivery';
import { runUntil } from '../../../local/simulation';

const account = '000000000000';
const topicArn = `arn:aws:sns:eu-central-1:${account}:alarms`;
const queueArn = `arn:aws:sqs:eu-central-1:${account}:inbox`;
const functionArn = `arn:aws:lambda:eu-central-1:${account}:function:notify`;

interface Delivered {
  readonly input: Record<string, unknown>;
  readonly principal: Principal;
  readonly parents: readonly number[];
  readonly time: number;
}

function setUp() {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-central-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const delivered: Delivered[] = [];
  const failures: AwsError[] = [];
  const operation = {
    input: z.record(z.string(), z.unknown()),
    permissions: () => [],
    run(input: Record<string, unknown>, { principal, parents }: Call) {
      const failure = failures.shift();
      if (failure) throw failure;
      delivered.push({ input, principal, parents, time: clock.now() });
      return {};
    },
  };
  runtime.register({ name: 'sqs', operations: { SendMessage: operation }, resources: {}, errors: jsonErrors });
  runtime.register({ name: 'lambda', operations: { Invoke: operation }, resources: {}, errors: jsonErrors });
  const service = sns(runtime);
  runtime.register(service);
  const create = async (type: string, given: object) => {
    const resource = service.resources[type]!;
    const parsed = resource.arguments.parse(given);
    return resource.create({ address: `core/${type}.x`, stack: 'core', type, name: 'x', arguments: parsed });
  };
  const subscribe = async (protocol: string, endpoint: string, given: object = {}) =>
    create('aws_sns_topic_subscription', { topic_arn: topicArn, protocol, endpoint, ...given });
  const call = async (name: string, input: object, principal: Principal = runtime.administrator) =>
    runtime.call({ service: 'sns', operation: name, input, principal });
  const publish = async (given: object = {}) => {
    const answer = await call('Publish', { TopicArn: topicArn, Message: 'hello', ...given });
    await runtime.idle();
    return answer;
  };
  return { clock, runtime, delivered, failures, create, subscribe, call, publish };
}

describe('resources', () => {
  test.each([
    ['aws_sns_topic', { fifo_topic: true }, 'FIFO topics are not modelled'],
    ['aws_sns_topic', { delivery_policy: '{}' }, 'delivery_policy'],
    ['aws_sns_topic', { content_based_deduplication: true }, 'content_based_deduplication'],
    ['aws_sns_topic', { kms_master_key_id: 'alias/aws/sns' }, 'not modelled'],
    ['aws_sns_topic_subscription', { protocol: 'https' }, 'email, sqs and lambda only'],
    [
      'aws_sns_topic_subscription',
      { endpoint: queueArn },
      `expected an e-mail address for protocol email, got ${queueArn}`,
    ],
    ['aws_sns_topic_subscription', { raw_message_delivery: true }, 'only protocol sqs has raw delivery'],
    ['aws_sns_topic_subscription', { filter_policy: '{}' }, 'filter_policy is not modelled'],
    ['aws_sns_topic_subscription', { redrive_policy: '{}' }, 'redrive_policy'],
  ])('%s refuses %j', async (type, given, message) => {
    const { create } = setUp();
    const least =
      type === 'aws_sns_topic'
        ? { name: 'alarms' }
        : { topic_arn: topicArn, protocol: 'email', endpoint: 'ops@example.com' };
    await expect(create(type, { ...least, ...given })).rejects.toThrow(message);
  });

  test('a topic name can be taken once', async () => {
    const { create } = setUp();
    expect(await create('aws_sns_topic', { name: 'alarms' })).toEqual({
      arn: topicArn,
      id: topicArn,
      name: 'alarms',
      owner: account,
    });
    await expect(create('aws_sns_topic', { name: 'alarms' })).rejects.toThrow('core/aws_sns_topic.x');
  });

  test('are listed', async () => {
    const { create, subscribe, call } = setUp();
    await create('aws_sns_topic', { name: 'alarms', display_name: 'Alarms', tracing_config: 'Active' });
    const { arn } = await subscribe('email', 'ops@example.com');
    expect(await call('ListTopics', {})).toEqual({ Topics: [{ TopicArn: topicArn }] });
    const Subscriptions = [
      { SubscriptionArn: arn, Owner: account, Protocol: 'email', Endpoint: 'ops@example.com', TopicArn: topicArn },
    ];
    expect(await call('ListSubscriptions', {})).toEqual({ Subscriptions });
    expect(await call('ListSubscriptionsByTopic', { TopicArn: topicArn })).toEqual({ Subscriptions });
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: topicArn });
    expect(Attributes).toMatchObject({
      TopicArn: topicArn,
      DisplayName: 'Alarms',
      SubscriptionsConfirmed: '1',
      TracingConfig: 'Active',
    });
  });
});

describe('Publish', () => {
  test('shows an e-mail in the timeline, with its address and subject, not its text', async () => {
    const { create, subscribe, publish, runtime } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    const { arn } = await subscribe('email', 'ops@example.com');
    await publish({ Subject: 'ALARM: depth', Message: 'secret' });
    const [published, mail] = runtime.timeline.hops;
    expect(published).toMatchObject({
      operation: 'Publish',
      resource: topicArn,
      summary: 'published to alarms: ALARM: depth',
    });
    expect(mail).toMatchObject({
      resource: arn,
      parents: [published!.id],
      outcome: 'ok',
      summary: 'e-mail to ops@example.com: ALARM: depth',
    });
    expect(JSON.stringify(mail)).not.toContain('secret');
  });

  test('sends a notification to a queue, as SNS for the topic', async () => {
    const { create, subscribe, publish, delivered, clock } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    await subscribe('sqs', queueArn);
    const { MessageId } = await publish({
      Subject: 's',
      MessageAttributes: { a: { DataType: 'Number', StringValue: '1' } },
    });
    const [{ input, principal, parents }] = delivered as [Delivered];
    expect(principal).toEqual({ kind: 'service', service: 'sns.amazonaws.com', sourceArn: topicArn });
    expect(parents).toEqual([1]);
    expect(input).toMatchObject({ QueueUrl: `http://127.0.0.1:4566/${account}/inbox` });
    expect(input).not.toHaveProperty('MessageAttributes');
    expect(JSON.parse(input['MessageBody'] as string)).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn: topicArn,
      Subject: 's',
      Message: 'hello',
      Timestamp: new Date(clock.now()).toISOString(),
      MessageAttributes: { a: { Type: 'Number', Value: '1' } },
    });
  });

  test('sends the bare message with its attributes where delivery is raw', async () => {
    const { create, subscribe, publish, delivered } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    await subscribe('sqs', queueArn, { raw_message_delivery: true });
    const MessageAttributes = { a: { DataType: 'String', StringValue: '1' } };
    await publish({ MessageAttributes });
    expect(delivered[0]!.input).toMatchObject({ MessageBody: 'hello', MessageAttributes });
  });

  test('invokes a function asynchronously', async () => {
    const { create, subscribe, publish, delivered } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    const { arn } = await subscribe('lambda', functionArn);
    await publish();
    const [{ input }] = delivered as [Delivered];
    expect(input).toMatchObject({ FunctionName: functionArn, InvocationType: 'Event' });
    expect(JSON.parse(input['Payload'] as string)).toMatchObject({
      Records: [
        {
          EventSource: 'aws:sns',
          EventSubscriptionArn: arn,
          Sns: { Message: 'hello', Subject: null, MessageAttributes: {} },
        },
      ],
    });
  });

  test('one subscription that fails does not keep the others waiting, and is not retried if it is to blame', async () => {
    const { create, subscribe, publish, delivered, failures, runtime, clock } = setUp();
    const metrics: Metric[] = [];
    runtime.onMetric((metric) => metrics.push(metric));
    await create('aws_sns_topic', { name: 'alarms' });
    await subscribe('sqs', queueArn);
    await subscribe('lambda', functionArn);
    failures.push(new AwsError('AccessDenied', 'no', 403));
    await expect(publish()).resolves.toHaveProperty('MessageId');
    expect(delivered.map(({ input }) => input['FunctionName'])).toEqual([functionArn]);
    expect(runtime.timeline.hops.at(-1)).toMatchObject({
      operation: 'deliver',
      outcome: 'failed',
      parents: [1],
      summary: expect.stringContaining('discarded: AccessDenied'),
    });
    expect(metrics.map(({ name }) => name)).toEqual([
      'NumberOfMessagesPublished',
      'NumberOfNotificationsFailed',
      'NumberOfNotificationsDelivered',
    ]);
    expect(clock.step(Infinity)).toBe(false);
  });

  test('retries what the service got wrong: three times at once, then slower', async () => {
    const { create, subscribe, publish, delivered, failures, runtime, clock } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    await subscribe('sqs', queueArn);
    const began = clock.now();
    failures.push(
      ...Array.from({ length: 5 }, (_, i) =>
        i % 2 ? new AwsError('RequestThrottled', 'x') : new AwsError('InternalFailure', 'x', 500),
      ),
    );
    await publish();
    await runUntil(runtime, clock, () => delivered.length > 0);
    expect(delivered[0]!.time - began).toBe(2000);
  });

  test('its retries follow the table of AWS', () => {
    const delays = Array.from({ length: 17 }, (_, i) => Math.round(retryDelay(i + 1)!));
    expect(delays.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(delays.slice(14)).toEqual([20, 20, 20]);
    expect(retryDelay(100_015)).toBe(20);
    expect(retryDelay(100_016)).toBeUndefined();
  });

  test('who may not publish does not hear that there is no such topic', async () => {
    const { runtime, call } = setUp();
    const roleArn = `arn:aws:iam::${account}:role/r`;
    const principal: RolePrincipal = { kind: 'role', roleArn, arn: `arn:aws:sts::${account}:assumed-role/r/s` };
    const Principal = { Service: 'lambda.amazonaws.com' };
    const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
    runtime.iam.putRole({ arn: roleArn, name: 'r', trustPolicy: { Version: '2012-10-17', Statement: trust } });
    const publishing = async () => call('Publish', { TopicArn: topicArn, Message: 'x' }, principal);
    await expect(publishing()).rejects.toMatchObject({ code: 'AuthorizationError', status: 403 });
    const Statement = { Effect: 'Allow', Action: 'sns:Publish', Resource: topicArn };
    runtime.iam.putRolePolicy(roleArn, 'p', { Version: '2012-10-17', Statement });
    await expect(publishing()).rejects.toMatchObject({ code: 'NotFound', status: 404 });
  });

  test.each<[string, object, string, string]>([
    ['no topic', { TopicArn: undefined }, 'InvalidParameter', 'TopicArn'],
    ['no such topic', { TopicArn: `${topicArn}s` }, 'NotFound', 'Topic does not exist'],
    ['no message', { Message: '' }, 'InvalidParameter', 'Invalid parameter: Empty message'],
    ['a big message', { Message: 'ä'.repeat(131_073) }, 'InvalidParameter', 'Invalid parameter: Message too long'],
    ['a long subject', { Subject: 'x'.repeat(101) }, 'InvalidParameter', 'Invalid parameter: Subject'],
    ['a subject of two lines', { Subject: 'a\nb' }, 'InvalidParameter', 'Invalid parameter: Subject'],
    ['a structure', { MessageStructure: 'json' }, 'InvalidParameter', 'MessageStructure is not modelled'],
    ['a phone', { PhoneNumber: '+49' }, 'InvalidParameter', 'PhoneNumber is not modelled'],
    ['a group', { MessageGroupId: 'g' }, 'InvalidParameter', 'MessageGroupId is not modelled'],
    [
      'a bad type',
      { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } },
      'InvalidParameter',
      'the type must begin with',
    ],
    [
      'no value',
      { MessageAttributes: { a: { DataType: 'Binary', StringValue: 'x' } } },
      'ParameterValueInvalid',
      "type 'Binary'",
    ],
  ])('refuses %s', async (_name, given, code, message) => {
    const { create, subscribe, publish, delivered } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    await subscribe('sqs', queueArn);
    await expect(publish(given)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(delivered).toEqual([]);
  });
});

describe('permissions', () => {
  const key = `arn:aws:kms:eu-central-1:${account}:key/k`;
  const allow = (statement: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

  test('a role needs sns:Publish and, for an encrypted topic, the key', async () => {
    const { create, call, runtime } = setUp();
    const role: RolePrincipal = {
      kind: 'role',
      roleArn: `arn:aws:iam::${account}:role/r`,
      arn: `arn:aws:sts::${account}:assumed-role/r/s`,
    };
    const trustPolicy = allow({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } });
    runtime.iam.putRole({ arn: role.roleArn, name: 'r', trustPolicy });
    runtime.iam.setResourcePolicy(
      key,
      allow({ Action: 'kms:*', Resource: '*', Principal: { AWS: `arn:aws:iam::${account}:root` } }),
      'key',
    );
    await create('aws_sns_topic', { name: 'alarms', kms_master_key_id: key });
    const publish = async (...Action: string[]) => {
      if (Action.length > 0) runtime.iam.putRolePolicy(role.roleArn, 'p', allow({ Action, Resource: '*' }));
      return call('Publish', { TopicArn: topicArn, Message: 'x' }, role);
    };
    await expect(publish()).rejects.toMatchObject({
      code: 'AuthorizationError',
      status: 403,
      message: expect.stringContaining(`sns:Publish on resource: ${topicArn}`),
    });
    await expect(publish('sns:Publish')).rejects.toThrow(`kms:GenerateDataKey on resource: ${key}`);
    await expect(publish('sns:Publish', 'kms:GenerateDataKey')).rejects.toThrow('kms:Decrypt');
    await expect(publish('sns:Publish', 'kms:GenerateDataKey', 'kms:Decrypt')).resolves.toHaveProperty('MessageId');
  });

  test('a service needs the topic policy', async () => {
    const { create, call } = setUp();
    await create('aws_sns_topic', { name: 'alarms' });
    const alarm: Principal = {
      kind: 'service',
      service: 'cloudwatch.amazonaws.com',
      sourceArn: `arn:aws:cloudwatch:eu-central-1:${account}:alarm:a`,
    };
    const publish = async () => call('Publish', { TopicArn: topicArn, Message: 'x' }, alarm);
    await expect(publish()).rejects.toMatchObject({ code: 'AuthorizationError' });
    const policy = allow({
      Action: 'sns:Publish',
      Resource: topicArn,
      Principal: { Service: 'cloudwatch.amazonaws.com' },
    });
    await create('aws_sns_topic_policy', { arn: topicArn, policy: JSON.stringify(policy) });
    await expect(publish()).resolves.toHaveProperty('MessageId');
  });
});
