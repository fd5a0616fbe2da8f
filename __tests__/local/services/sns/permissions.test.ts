import type { Principal, RolePrincipal } from '../../../../local/principal';
import { account, setUp, topicArn } from './topic';

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
