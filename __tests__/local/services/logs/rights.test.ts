import type { Principal } from '../../../../local/principal';
import { account, role } from '../function-fixture';
import { fixture, makeGroup, messages, names } from './log-group';

describe('rights', () => {
  const asRole: Principal = { kind: 'role', roleArn: role, arn: `arn:aws:sts::${account}:assumed-role/function/test` };
  const write = async (principal: Principal) => {
    await fixture.runtime.call({ service: 'logs', operation: 'CreateLogStream', input: names, principal });
    await fixture.runtime.call({
      service: 'logs',
      operation: 'PutLogEvents',
      input: { ...names, logEvents: [{ timestamp: fixture.clock.now(), message: 'x' }] },
      principal,
    });
  };
  const allowOn = (Resource: string) =>
    fixture.runtime.iam.putRolePolicy(role, 'all', {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource },
    });
  const arn = `arn:aws:logs:eu-west-1:${account}:log-group:orders`;

  beforeEach(async () => makeGroup());

  test.each([`${arn}:*`, `${arn}:log-stream:*`, `${arn}:log-stream:one`])(
    'a role may write with %s',
    async (resource) => {
      allowOn(resource);
      await write(asRole);
      expect(await messages()).toEqual(['x']);
    },
  );

  test.each([arn, `${arn}:log-stream:two`, `${arn}-2:*`])('a role may not write with %s', async (resource) => {
    allowOn(resource);
    await expect(write(asRole)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  test('a service may write if a resource policy of the account says so', async () => {
    const delivery: Principal = {
      kind: 'service',
      service: 'delivery.logs.amazonaws.com',
      sourceArn: 'arn:aws:pipes:x',
    };
    await expect(write(delivery)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const policy = (name: string, Service: string) =>
      fixture.create('aws_cloudwatch_log_resource_policy', name, {
        policy_name: name,
        policy_document: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Write',
              Effect: 'Allow',
              Principal: { Service },
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: `${arn}:*`,
            },
          ],
        }),
      });
    await policy('events', 'events.amazonaws.com');
    await expect(write(delivery)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(await policy('delivery', 'delivery.logs.amazonaws.com')).toMatchObject({ id: 'delivery' });
    await write(delivery);
    await expect(write({ ...delivery, service: 'es.amazonaws.com' })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('a policy that is none is refused', async () => {
    const create = fixture.create('aws_cloudwatch_log_resource_policy', 'p', {
      policy_name: 'p',
      policy_document: '{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"logs:*","Resource":"*"}]}',
    });
    await expect(create).rejects.toThrow('Effect: Invalid option');
  });
});
