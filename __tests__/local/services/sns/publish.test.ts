import { AwsError } from '../../../../local/aws-error';
import type { RolePrincipal } from '../../../../local/principal';
import type { Metric } from '../../../../local/runtime';
import { retryDelay } from '../../../../local/services/sns/delivery';
import { runUntil } from '../../../../local/simulation';
import { account, type Delivered, queueArn, setUp, topicArn } from './topic';

const functionArn = `arn:aws:lambda:eu-central-1:${account}:function:notify`;

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
