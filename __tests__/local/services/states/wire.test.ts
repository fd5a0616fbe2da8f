import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type Gateway, startGateway } from '../../../../local/gateway';
import { Harness, machineArn, region, single } from './harness';

const harness = new Harness();
let gateway: Gateway;
let client: SFNClient;

beforeAll(async () => {
  gateway = await startGateway(harness.runtime, { port: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SFNClient({ endpoint: gateway.endpoint, region, credentials, maxAttempts: 1, disableHostPrefix: true });
  await harness.create(single({ Type: 'Pass', Result: { done: true } }));
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
});

test('an execution from start to end', async () => {
  const start = new StartExecutionCommand({ stateMachineArn: machineArn, name: 'wire', input: '{"x":1}' });
  const { executionArn, startDate } = await client.send(start);
  expect(startDate).toEqual(new Date('2026-01-01T00:00:00Z'));
  await harness.runtime.idle();
  const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}', stopDate: startDate });
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events?.at(-1)).toMatchObject({ type: 'ExecutionSucceeded', timestamp: startDate });
});

test('an error under its name', async () => {
  const describe = new DescribeExecutionCommand({ executionArn: `${machineArn}:none` });
  await expect(client.send(describe)).rejects.toBeInstanceOf(ExecutionDoesNotExist);
});
