import { maximumThreads } from '../../../local/services/lambda/pool';
import { runUntil } from '../../../local/simulation';
import { functionFixture } from './function-fixture';
import { closeObservers, observer } from './loopback-observer';

let fixture: ReturnType<typeof functionFixture>;
beforeEach(() => {
  fixture = functionFixture();
});
afterEach(async () => {
  closeObservers();
  await fixture.close();
});

describe('Invoke', () => {
  test('refuses what AWS refuses', async () => {
    await fixture.addFunction('echo', 'export const handler = async (event) => event;');
    const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:nobody';
    await expect(fixture.invoke('nobody')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
      message: `Function not found: ${arn}`,
    });
    await expect(fixture.invoke('echo', {}, { Qualifier: '7' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await expect(fixture.invoke('echo', {}, { Payload: '{' })).rejects.toMatchObject({
      code: 'InvalidRequestContentException',
      status: 400,
    });
    await expect(fixture.invoke('echo', 'x'.repeat(6_291_456))).rejects.toMatchObject({
      code: 'RequestTooLargeException',
      status: 413,
    });
    await expect(fixture.invoke('echo', 'x'.repeat(1_048_576), { InvocationType: 'Event' })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    expect(await fixture.invoke('echo', {}, { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    expect(fixture.metrics).toEqual([]);
  });

  test('takes names, ARNs and bytes, gives the tail of the log', async () => {
    const { arn } = await fixture.addFunction(
      'echo',
      'export const handler = async (event) => { console.log("hello"); return event; };',
    );
    for (const name of ['echo', arn, '000000000000:function:echo', `${arn}:$LATEST`])
      expect((await fixture.invoke(name, 5)).value).toBe(5);
    const answer = await fixture.invoke('echo', {}, { Payload: Buffer.from('[1]'), LogType: 'Tail' });
    expect(answer).toMatchObject({ value: [1], ExecutedVersion: '$LATEST' });
    expect(Buffer.from(answer.LogResult, 'base64').toString()).toMatch(/^START .*\n.*\tINFO\thello\nEND .*\nREPORT /);
  });

  test('needs lambda:InvokeFunction, from the identity or the function', async () => {
    const { arn } = await fixture.addFunction('echo', 'export const handler = async () => 1;');
    const asService = async (sourceArn: string) =>
      fixture.runtime.call({
        service: 'lambda',
        operation: 'Invoke',
        input: { FunctionName: 'echo' },
        principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn },
      });
    const source_arn = 'arn:aws:events:eu-west-1:000000000000:rule/orders';
    await expect(asService(source_arn)).rejects.toMatchObject({ code: 'AccessDeniedException', status: 403 });
    await fixture.create('aws_lambda_permission', 'events', {
      statement_id: 'Events',
      action: 'lambda:InvokeFunction',
      function_name: arn,
      principal: 'events.amazonaws.com',
      source_arn,
    });
    expect(await asService(source_arn)).toMatchObject({ Payload: '1' });
    await expect(asService(`${source_arn}-2`)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const { Policy } = await fixture.call('lambda', 'GetPolicy', { FunctionName: 'echo' });
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: 'Events',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn,
        Condition: { ArnLike: { 'AWS:SourceArn': source_arn } },
      },
    ]);
  });

  test('throttles beyond the reserved concurrency', async () => {
    const server = await observer();
    await fixture.addFunction(
      'one',
      `export const handler = async (event) => { if (event.hold) await fetch('${server.url}/' + event.id); return event.id; };`,
      { reserved_concurrent_executions: 1 },
    );
    const first = fixture.invoke('one', { id: 1 });
    await expect(fixture.invoke('one', { id: 2 })).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
    });
    expect((await first).value).toBe(1);
    expect((await fixture.invoke('one', { id: 3 })).value).toBe(3);
    expect(fixture.metrics.filter((metric) => metric.name === 'Throttles')).toHaveLength(1);
  });

  test('runs invocations side by side, each in its own sandbox; beyond the threads of this machine they wait', async () => {
    await fixture.addFunction(
      'many',
      'const me = Math.random(); export const handler = async () => { await new Promise((d) => setTimeout(d, 100)); return me; };',
    );
    const answers = await Promise.all(Array.from({ length: 12 }, async () => fixture.invoke('many')));
    expect(new Set(answers.map(({ value }) => value)).size).toBe(Math.min(12, maximumThreads));
    expect(
      Math.max(...fixture.metrics.filter(({ name }) => name === 'ConcurrentExecutions').map(({ value }) => value)),
    ).toBe(12);
  }, 20_000);

  test('measures', async () => {
    await fixture.addFunction(
      'half',
      'export const handler = async (event) => { if (event.fail) throw new Error(); };',
    );
    await fixture.invoke('half');
    await fixture.invoke('half', { fail: true });
    const of = (name: string) =>
      fixture.metrics
        .filter((metric) => metric.name === name && metric.namespace === 'AWS/Lambda')
        .map(({ value }) => value);
    expect(of('Invocations')).toEqual([1, 1]);
    expect(of('Errors')).toEqual([0, 1]);
    expect(of('Duration')).toEqual([expect.any(Number), expect.any(Number)]);
    expect(fixture.metrics[0]!.dimensions).toEqual({ FunctionName: 'half' });
  });

  test('an asynchronous event is tried three times, a minute and two minutes later, then dropped', async () => {
    await fixture.addFunction('never', 'export const handler = async () => { throw new Error("no"); };');
    const start = fixture.clock.now();
    expect(await fixture.invoke('never', {}, { InvocationType: 'Event' })).toMatchObject({
      StatusCode: 202,
      Payload: '',
    });
    const hops = fixture.runtime.timeline.hops;
    expect(await runUntil(fixture.runtime, fixture.clock, () => hops.some((hop) => hop.operation === 'drop'))).toBe(
      true,
    );
    const starts = hops.filter((hop) => hop.operation === 'Invoke' && hop.outcome === 'ok');
    expect(starts.map((hop) => hop.time - start)).toEqual([0, 60_000, 180_000]);
    expect(new Set(starts.map((hop) => hop.data!['requestId'])).size).toBe(1);
    expect(fixture.runtime.timeline.descendants(starts[0]!.id)).toHaveLength(7);
  });

  test('a throttled asynchronous event waits until there is room', async () => {
    await fixture.addFunction('one', 'export const handler = async () => 1;', { reserved_concurrent_executions: 1 });
    await Promise.all([1, 2, 3].map(async () => fixture.invoke('one', {}, { InvocationType: 'Event' })));
    const invoked = () => fixture.runtime.timeline.hops.filter((hop) => hop.operation === 'Invoke').length === 3;
    expect(await runUntil(fixture.runtime, fixture.clock, invoked)).toBe(true);
  });
});

describe('aws_lambda_function', () => {
  test('attributes', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
    expect(await fixture.addFunction('f', 'export const handler = async () => 1;')).toMatchObject({
      arn,
      id: 'f',
      invoke_arn: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
      qualified_arn: `${arn}:$LATEST`,
      version: '$LATEST',
      memory_size: 128,
      timeout: 3,
    });
  });

  test.each([
    [{ runtime: 'nodejs20.x' }, 'nodejs22.x and nodejs24.x'],
    [{ layers: ['x'] }, 'layers'],
    [{ publish: true }, 'leave publish out'],
    [{ environment: { variables: { AWS_REGION: 'x' } } }, 'reserved keys that cannot be modified: AWS_REGION'],
    [{ environment: { variables: { A: 'x' } } }, 'A is no name'],
    [{ environment: { variables: { BIG: 'x'.repeat(4096) } } }, '4099 bytes'],
    [{ logging_config: { log_format: 'Text', system_log_level: 'INFO' } }, 'need log_format JSON'],
    [{ handler: 'main.handler' }, 'main.handler'],
    [{ filename: '/nowhere.zip' }, 'data.archive_file'],
    [{ role: 'arn:aws:iam::000000000000:role/nobody' }, 'cannot be assumed by Lambda'],
  ])('refuses %j', async (given, message) => {
    await expect(fixture.addFunction('f', 'export const handler = async () => 1;', given)).rejects.toThrow(message);
  });

  test('is described, and a changed environment starts new sandboxes', async () => {
    await fixture.addFunction('f', 'export const handler = async () => process.env.MODE;', {
      environment: { variables: { MODE: 'a' } },
      reserved_concurrent_executions: 5,
    });
    expect((await fixture.invoke('f')).value).toBe('a');
    await fixture.call('lambda', 'UpdateFunctionConfiguration', {
      FunctionName: 'f',
      Environment: { Variables: { MODE: 'b' } },
    });
    expect((await fixture.invoke('f')).value).toBe('b');
    const { Functions } = await fixture.call('lambda', 'ListFunctions', {});
    expect(Functions).toMatchObject([
      { FunctionName: 'f', Runtime: 'nodejs24.x', Environment: { Variables: { MODE: 'b' } } },
    ]);
    expect(await fixture.call('lambda', 'GetFunction', { FunctionName: 'f' })).toMatchObject({
      Concurrency: { ReservedConcurrentExecutions: 5 },
    });
    await expect(
      fixture.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'f', Timeout: 5 }),
    ).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  });
});
