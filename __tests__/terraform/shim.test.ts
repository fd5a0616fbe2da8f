import { type Answer, type Asked, json, type Next, parsed } from './shim/gap';
import { functionLogging, invokeConfigs } from './shim/lambda';
import { bucketPolicies } from './shim/s3';
import { queueAttributes } from './shim/sqs';
import { stateMachines } from './shim/states';

const request = (target: string, body: object = {}, method = 'POST', path = '/'): Asked => ({
  method,
  path,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
  target,
});
const unasked: Next = async ({ target, path }) => {
  throw new Error(`${target} ${path} reached the mock`);
};
/** A mock that notes what it is asked and answers one thing. */
function mock(answer: object): { asked: unknown[]; next: Next } {
  const asked: unknown[] = [];
  return {
    asked,
    async next(one) {
      asked.push(parsed(one));
      return json(answer);
    },
  };
}
const said = async (answer: Promise<Answer>) => parsed(await answer);

test('queues keep their policies, and the mock never sees the redrive-allow policy', async () => {
  const gap = queueAttributes();
  const { asked, next } = mock({ Attributes: { RedrivePolicy: '{"a": 1}', DelaySeconds: '0' } });
  const Attributes = { Policy: 'policy', RedriveAllowPolicy: 'allow' };
  await gap(request('AmazonSQS.CreateQueue', { QueueName: 'one', Attributes }), next);
  const QueueUrl = 'http://127.0.0.1/1/one';
  await gap(request('AmazonSQS.SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '1' } }), next);
  expect(asked).toEqual([
    { QueueName: 'one', Attributes: { Policy: 'policy' } },
    { QueueUrl, Attributes: { DelaySeconds: '1', Policy: 'policy' } },
  ]);
  const read = async (AttributeNames: string[], url = QueueUrl) =>
    said(gap(request('AmazonSQS.GetQueueAttributes', { QueueUrl: url, AttributeNames }), next));
  expect(await read(['RedriveAllowPolicy'])).toEqual({ Attributes: { RedriveAllowPolicy: 'allow' } });
  expect(await read(['All'])).toEqual({
    Attributes: { RedrivePolicy: '{"a":1}', DelaySeconds: '0', RedriveAllowPolicy: 'allow' },
  });
  expect(await read(['RedriveAllowPolicy'], 'http://127.0.0.1/1/two')).toEqual({ Attributes: {} });
});

test('functions keep how they log', async () => {
  const gap = functionLogging();
  const LoggingConfig = { LogFormat: 'JSON' };
  const create = request('', { FunctionName: 'one', LoggingConfig }, 'POST', '/2015-03-31/functions');
  expect(await said(gap(create, mock({ FunctionName: 'one' }).next))).toEqual({ FunctionName: 'one', LoggingConfig });
  const get = { ...request('', {}, 'GET', '/2015-03-31/functions/one'), body: Buffer.alloc(0) };
  expect(await said(gap(get, mock({ Configuration: { Timeout: 3 } }).next))).toEqual({
    Configuration: { Timeout: 3, LoggingConfig },
  });
});

test('a second configuration of asynchronous invocations takes the place of the first', async () => {
  const seen: string[] = [];
  const next: Next = async ({ method }) => {
    seen.push(method);
    return json({});
  };
  await invokeConfigs(request('', {}, 'PUT', '/2019-09-25/functions/one/event-invoke-config'), next);
  await invokeConfigs(request('', {}, 'PUT', '/2017-10-31/functions/one/concurrency'), next);
  expect(seen).toEqual(['DELETE', 'PUT', 'PUT']);
});

test('definitions of state machines are really validated', async () => {
  const validate = async (definition: object) =>
    said(
      stateMachines(
        request('AWSStepFunctions.ValidateStateMachineDefinition', { definition: JSON.stringify(definition) }),
        unasked,
      ),
    );
  expect(await validate({ StartAt: 'A', States: { A: { Type: 'Succeed' } } })).toMatchObject({ result: 'OK' });
  expect(await validate({ StartAt: 'B', States: { A: { Type: 'Succeed' } } })).toMatchObject({ result: 'FAIL' });
});

test('bucket policies are kept, and other requests for a bucket pass', async () => {
  const gap = bucketPolicies();
  await gap(request('', { Statement: [] }, 'PUT', '/bucket?policy'), unasked);
  expect(await said(gap(request('', {}, 'GET', '/bucket?policy='), unasked))).toEqual({ Statement: [] });
  await expect(gap(request('', {}, 'GET', '/bucket?policyStatus'), unasked)).rejects.toThrow('reached the mock');
  await gap(request('', {}, 'DELETE', '/bucket?policy'), unasked);
  await expect(gap(request('', {}, 'GET', '/bucket?policy'), unasked)).rejects.toThrow('reached the mock');
});
