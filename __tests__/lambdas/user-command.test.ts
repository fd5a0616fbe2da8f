import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { newUser } from '../../lambdas/users/user';
import { userCommand } from '../../lambdas/users/user-command';
import type { Origin } from '../../lambdas/shared/tracing';
import { captured } from './output';

const context = { functionName: 'create-user', awsRequestId: 'request-1', memoryLimitInMB: '256' } as Context;
const ada = { id: '1', username: 'ada', email: 'ada@example.com' };

/** What a change was called with, what was answered and what was logged. */
async function run(input: unknown, change = async () => ({ id: '1' })) {
  process.env['USERS_TABLE'] = 'users';
  const origins: Origin[] = [];
  const handler = userCommand('create-user', newUser, async (_users, _request, origin) => {
    origins.push(origin);
    return change();
  });
  const answered = await captured(async () => handler(input, context).catch((error: Error) => error));
  return { ...answered, origins };
}

afterEach(() => {
  delete process.env['_X_AMZN_TRACE_ID'];
});

test('the invocation is the cause, and correlates what follows unless the request says what does', async () => {
  expect((await run(ada)).origins).toEqual([{ correlationId: 'request-1', causationId: 'request-1' }]);
  const correlated = await run({ ...ada, correlationId: 'signup-1' });
  expect(correlated.origins).toEqual([{ correlationId: 'signup-1', causationId: 'request-1' }]);
});

test('the trace of the invocation goes with the change', async () => {
  process.env['_X_AMZN_TRACE_ID'] =
    'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a:0';
  expect((await run(ada)).origins).toMatchObject([
    { traceparent: '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01' },
  ]);
});

test('answers what the change answers, and logs ids only', async () => {
  const { result, lines } = await run(ada);
  expect(result).toEqual({ id: '1' });
  expect(lines).toEqual([expect.objectContaining({ message: 'done', userId: '1', correlationId: 'request-1' })]);
  expect(JSON.stringify(lines)).not.toContain('example.com');
});

test('a request that does not fit changes nothing', async () => {
  const send = jest.spyOn(DynamoDBClient.prototype, 'send');
  const { result, lines, origins } = await run({ ...ada, email: 'hunter2' });
  expect(result).toMatchObject({ name: 'InvalidRequest', message: expect.stringMatching(/^email: /) });
  expect(origins).toEqual([]);
  expect(send).not.toHaveBeenCalled();
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('an error of the change is the answer, by its name', async () => {
  const failure = Object.assign(new Error('no'), { name: 'UserExists' });
  const { result, lines } = await run(ada, async () => Promise.reject(failure));
  expect(result).toBe(failure);
  expect(lines).toEqual([
    expect.objectContaining({ message: 'failed', error: expect.objectContaining({ name: 'UserExists' }) }),
  ]);
});
