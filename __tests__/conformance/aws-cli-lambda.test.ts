import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../local/clock';
import { type Gateway, startGateway } from '../../local/gateway';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';
import { registerServices } from '../../local/services';
import type { Attributes } from '../../local/service';
import { makerOf } from './make-resource';
import { awsJson, describeCli } from './stock-cli';

const region = 'eu-central-1';
const role = 'arn:aws:iam::000000000000:role/function';

const handler = `export const handler = async (event, context) => {
  console.log('said', event.say);
  if (event.fail) throw new Error('on purpose');
  return { event, client: context.clientContext };
};`;

describeCli('lambda, from the stock AWS CLI', () => {
  let runtime: Runtime;
  let gateway: Gateway;
  let folder: string;
  let mapping: Attributes;

  const run = async (...args: string[]) => awsJson({ endpoint: gateway.endpoint, region }, ['lambda', ...args]);
  const out = () => readFileSync(join(folder, 'out.json'), 'utf8');
  const invoke = async (event: object, ...more: string[]) => {
    writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
    const payload = ['--payload', `fileb://${join(folder, 'event.json')}`];
    return run('invoke', '--function-name', 'say', ...payload, ...more, join(folder, 'out.json'));
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
    writeFileSync(join(folder, 'index.mjs'), handler);
    runtime = new Runtime({ clock: realClock(), random: seededRandom(1), region });
    const { types } = registerServices(runtime, () => folder);
    gateway = await startGateway(runtime, { port: 0 });
    const make = makerOf(types);
    const Statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    runtime.iam.putRole({ arn: role, name: 'function', trustPolicy: { Version: '2012-10-17', Statement } });
    const all = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    runtime.iam.putRolePolicy(role, 'all', all);
    await make('aws_cloudwatch_log_group', { name: '/aws/lambda/say' });
    await make('aws_lambda_function', {
      function_name: 'say',
      role,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      filename: 'say.zip',
    });
    await make('aws_lambda_function_event_invoke_config', { function_name: 'say', maximum_retry_attempts: 0 });
    const table = await make('aws_dynamodb_table', {
      name: 'users',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      stream_enabled: true,
      stream_view_type: 'KEYS_ONLY',
    });
    mapping = await make('aws_lambda_event_source_mapping', {
      event_source_arn: table['stream_arn'],
      function_name: 'say',
      starting_position: 'LATEST',
    });
    await runtime.start();
  });

  afterAll(async () => {
    await runtime.stop();
    await gateway.close();
    rmSync(folder, { recursive: true });
  });

  test('invoke: the answer, the end of the log and the client context', async () => {
    const context = Buffer.from('{"custom":{"k":"v"}}').toString('base64');
    const answer = await invoke({ say: 'hello' }, '--log-type', 'Tail', '--client-context', context);
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(Buffer.from(answer.LogResult, 'base64').toString()).toContain('said hello');
    expect(JSON.parse(out())).toEqual({ event: { say: 'hello' }, client: { custom: { k: 'v' } } });
  });

  test('invoke: an error of the function', async () => {
    expect(await invoke({ fail: true })).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(out())).toMatchObject({ errorType: 'Error', errorMessage: 'on purpose' });
  });

  test('invoke: asynchronously, and not at all', async () => {
    expect(await invoke({}, '--invocation-type', 'Event')).toEqual({ StatusCode: 202 });
    expect(await invoke({}, '--invocation-type', 'DryRun')).toEqual({ StatusCode: 204 });
  });

  test.each([
    ['Event', 1_048_577],
    ['RequestResponse', 6_291_457],
  ])('invoke: %s with %i bytes is too large', async (type, bytes) => {
    const empty = JSON.stringify({ text: '' }).length;
    const call = invoke({ text: 'x'.repeat(bytes - empty) }, '--invocation-type', type);
    await expect(call).rejects.toThrow('RequestTooLargeException');
  });

  test('event source mappings and the configuration for asynchronous invocation', async () => {
    const uuid = mapping['uuid'] as string;
    const { EventSourceMappings } = await run('list-event-source-mappings', '--function-name', 'say');
    expect(EventSourceMappings).toMatchObject([{ UUID: uuid, StartingPosition: 'LATEST', State: 'Enabled' }]);
    expect(await run('get-event-source-mapping', '--uuid', uuid)).toEqual(EventSourceMappings[0]);
    const expected = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 21_600 };
    expect(await run('get-function-event-invoke-config', '--function-name', 'say')).toMatchObject(expected);
    const list = await run('list-function-event-invoke-configs', '--function-name', 'say');
    expect(list.FunctionEventInvokeConfigs).toMatchObject([expected]);
  });
});
