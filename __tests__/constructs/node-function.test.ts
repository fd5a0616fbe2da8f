import { NodeFunction } from '../../constructs/node-function';
import { encryptedStack, statementsOf } from './stack';

const entry = 'lambdas/orders/order-confirmation.ts';

test('two functions of one name are refused', () => {
  const { stack, encryptionKey } = encryptedStack();
  const props = { name: 'one', entry, timeout: 30, encryptionKey };
  new NodeFunction(stack, 'first', props);
  expect(() => new NodeFunction(stack, 'second', props)).toThrow(
    /^Two functions are called one: give one of them another name$/,
  );
});

test('two apps may each have a function of one name', () => {
  for (const { stack, encryptionKey } of [encryptedStack(), encryptedStack()]) {
    expect(() => new NodeFunction(stack, 'function', { name: 'one', entry, timeout: 30, encryptionKey })).not.toThrow();
  }
});

test('a source file that is not there is refused in one line', () => {
  const { stack, encryptionKey } = encryptedStack();
  const props = { name: 'one', entry: 'lambdas/missing.ts', timeout: 30, encryptionKey };
  expect(() => new NodeFunction(stack, 'function', props)).toThrow(
    /^The function one has no source file .*lambdas\/missing\.ts$/,
  );
});

test('logs to its own group, which its role may write to, and traces', () => {
  const { stack, encryptionKey, synthesized } = encryptedStack({ OUTBOX_FUNCTION_MEMORY: '512' });
  new NodeFunction(stack, 'function', { name: 'one', entry, timeout: 30, environment: { TABLE: 't' }, encryptionKey });
  const result = synthesized();
  expect(result.one('aws_lambda_function')).toMatchObject({
    function_name: 'outbox-dev-one',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memory_size: 512,
    timeout: 30,
    tracing_config: { mode: 'Active' },
    environment: { variables: { TABLE: 't' } },
  });
  expect(result.one('aws_cloudwatch_log_group').name).toBe('/aws/lambda/outbox-dev-one');
  expect(Object.keys(statementsOf(result.one('aws_iam_role_policy').policy)).sort()).toEqual(['Trace', 'WriteLogs']);
});
