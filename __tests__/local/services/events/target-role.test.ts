import { account, order, queueArn, withDlq, withRule } from './bus';

describe('a target with a role', () => {
  const roleArn = `arn:aws:iam::${account}:role/deliver`;
  const trust = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

  test('is called as the role', async () => {
    const { runtime, put, settle, messages } = await withRule({ role_arn: roleArn });
    runtime.iam.putRole({ arn: roleArn, name: 'deliver', trustPolicy: trust('events.amazonaws.com') });
    runtime.iam.putRolePolicy(roleArn, 'send', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('queue') }],
    });
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ principal: { kind: 'role', roleArn } }]);
  });

  test('is dead-lettered if the role cannot be assumed', async () => {
    const { runtime, put, settle, messages } = await withRule({ role_arn: roleArn, ...withDlq });
    runtime.iam.putRole({ arn: roleArn, name: 'deliver', trustPolicy: trust('pipes.amazonaws.com') });
    await put(order(1));
    await settle();
    const attributes = {
      ERROR_CODE: 'FAILED_TO_ASSUME_ROLE',
      ERROR_MESSAGE: expect.stringContaining('sts:AssumeRole'),
    };
    expect(messages).toMatchObject([{ queue: 'dlq', attributes }]);
  });
});
