import { z } from 'zod';
import { AwsError } from '../../../../local/aws-error';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { type Metric, Runtime } from '../../../../local/runtime';
import { type Call, jsonErrors, type Service } from '../../../../local/service';
import { scheduler } from '../../../../local/services/scheduler';
import { sts } from '../../../../local/services/sts';
import { runUntil } from '../../../../local/simulation';

export const roleArn = 'arn:aws:iam::000000000000:role/retry';
/** The only schedule group that the role trusts. */
export const group = 'arn:aws:scheduler:eu-west-1:000000000000:schedule-group/default';
export const scheduleArn = 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/retry';
export const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:retry';
export const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:retry-dlq';
export const busArn = 'arn:aws:events:eu-west-1:000000000000:event-bus/events';
const minute = 60_000;

interface Sent {
  readonly operation: string;
  readonly input: any; // eslint-disable-line typescript/no-explicit-any -- inputs of any operation
  readonly principal: string;
  readonly parents: readonly number[];
  /** Minutes since the start. */
  readonly minute: number;
}

/** A service of one operation. */
function recording(
  name: string,
  operation: string,
  permission: { action: string; resource: (input: any) => string },
  run: (input: any, call: Call) => unknown,
): Service {
  const permissions = (input: any) => [{ action: permission.action, resource: permission.resource(input) }];
  return {
    name,
    errors: jsonErrors,
    resources: {},
    operations: { [operation]: { input: z.looseObject({}), permissions, run } },
  };
}

/** The role that schedules invoke their targets with. Returns what replaces its rights. */
function putRole(runtime: Runtime, trusted: string) {
  const Condition = { StringEquals: { 'aws:SourceAccount': '000000000000', 'aws:SourceArn': trusted } };
  const trust = { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const trustPolicy = { Version: '2012-10-17', Statement: [{ ...trust, Condition }] };
  runtime.iam.putRole({ arn: roleArn, name: 'retry', trustPolicy });
  const allow = (...Action: string[]) =>
    runtime.iam.putRolePolicy(roleArn, 'targets', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    });
  allow('lambda:InvokeFunction', 'sqs:SendMessage', 'events:PutEvents', 'states:StartExecution');
  return allow;
}

/** A runtime whose targets write down what they are sent, and answer as told. */
export function setUp(trusted: string = group) {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-west-1' });
  const began = clock.now();
  const sent: Sent[] = [];
  const metrics: Metric[] = [];
  let answer: (operation: string) => unknown = () => ({});
  const target = (name: string, operation: string, action: string, resource: (input: any) => string): Service =>
    recording(name, operation, { action: `${name}:${action}`, resource }, (input, { principal, parents }) => {
      const by = principal.kind === 'role' ? principal.roleArn : principal.kind;
      sent.push({ operation, input, principal: by, parents, minute: (clock.now() - began) / minute });
      return answer(operation);
    });
  const service = scheduler(runtime);
  for (const one of [
    service,
    sts(runtime),
    target('lambda', 'Invoke', 'InvokeFunction', ({ FunctionName }) => FunctionName),
    target('sqs', 'SendMessage', 'SendMessage', () => queueArn),
    target('events', 'PutEvents', 'PutEvents', () => busArn),
    target('states', 'StartExecution', 'StartExecution', ({ stateMachineArn }) => stateMachineArn),
  ])
    runtime.register(one);
  runtime.onMetric((metric) => metrics.push(metric));
  const allow = putRole(runtime, trusted);
  const make = (given: Record<string, unknown> = {}, to: object = {}) => {
    const type = service.resources.aws_scheduler_schedule!;
    const args = type.arguments.parse({
      name: 'retry',
      schedule_expression: 'rate(5 minutes)',
      flexible_time_window: [{ mode: 'OFF' }],
      target: [{ arn: functionArn, role_arn: roleArn, ...to }],
      ...given,
    });
    return type.create({ address: 's/aws_scheduler_schedule.it', stack: 's', type: '', name: 'it', arguments: args });
  };
  return {
    runtime,
    clock,
    service,
    sent,
    allow,
    make,
    answer: (fn: typeof answer) => (answer = fn),
    pass: async (minutes: number) => runUntil(runtime, clock, () => false, minutes * minute),
    call: async (operation: string, input: object) =>
      runtime.call({ service: 'scheduler', operation, input, principal: runtime.administrator }),
    hops: (operation: string) => runtime.timeline.hops.filter((hop) => hop.operation === operation),
    counted: (name: string) => metrics.filter((metric) => metric.name === name).length,
    metrics,
  };
}

/** An answer of a target: a failure that is tried again. */
export const unavailable = () => {
  throw new AwsError('ServiceException', 'not now', 500);
};
