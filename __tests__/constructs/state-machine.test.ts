import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { AlarmTopic } from '../../constructs/alarm-topic';
import { StateMachine } from '../../constructs/state-machine';
import { encryptedStack, statementsOf } from './stack';

const folder = mkdtempSync(join(tmpdir(), 'outbox-asl-'));

function stateMachine(definition: object, values: Record<string, string> = {}, more: { logLevel?: 'ALL' } = {}) {
  const file = join(folder, 'it.asl.json');
  writeFileSync(file, JSON.stringify(definition));
  const { stack, encryptionKey, synthesized } = encryptedStack();
  const alarmTopic = new AlarmTopic(stack, 'alarms', { name: 'alarms', encryptionKey });
  const root = join(__dirname, '../..');
  const props = { name: 'work', definition: relative(root, file), values, encryptionKey, alarmTopic, ...more };
  new StateMachine(stack, 'it', props);
  return synthesized();
}
const definition = { StartAt: 'Do', TimeoutSeconds: 60, States: { Do: { Type: 'Pass', Result: '${name}' } } };

test('is traced, and logs errors without data to an encrypted group, once it may', () => {
  const it = stateMachine(definition, { name: 'n' });
  expect(it.one('aws_sfn_state_machine')).toMatchObject({
    name: 'outbox-dev-work',
    role_arn: expect.stringMatching(/^\$\{aws_iam_role\.it_role\w+\.arn\}$/),
    tracing_configuration: { enabled: true },
    logging_configuration: {
      level: 'ERROR',
      include_execution_data: false,
      log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/),
    },
    depends_on: [
      expect.stringMatching(/^aws_iam_role_policy\.it_role/),
      expect.stringMatching(/^aws_cloudwatch_log_resource_policy\.it_logs_delivery/),
    ],
  });
  expect(it.one('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/vendedlogs/states/outbox-dev-work',
    kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/),
  });
});

test('logs all events where that is wanted, still without data', () => {
  const it = stateMachine(definition, { name: 'n' }, { logLevel: 'ALL' });
  expect(it.one('aws_sfn_state_machine').logging_configuration).toMatchObject({
    level: 'ALL',
    include_execution_data: false,
  });
});

test('its role is its own, and may deliver logs and trace', () => {
  const it = stateMachine(definition, { name: 'n' });
  const [trust] = Object.values(statementsOf(it.one('aws_iam_role').assume_role_policy));
  expect(trust).toMatchObject({
    Principal: { Service: 'states.amazonaws.com' },
    Condition: {
      ArnEquals: { 'aws:SourceArn': expect.stringMatching(/:states:.*:stateMachine:outbox-dev-work$/) },
      StringEquals: { 'aws:SourceAccount': expect.stringContaining('account_id') },
    },
  });
  const statements = statementsOf(it.one('aws_iam_role_policy').policy);
  expect(Object.keys(statements)).toEqual(['DeliverLogs', 'Trace']);
});

test('an alarm goes off when an execution takes too long', () => {
  expect(stateMachine(definition, { name: 'n' }).one('aws_cloudwatch_metric_alarm')).toMatchObject({
    namespace: 'AWS/States',
    metric_name: 'ExecutionsTimedOut',
    threshold: 1,
    dimensions: { StateMachineArn: expect.stringMatching(/^\$\{aws_sfn_state_machine\.\w+\.arn\}$/) },
  });
});

test('values go in; what Terraform would take for its own stays text', () => {
  const text = '${name} of $${name} ${ %{if} $$.Execution.Id';
  const it = stateMachine({ ...definition, States: { Do: { Type: 'Pass', Result: text } } }, { name: 'arn:${ref}' });
  expect(JSON.parse(it.one('aws_sfn_state_machine').definition).States.Do.Result).toBe(
    'arn:${ref} of $arn:${ref} $${ %%{if} $$.Execution.Id',
  );
});

test.each([
  ['without a value', {}, /names name, for which there is no value$/],
  ['without a name', { name: 'n', other: 'o' }, /does not name other$/],
])('a name %s is refused', (_what, values, message) => {
  expect(() => stateMachine(definition, values as Record<string, string>)).toThrow(message);
});
