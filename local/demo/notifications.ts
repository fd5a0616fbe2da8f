import type { Local } from '../index';
import type { Hop } from '../timeline';
import { nameOf } from './resources';
import type { Step } from './step';

async function put(local: Local, id: string): Promise<string> {
  const Item = { id: { S: id }, message: { S: `Hello from ${id}` } };
  await local.call('dynamodb', 'PutItem', { TableName: nameOf(local, 'aws_dynamodb_table', 'messages'), Item });
  return 'written';
}

/** Changes the topic that the sending function publishes to. */
async function retarget(local: Local, change: (arn: string) => string): Promise<void> {
  const FunctionName = nameOf(local, 'aws_lambda_function', 'send-message');
  const { Environment } = await local.call('lambda', 'GetFunctionConfiguration', { FunctionName });
  const Variables = { ...Environment.Variables, TOPIC_ARN: change(Environment.Variables.TOPIC_ARN) };
  await local.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, Environment: { Variables } });
}

const ended = (how: string) => (hop: Hop) =>
  hop.service === 'states' && hop.operation === 'end' && hop.summary.endsWith(how);
const breaker = (change: string) => (hop: Hop) =>
  hop.service === 'cloudwatch' &&
  hop.operation === 'alarm' &&
  hop.summary.includes(`-send-message-SendFailed: ${change}`);

/** Messages written to the table, with a topic that comes and goes. */
export const notifications: readonly Step[] = [
  {
    title: 'A message is delivered',
    input: 'message-1',
    act: async (local) => put(local, 'message-1'),
    end: { what: 'the topic takes it', hops: [{ matches: ended('SUCCEEDED') }] },
  },
  {
    title: 'A message fails whose topic is gone',
    input: 'TOPIC_ARN of send-message names a topic that does not exist; message-2',
    async act(local) {
      await retarget(local, (arn) => `${arn}-gone`);
      return put(local, 'message-2');
    },
    end: {
      what: 'three failures in a minute open the breaker',
      hops: [{ matches: ended('SendFailed') }, { matches: breaker('OK -> ALARM') }],
    },
  },
  {
    title: 'While the breaker is open, nothing is tried',
    input: 'message-3',
    act: async (local) => put(local, 'message-3'),
    end: {
      what: 'it is held back, and a minute without failures closes the breaker',
      hops: [{ matches: ended('CircuitOpen') }, { matches: breaker('ALARM -> OK') }],
    },
  },
  {
    title: 'The schedule sends what failed when the topic is back',
    input: 'TOPIC_ARN as it was',
    async act(local) {
      await retarget(local, (arn) => arn.replace(/-gone$/, ''));
      return 'no one does anything else';
    },
    end: { what: 'both messages are delivered', hops: [{ matches: ended('SUCCEEDED'), count: 2 }] },
  },
];
