import { realClock, simulatedClock } from '../../../../local/clock';
import type { RolePrincipal } from '../../../../local/principal';
import { functionFixture, role } from '../function-fixture';
import { closeObservers, observer } from '../loopback-observer';

let fixture: ReturnType<typeof functionFixture>;
beforeEach(() => {
  fixture = functionFixture();
});
afterEach(async () => {
  closeObservers();
  await fixture.close();
});

describe('sandbox', () => {
  test('answers; is cold once, warm after', async () => {
    await fixture.addFunction('echo', 'let n = 0; export const handler = async (event) => ({ ...event, n: ++n });');
    expect((await fixture.invoke('echo', { a: 1 })).value).toEqual({ a: 1, n: 1 });
    expect((await fixture.invoke('echo', { a: 2 })).value).toEqual({ a: 2, n: 2 });
    expect(fixture.runtime.timeline.hops.map((hop) => hop.summary)).toEqual([
      'echo: invoked, cold start',
      'echo: invoked',
    ]);
  });

  test('sees an environment of its own and nothing of this process', async () => {
    process.env['SECRET_OF_THE_HOST'] = 'x';
    await fixture.addFunction('env', 'export const handler = async () => process.env;', {
      environment: { variables: { TABLE: 'orders' } },
      memory_size: 256,
    });
    const { value } = await fixture.invoke('env');
    delete process.env['SECRET_OF_THE_HOST'];
    expect(value).toMatchObject({
      TABLE: 'orders',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_EC2_METADATA_DISABLED: 'true',
      _HANDLER: 'index.handler',
    });
    expect(value._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    for (const name of ['SECRET_OF_THE_HOST', 'HOME', 'PATH', 'JEST_WORKER_ID']) expect(value).not.toHaveProperty(name);
  });

  test('its key stands for the role, with the invocation as cause while there is one', async () => {
    const server = await observer();
    await fixture.addFunction(
      'caller',
      `export const handler = async (event) => { if (event.hold) await fetch('${server.url}/hold'); return process.env.AWS_ACCESS_KEY_ID; };`,
    );
    const { value: key } = await fixture.invoke('caller');
    expect(fixture.runtime.credentials.find(key)).toMatchObject({
      principal: { kind: 'role', roleArn: role },
      parents: [],
    });
    const called = server.next();
    const answer = fixture.invoke('caller', { hold: true });
    await called;
    const [, second] = fixture.runtime.timeline.hops;
    const holder = fixture.runtime.credentials.find(key)!;
    expect(holder.parents).toEqual([second!.id]);
    (holder.principal as RolePrincipal).kill!();
    expect(fixture.runtime.credentials.find(key)).toBeUndefined();
    expect((await answer).value).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: .+ Error: Runtime exited$/),
    });
    expect(fixture.runtime.timeline.hops.at(-1)).toMatchObject({ outcome: 'failed', parents: [second!.id] });
    expect((await fixture.invoke('caller')).value).not.toBe(key);
  });

  test('has the context object', async () => {
    await fixture.addFunction(
      'context',
      'export const handler = async (event, c) => ({ ...c, left: c.getRemainingTimeInMillis() });',
      { timeout: 10 },
    );
    const { value } = await fixture.invoke(
      'context',
      {},
      { ClientContext: Buffer.from('{"custom":{"a":1}}').toString('base64') },
    );
    expect(value).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:context',
      logGroupName: '/aws/lambda/context',
      clientContext: { custom: { a: 1 } },
      awsRequestId: fixture.runtime.timeline.hops[0]!.data!['requestId'],
    });
    expect(value.left).toBeGreaterThan(8000);
    expect(value.left).toBeLessThanOrEqual(10_000);
  });

  test('Date follows the clock of the runtime', async () => {
    const code =
      'export const handler = async () => [Date.now(), new Date().toISOString(), new Date(0).getTime(), Date(), new Date() instanceof Date];';
    await fixture.addFunction('time', code);
    await fixture.invoke('time');
    fixture.clock.moveTo(Date.UTC(2030, 5, 1));
    const { value } = await fixture.invoke('time');
    expect(value[0] - Date.UTC(2030, 5, 1)).toBeLessThan(1000);
    expect(value[0]).toBeGreaterThanOrEqual(Date.UTC(2030, 5, 1));
    expect(value[1]).toMatch(/^2030-06-01T00:00:0/);
    expect(value.slice(2)).toEqual([0, expect.stringContaining('2030'), true]);
  });

  test('stands still between invocations', async () => {
    const server = await observer();
    const code = `export const handler = async (event) => {
      if (event.later) setTimeout(() => fetch('${server.url}/late'), 20);
      else await new Promise((done) => setTimeout(done, 60));
    };`;
    await fixture.addFunction('later', code);
    await fixture.addFunction(
      'other',
      'export const handler = async () => new Promise((done) => setTimeout(done, 150));',
    );
    await fixture.invoke('later', { later: true });
    await fixture.invoke('other');
    expect(server.seen).toEqual([]);
    await fixture.invoke('later');
    expect(server.seen).toEqual(['/late']);
  });

  test.each([
    ['fetch("http://example.com/")', 'EACCES'],
    ['fetch("http://93.184.216.34/")', 'EACCES'],
    ['import("node:dns/promises").then((d) => d.lookup("dynamodb.eu-west-1.amazonaws.com"))', 'EACCES'],
    ['import("node:dns/promises").then((d) => d.resolve4("example.com"))', 'EACCES'],
    ['import("node:child_process").then((c) => c.execSync("true"))', 'EACCES'],
    ['import("node:worker_threads").then((w) => new w.Worker("", { eval: true }))', 'EACCES'],
    [
      'new Promise((ok, no) => import("node:tls").then((t) => t.connect(443, "example.com").on("error", no)))',
      'EACCES',
    ],
  ])('reaches nothing outside: %s', async (expression, code) => {
    await fixture.addFunction(
      'out',
      `export const handler = async () => { try { await ${expression}; return 'out'; } catch (e) { return e.code ?? e.cause?.code; } };`,
    );
    expect((await fixture.invoke('out')).value).toBe(code);
  });

  test.each(['localhost', '127.0.0.1', 'sync-127.0.0.1', 'queue.localhost'])('reaches loopback as %s', async (host) => {
    const server = await observer();
    const { port } = new URL(server.url);
    const code = `import { get } from 'node:http';
      export const handler = async () => new Promise((done, fail) => get({ host: '${host}', port: ${port}, path: '/in' }, (r) => done(r.statusCode)).on('error', fail));`;
    await fixture.addFunction('in', code);
    expect((await fixture.invoke('in')).value).toBe(200);
    expect(server.seen).toEqual(['/in']);
  });
});

test('on a real clock too', async () => {
  const real = functionFixture({ ...simulatedClock(), ...realClock(60) });
  await real.addFunction('time', 'export const handler = async () => Date.now();');
  const before = real.clock.now();
  const { value } = await real.invoke('time');
  expect(value).toBeGreaterThanOrEqual(before);
  expect(value).toBeLessThanOrEqual(real.clock.now() + 100);
  await real.close();
});
