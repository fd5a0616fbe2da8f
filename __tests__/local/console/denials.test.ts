import { simulatedClock } from '../../../local/clock';
import { type Denial, denialsIn } from '../../../local/console/denials';
import type { Principal } from '../../../local/principal';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import { jsonErrors } from '../../../local/service';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/relay`;
const role: Principal = { kind: 'role', roleArn, arn: `arn:aws:sts::${account}:assumed-role/relay/session` };
const queue = `arn:aws:sqs:eu-central-1:${account}:orders`;
const service: Principal = {
  kind: 'service',
  service: 'events.amazonaws.com',
  sourceArn: 'arn:aws:events:eu-central-1:000000000000:rule/created',
};

function runtimeWithRole(): Runtime {
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region: 'eu-central-1' });
  for (const name of ['sqs', 'sts']) runtime.register({ name, operations: {}, resources: {}, errors: jsonErrors });
  const Statement = { Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' };
  runtime.iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: { Version: '2012-10-17', Statement } });
  return runtime;
}

/** Asks, is denied, and returns what the console tells of it. */
function denied(runtime: Runtime, principal: Principal, action: string, resource: string): Denial {
  expect(() => runtime.authorize(principal, { action, resource })).toThrow('is not authorized');
  return denialsIn(runtime.timeline)[0]!;
}

test("the statement for a role's policy allows what was denied", () => {
  const runtime = runtimeWithRole();
  const { statement, remedy } = denied(runtime, role, 'sqs:SendMessage', queue);
  expect(remedy).toBe('Put this into a policy of the role relay.');
  runtime.iam.putRolePolicy(roleArn, 'mended', { Version: '2012-10-17', Statement: statement });
  expect(() => runtime.authorize(role, { action: 'sqs:SendMessage', resource: queue })).not.toThrow();
});

test("the statement for a resource's policy allows the service, for the source that asked alone", () => {
  const runtime = runtimeWithRole();
  const { statement, remedy } = denied(runtime, service, 'sqs:SendMessage', queue);
  expect(remedy).toBe(`Put this into the policy of ${queue}.`);
  runtime.iam.setResourcePolicy(queue, { Version: '2012-10-17', Statement: [statement] });
  expect(() => runtime.authorize(service, { action: 'sqs:SendMessage', resource: queue })).not.toThrow();
  const other: Principal = { ...service, sourceArn: 'arn:aws:events:eu-central-1:000000000000:rule/other' };
  expect(() => runtime.authorize(other, { action: 'sqs:SendMessage', resource: queue })).toThrow('is not authorized');
});

test('the statement for a trust policy lets the service assume the role', () => {
  const runtime = runtimeWithRole();
  const { statement, remedy } = denied(runtime, service, 'sts:AssumeRole', roleArn);
  expect(remedy).toBe(`Put this into the trust policy of ${roleArn}.`);
  runtime.iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: { Version: '2012-10-17', Statement: statement } });
  expect(() => runtime.authorize(service, { action: 'sts:AssumeRole', resource: roleArn })).not.toThrow();
});

test('a statement that is missing in the permissions boundary belongs there', () => {
  const runtime = runtimeWithRole();
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' },
  };
  const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
  const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
  const limit = { ...send, Action: 'sqs:ReceiveMessage' };
  const arn = `arn:aws:iam::${account}:policy/limit`;
  const put = (...limits: object[]) =>
    runtime.iam.putRole({ arn: roleArn, name: 'relay', trustPolicy, boundary: { arn, document: document(...limits) } });
  put(limit);
  runtime.iam.putRolePolicy(roleArn, 'inline', document(send));
  const { statement, remedy, reason } = denied(runtime, role, 'sqs:SendMessage', queue);
  expect(reason).toBe('because no permissions boundary allows the sqs:SendMessage action');
  expect(remedy).toBe(`Put this into the permissions boundary of the role, ${arn}.`);
  put(limit, statement!);
  expect(() => runtime.authorize(role, { action: 'sqs:SendMessage', resource: queue })).not.toThrow();
});

test('an explicit deny has no statement against it: the one that denies is named', () => {
  const runtime = runtimeWithRole();
  const Statement = { Sid: 'Never', Effect: 'Deny', Action: 'sqs:*', Resource: '*' };
  runtime.iam.putRolePolicy(roleArn, 'limits', { Version: '2012-10-17', Statement });
  const denial = denied(runtime, role, 'sqs:SendMessage', queue);
  expect(denial.statement).toBeUndefined();
  expect(denial.remedy).toMatch(/^Statement Never of role\/relay: limits denies it/);
});

test('equal denials are told once, with their number, the newest first', () => {
  const runtime = runtimeWithRole();
  for (let time = 0; time < 3; time++) denied(runtime, role, 'sqs:SendMessage', queue);
  denied(runtime, role, 'sqs:DeleteMessage', queue);
  expect(denialsIn(runtime.timeline).map(({ action, count }) => [action, count])).toEqual([
    ['sqs:DeleteMessage', 1],
    ['sqs:SendMessage', 3],
  ]);
});
