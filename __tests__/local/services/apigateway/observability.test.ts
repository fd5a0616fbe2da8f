import { type Json, openapi, region } from './openapi';
import { logRole, send, world } from './stage';

const logGroup = `arn:aws:logs:${region}:000000000000:log-group:orders-api`;

describe('access log and metrics', () => {
  const format =
    '{"id":"$context.requestId","m":"$context.httpMethod","s":$context.status,"e":"$context.integration.error","n":"$context.none"}';

  test('a line for each request is written as the account role, in one stream', async () => {
    const it = await world(openapi, { stage: { access_log_settings: [{ destination_arn: `${logGroup}:*`, format }] } });
    const response = await send(it);
    await send(it, { body: '{}' });
    await it.runtime.idle();
    expect(it.logged[0]).toMatchObject({ operation: 'CreateLogStream', logGroupName: 'orders-api' });
    const [first, second, ...more] = it.logged.slice(1).flatMap(({ logEvents }) => logEvents as Json[]);
    expect(more).toEqual([]);
    expect(first!.timestamp).toBe(it.clock.now());
    expect(JSON.parse(first!.message)).toEqual({
      id: response.headers['x-amzn-RequestId'],
      m: 'POST',
      s: 200,
      e: '-',
      n: '-',
    });
    expect(JSON.parse(second!.message)).toMatchObject({ s: 400 });
  });

  test('a role that may not write loses lines, and the timeline says so', async () => {
    const it = await world(openapi, { stage: { access_log_settings: { destination_arn: logGroup, format } } });
    it.runtime.iam.putRolePolicy(logRole, 'write', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'logs:PutLogEvents', Resource: '*' }],
    });
    expect((await send(it)).status).toBe(200);
    await it.runtime.idle();
    expect(it.runtime.timeline.hops.at(-1)).toMatchObject({
      operation: 'access log',
      outcome: 'failed',
      data: { lost: 1 },
    });
  });

  test('needs the account role', async () => {
    await expect(
      world(openapi, { account: false, stage: { access_log_settings: { destination_arn: logGroup, format } } }),
    ).rejects.toThrow('CloudWatch Logs role ARN must be set in account settings');
  });

  test('the account role is tried when it is set: it makes a log group and writes to it', async () => {
    const it = await world(openapi, { account: false });
    await it.create('aws_api_gateway_account', { cloudwatch_role_arn: logRole });
    const logGroupName = '/aws/apigateway/welcome';
    const written = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'].map((operation) => ({
      operation,
      logGroupName,
    }));
    expect(it.logged).toMatchObject(written);
  });

  test.each(['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'])(
    'an account role without %s is refused',
    async (action) => {
      const it = await world(openapi, { account: false });
      const others = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'].filter((other) => other !== action);
      it.runtime.iam.putRolePolicy(logRole, 'write', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: others.map((other) => `logs:${other}`), Resource: '*' }],
      });
      const refused = it.create('aws_api_gateway_account', { cloudwatch_role_arn: logRole });
      await expect(refused).rejects.toThrow(/does not have required permissions configured.*logs:/);
      await expect(refused).rejects.toThrow(`logs:${action}`);
    },
  );

  test('counts requests by API and stage', async () => {
    const it = await world();
    await send(it);
    await send(it, { path: '/none' });
    const sum = (name: string) =>
      it.metrics.filter((metric) => metric.name === name).reduce((total, { value }) => total + value, 0);
    expect(['Count', '4XXError', '5XXError'].map(sum)).toEqual([2, 1, 0]);
    expect(it.metrics[0]).toMatchObject({
      namespace: 'AWS/ApiGateway',
      dimensions: { ApiName: 'orders', Stage: 'dev' },
    });
  });
});
