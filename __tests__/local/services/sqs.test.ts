import type { RolePrincipal } from '../../../local/principal';
import { account, arnOf, redrive, setUp, urlOf } from './sqs/system';

describe('aws_sqs_queue', () => {
  test('has Terraform defaults and AWS attributes', async () => {
    const { queue, attributes } = setUp();
    expect(await queue('orders')).toEqual({
      arn: arnOf('orders'),
      id: urlOf('orders'),
      url: urlOf('orders'),
      name: 'orders',
    });
    expect(await attributes('orders', 'All')).toEqual({
      QueueArn: arnOf('orders'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: '1767225600',
      LastModifiedTimestamp: '1767225600',
      VisibilityTimeout: '30',
      MaximumMessageSize: '262144',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    });
  });

  test.each([
    ['visibility_timeout_seconds', 43_201, 'from 0 to 43200, got 43201'],
    ['message_retention_seconds', 59, 'from 60 to 1209600, got 59'],
    ['max_message_size', 1_048_577, 'from 1024 to 1048576, got 1048577'],
    ['delay_seconds', 901, 'from 0 to 900, got 901'],
    ['receive_wait_time_seconds', 21, 'from 0 to 20, got 21'],
    ['kms_data_key_reuse_period_seconds', 59, 'from 60 to 86400, got 59'],
    ['redrive_policy', redrive('dlq', 1001), 'maxReceiveCount to be a whole number from 1 to 1000, got 1001'],
    ['redrive_policy', '{', 'not JSON'],
    ['redrive_allow_policy', JSON.stringify({ redrivePermission: 'byQueue' }), 'sourceQueueArns'],
    ['fifo_queue', true, 'FIFO queues are not modelled'],
    ['content_based_deduplication', true, 'content_based_deduplication'],
    ['kms_master_key_id', 'alias/aws/sqs', 'not modelled'],
  ])('refuses %s %p', async (argument, value, message) => {
    await expect(setUp().queue('orders', { [argument]: value })).rejects.toThrow(message);
  });

  test('refuses two kinds of encryption, and names that are taken', async () => {
    const { queue } = setUp();
    const both = { kms_master_key_id: 'key-id', sqs_managed_sse_enabled: false };
    await expect(queue('orders', both)).rejects.toThrow('conflicts');
    await queue('orders');
    await expect(queue('orders')).rejects.toThrow('core/aws_sqs_queue.orders');
  });

  test.each([
    ['aws_sqs_queue_policy', 'argument policy '],
    ['aws_sqs_queue_redrive_policy', 'argument redrive_policy '],
    ['aws_sqs_queue_redrive_allow_policy', 'argument redrive_allow_policy '],
  ])('refuses %s', (type, hint) => {
    expect(() => setUp().service.resources[type]!.arguments.parse({ queue_url: urlOf('orders') })).toThrow(hint);
  });

  test('needs a dead-letter queue that exists and allows it when the runtime starts', async () => {
    const { queue, runtime } = setUp();
    await queue('orders', { redrive_policy: redrive('dlq', 3) });
    await expect(runtime.start()).rejects.toThrow(
      `core/aws_sqs_queue.orders: redrive_policy names a queue that does not exist: ${arnOf('dlq')}`,
    );
    const allow = { redrivePermission: 'byQueue', sourceQueueArns: [arnOf('others')] };
    await queue('dlq', { redrive_allow_policy: JSON.stringify(allow) });
    await expect(runtime.start()).rejects.toThrow(`core/aws_sqs_queue.dlq does not allow it: add ${arnOf('orders')}`);
  });

  test('starts with a dead-letter queue that allows it', async () => {
    const { queue, runtime } = setUp();
    const allow = { redrivePermission: 'byQueue', sourceQueueArns: [arnOf('orders')] };
    await queue('dlq', { redrive_allow_policy: JSON.stringify(allow) });
    await queue('orders', { redrive_policy: redrive('dlq', 3) });
    await expect(runtime.start()).resolves.toBeUndefined();
  });
});

describe('permissions', () => {
  const role: RolePrincipal = {
    kind: 'role',
    roleArn: `arn:aws:iam::${account}:role/worker`,
    arn: `arn:aws:sts::${account}:assumed-role/worker/s`,
  };
  const allow = (...Action: string[]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });

  function withRole(...actions: string[]) {
    const system = setUp();
    const Principal = { Service: 'lambda.amazonaws.com' };
    const trustPolicy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }],
    };
    system.runtime.iam.putRole({ arn: role.roleArn, name: 'worker', trustPolicy });
    if (actions.length > 0) system.runtime.iam.putRolePolicy(role.roleArn, 'inline', allow(...actions));
    return system;
  }

  test.each([
    ['SendMessage', { MessageBody: 'x' }, 'sqs:SendMessage'],
    ['SendMessageBatch', { Entries: [{ Id: 'a', MessageBody: 'x' }] }, 'sqs:SendMessage'],
    ['ReceiveMessage', {}, 'sqs:ReceiveMessage'],
    ['DeleteMessageBatch', { Entries: [] }, 'sqs:DeleteMessage'],
    ['ChangeMessageVisibilityBatch', { Entries: [] }, 'sqs:ChangeMessageVisibility'],
    ['PurgeQueue', {}, 'sqs:PurgeQueue'],
    ['GetQueueAttributes', {}, 'sqs:GetQueueAttributes'],
  ])('%s needs its action on the queue', async (operation, input, action) => {
    const { queue, as } = withRole();
    await queue('orders');
    await expect(as(role)(operation, { QueueUrl: urlOf('orders'), ...input })).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: expect.stringContaining(`not authorized to perform: ${action} on resource: ${arnOf('orders')}`),
    });
  });

  test('an encrypted queue needs its key too', async () => {
    const key = `arn:aws:kms:eu-central-1:${account}:key/k`;
    const send = async (...actions: string[]) => {
      const { queue, as, runtime } = withRole('sqs:*', ...actions);
      runtime.iam.setResourcePolicy(
        key,
        {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: `arn:aws:iam::${account}:root` } },
          ],
        },
        'key',
      );
      await queue('orders', { kms_master_key_id: 'k' });
      await as(role)('SendMessage', { QueueUrl: urlOf('orders'), MessageBody: 'x' });
      return as(role)('ReceiveMessage', { QueueUrl: urlOf('orders') });
    };
    await expect(send()).rejects.toThrow(`kms:GenerateDataKey on resource: ${key}`);
    await expect(send('kms:GenerateDataKey')).rejects.toThrow('kms:Decrypt');
    expect((await send('kms:GenerateDataKey', 'kms:Decrypt')).Messages).toHaveLength(1);
  });

  test('a service needs the queue policy', async () => {
    const { queue, as } = setUp();
    const rule = `arn:aws:events:eu-central-1:${account}:rule/bus/rule`;
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arnOf('orders'),
    };
    const Condition = { ArnEquals: { 'aws:SourceArn': rule } };
    await queue('orders', {
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Condition }] }),
    });
    const send = as({ kind: 'service', service: 'events.amazonaws.com', sourceArn: rule });
    await expect(send('SendMessage', { QueueUrl: urlOf('orders'), MessageBody: 'x' })).resolves.toHaveProperty(
      'MessageId',
    );
    const other = as({ kind: 'service', service: 'events.amazonaws.com', sourceArn: `${rule}-2` });
    await expect(other('SendMessage', { QueueUrl: urlOf('orders'), MessageBody: 'x' })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  test('a move task needs both queues, and sends as its caller', async () => {
    const move = async (...actions: string[]) => {
      const { queue, as } = withRole(...actions);
      await queue('dlq');
      await queue('orders', { redrive_policy: redrive('dlq', 1) });
      return as(role)('StartMessageMoveTask', { SourceArn: arnOf('dlq') });
    };
    const all = [
      'sqs:StartMessageMoveTask',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:SendMessage',
    ];
    for (const missing of all) {
      await expect(move(...all.filter((action) => action !== missing))).rejects.toThrow(`perform: ${missing} on`);
    }
    await expect(move(...all)).resolves.toHaveProperty('TaskHandle');
  });
});
