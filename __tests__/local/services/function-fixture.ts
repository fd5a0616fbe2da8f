import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { type Metric, Runtime } from '../../../local/runtime';
import type { Service } from '../../../local/service';
import { lambda } from '../../../local/services/lambda';
import { logs } from '../../../local/services/logs';
import { sts } from '../../../local/services/sts';

export const account = '000000000000';
export const role = `arn:aws:iam::${account}:role/function`;

const trust = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

/** A runtime with Lambda, logs, and functions written to a temporary folder. */
export function functionFixture(clock = simulatedClock()) {
  const folder = mkdtempSync(join(tmpdir(), 'functions-'));
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-west-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const metrics: Metric[] = [];
  runtime.onMetric((metric) => metrics.push(metric));
  const services: Record<string, Service> = {
    sts: sts(runtime),
    logs: logs(runtime),
    lambda: lambda(runtime, { codeDirectory: (filename) => (filename.startsWith(folder) ? filename : undefined) }),
  };
  for (const service of Object.values(services)) runtime.register(service);
  runtime.iam.putRole({ arn: role, name: 'function', trustPolicy: trust });

  /** Replaces what the functions' role may do. */
  const allow = (...actions: string[]) => {
    const Statement = actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' }));
    runtime.iam.putRolePolicy(role, 'all', { Version: '2012-10-17', Statement });
  };
  /** Makes a resource as the loader does. */
  const create = async (type: string, name: string, given: object): Promise<any> => {
    const service = Object.values(services).find((candidate) => type in candidate.resources)!;
    const resource = service.resources[type]!;
    const parsed = resource.arguments.parse(given);
    const made = { address: `test/${type}.${name}`, stack: 'test', type, name, arguments: parsed };
    return { ...parsed, ...(await resource.create(made)) };
  };
  /** Writes a module and makes a function of it, with its log group. */
  const addFunction = async (name: string, code: string, given: object = {}): Promise<any> => {
    const filename = join(folder, name);
    mkdirSync(filename);
    writeFileSync(join(filename, 'index.mjs'), code);
    if (!('logging_config' in given)) await create('aws_cloudwatch_log_group', name, { name: `/aws/lambda/${name}` });
    const standard = { function_name: name, role, runtime: 'nodejs24.x', handler: 'index.handler', filename };
    return create('aws_lambda_function', name, { ...standard, ...given });
  };
  const call = async (service: string, operation: string, input: object): Promise<any> =>
    runtime.call({ service, operation, input, principal: runtime.administrator });
  /** Invokes and parses the answer. */
  const invoke = async (FunctionName: string, event: unknown = {}, more: object = {}) => {
    const answer = await call('lambda', 'Invoke', { FunctionName, Payload: JSON.stringify(event), ...more });
    return { ...answer, value: answer.Payload ? JSON.parse(answer.Payload) : undefined };
  };
  /** All lines that the function logged. */
  const lines = async (name: string): Promise<string[]> => {
    await runtime.idle();
    const { events } = await call('logs', 'FilterLogEvents', { logGroupName: `/aws/lambda/${name}` });
    return events.map((event: { message: string }) => event.message);
  };
  const close = async () => {
    await runtime.stop();
    rmSync(folder, { recursive: true });
  };
  allow('*');
  return { runtime, clock, metrics, services, allow, create, addFunction, call, invoke, lines, close };
}
