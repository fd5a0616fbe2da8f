import type { Caller } from '../../../../local/gateway';
import type { Principal } from '../../../../local/principal';
import { integrationRole, type Json, openapi, order, region } from './openapi';
import { clientRole, send, world, type World } from './stage';

const signed = (service = 'execute-api', principal?: Principal): Caller => ({
  principal: principal ?? { kind: 'role', roleArn: clientRole, arn: 'arn:aws:sts::000000000000:assumed-role/client/s' },
  parents: [],
  signature: { accessKeyId: 'ASIAX', region, service },
});

const withAuth = (): Json => ({
  ...openapi,
  paths: { '/createId': { post: { ...order, 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } } } },
});

describe('authorization', () => {
  const invokeArn = (it: World) =>
    `arn:aws:execute-api:${region}:000000000000:${it.stageUrl.split('/')[4]}/dev/POST/createId`;

  test('an unsigned request has no token', async () => {
    const it = await world(withAuth());
    const response = await send(it);
    expect([response.status, response.json]).toEqual([403, { message: 'Missing Authentication Token' }]);
  });

  test('a role without permission is denied by name, with permission let in', async () => {
    const it = await world(withAuth());
    const denied = await send(it, { caller: signed() });
    expect(denied.status).toBe(403);
    expect(denied.headers['x-amzn-ErrorType']).toBe('AccessDeniedException');
    expect(denied.json.Message).toContain(
      `User: arn:aws:sts::000000000000:assumed-role/client/s is not authorized to perform: execute-api:Invoke on resource: ${invokeArn(it)}`,
    );
    expect(it.runtime.timeline.hops.at(-1)!.summary).toContain('execute-api:Invoke');
    const Statement = [
      { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: invokeArn(it).replace('/POST/createId', '/*') },
    ];
    it.runtime.iam.putRolePolicy(clientRole, 'invoke', { Version: '2012-10-17', Statement });
    expect((await send(it, { caller: signed() })).status).toBe(200);
  });

  test('the person at the terminal is let in; a signature for another service is not', async () => {
    const it = await world(withAuth());
    expect((await send(it, { caller: signed('execute-api', it.runtime.administrator) })).status).toBe(200);
    expect((await send(it, { caller: signed('dynamodb', it.runtime.administrator) })).status).toBe(403);
  });

  const policy = (Effect: string, Principal: unknown) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect, Principal, Action: 'execute-api:Invoke', Resource: 'execute-api:/dev/POST/*' }],
    });

  test.each([
    ['Allow', '*', 200],
    ['Allow', { AWS: clientRole }, 403],
    ['Deny', '*', 403],
  ])('a resource policy that says %s to %j: anybody gets %i', async (effect, principal, status) => {
    const it = await world(openapi, { api: { policy: policy(effect, principal) } });
    const response = await send(it);
    expect(response.status).toBe(status);
    if (status === 403) expect(response.json.Message).toMatch(/^User: anonymous is not authorized to perform/);
  });

  test('a resource policy lets a role in that has no policy of its own, or keeps the administrator out', async () => {
    const open = await world(withAuth(), { api: { policy: policy('Allow', { AWS: clientRole }) } });
    expect((await send(open, { caller: signed() })).status).toBe(200);
    const closed = await world(withAuth(), { api: { policy: policy('Deny', '*') } });
    expect((await send(closed, { caller: signed('execute-api', closed.runtime.administrator) })).status).toBe(403);
  });

  test('a trust policy that asks for aws:SourceAccount never lets API Gateway in', async () => {
    const it = await world();
    const Condition = { StringEquals: { 'aws:SourceAccount': '000000000000' } };
    const Statement = [
      { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole', Condition },
    ];
    it.runtime.iam.putRole({
      arn: integrationRole,
      name: 'orders-api',
      trustPolicy: { Version: '2012-10-17', Statement },
    });
    expect((await send(it)).status).toBe(500);
  });

  test('a security scheme of Signature Version 4 means AWS_IAM', async () => {
    const document = structuredClone(openapi);
    document.components.securitySchemes = {
      sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    };
    document.paths['/createId'].post.security = [{ sigv4: [] }];
    expect((await send(await world(document))).status).toBe(403);
  });
});
