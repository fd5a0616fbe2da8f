import { z } from 'zod';
import { AwsError } from '../../../../local/aws-error';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { type Metric, Runtime } from '../../../../local/runtime';
import { type Service, jsonErrors } from '../../../../local/service';
import { states } from '../../../../local/services/states';
import { sts } from '../../../../local/services/sts';
import { runUntil } from '../../../../local/simulation';

export const region = 'eu-west-1';
export const account = '000000000000';
export const roleArn = `arn:aws:iam::${account}:role/machine`;
export const machineArn = `arn:aws:states:${region}:${account}:stateMachine:machine`;
export const functionArn = `arn:aws:lambda:${region}:${account}:function:work`;

const trust = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'states.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': machineArn } },
  },
};

/** A call that a task made. */
export interface Made {
  readonly service: string;
  readonly operation: string;
  readonly input: any; // eslint-disable-line typescript/no-explicit-any -- inputs of any operation
  readonly principal: string;
  readonly parents: readonly number[];
  /** Seconds since the start. */
  readonly at: number;
}

/** What an operation of a neighbour answers. */
export type Answer = (call: Made) => unknown;

/** A runtime with Step Functions and neighbours that note what they are asked and answer as told. */
export class Harness {
  readonly clock = simulatedClock();
  readonly runtime = new Runtime({ clock: this.clock, random: seededRandom(1), region });
  readonly made: Made[] = [];
  readonly metrics: Metric[] = [];
  readonly service: Service;
  answer: Answer = () => ({});
  private readonly began = this.clock.now();

  constructor(allowed: readonly string[] = ['*']) {
    const { runtime } = this;
    runtime.onMetric((metric) => this.metrics.push(metric));
    this.service = states(runtime);
    const neighbours = {
      lambda: ['Invoke'],
      sns: ['Publish'],
      sqs: ['SendMessage'],
      events: ['PutEvents'],
      dynamodb: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      cloudwatch: ['DescribeAlarms'],
      logs: ['CreateLogStream', 'PutLogEvents', 'DescribeLogGroups'],
      xray: ['PutTraceSegments'],
    };
    for (const service of [sts(runtime), this.service]) runtime.register(service);
    for (const [name, operations] of Object.entries(neighbours)) runtime.register(this.neighbour(name, operations));
    runtime.iam.putRole({ arn: roleArn, name: 'machine', trustPolicy: trust });
    this.allow(...allowed);
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (this.clock.now() - this.began) / 1000;
  }

  /** Replaces what the role may do. */
  allow(...actions: string[]): void {
    const Statement = actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' }));
    if (Statement.length === 0) Statement.push({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
    runtimePolicy(this.runtime, Statement);
  }

  private neighbour(name: string, operations: readonly string[]): Service {
    const operation = (action: string) => ({
      input: z.looseObject({}),
      permissions: () => [
        { action: `${name}:${action === 'Invoke' ? 'InvokeFunction' : action}`, resource: neighbourArn(name) },
      ],
      run: async (input: object, { principal, parents }: { principal: any; parents: readonly number[] }) => {
        const by = principal.kind === 'service' ? principal.service : principal.arn;
        const made = { service: name, operation: action, input, principal: by, parents, at: this.seconds };
        this.made.push(made);
        return this.answer(made);
      },
    });
    return {
      name,
      errors: jsonErrors,
      resources: {},
      operations: Object.fromEntries(operations.map((action) => [action, operation(action)])),
    };
  }

  /** Waits for a number of seconds of the clock, as a slow service does. */
  async takes(seconds: number): Promise<void> {
    await this.runtime.untracked(new Promise<void>((resolve) => void this.clock.schedule(seconds * 1000, resolve)));
  }

  /** Makes a state machine as the loader does. */
  async create(definition: object, rest: object = {}): Promise<any> {
    const type = this.service.resources.aws_sfn_state_machine!;
    const parsed = type.arguments.parse({
      name: 'machine',
      role_arn: roleArn,
      definition: JSON.stringify(definition),
      ...rest,
    });
    const resource = { address: 'test/it', stack: 'test', type: 'aws_sfn_state_machine', name: 'it' };
    return type.create({ ...resource, arguments: parsed });
  }

  async call(operation: string, input: object): Promise<any> {
    const principal = this.runtime.administrator;
    return this.runtime.call({ service: 'states', operation, input, principal });
  }

  async start(input: unknown = {}, rest: object = {}): Promise<string> {
    const given = { stateMachineArn: machineArn, input: JSON.stringify(input), ...rest };
    const { executionArn } = await this.call('StartExecution', given);
    return executionArn as string;
  }

  /** Lets time pass until the execution has ended, and describes it with its output parsed. */
  async end(executionArn: string): Promise<any> {
    const ended = () =>
      this.runtime.timeline.hops.some((hop) => hop.operation === 'end' && hop.resource === executionArn);
    if (!(await runUntil(this.runtime, this.clock, ended))) throw new Error(`${executionArn} does not end`);
    await this.runtime.idle();
    const { output, ...rest } = await this.call('DescribeExecution', { executionArn });
    return { ...rest, ...(output !== undefined && { output: JSON.parse(output as string) as unknown }) };
  }

  /** Runs one state machine once. */
  async run(definition: object, input: unknown = {}): Promise<any> {
    await this.create(definition);
    return this.end(await this.start(input));
  }

  async types(executionArn: string): Promise<string[]> {
    const { events } = await this.call('GetExecutionHistory', { executionArn, maxResults: 1000 });
    return (events as { type: string }[]).map(({ type }) => type);
  }
}

function runtimePolicy(runtime: Runtime, Statement: object[]): void {
  runtime.iam.putRolePolicy(roleArn, 'all', { Version: '2012-10-17', Statement });
}

/** What all operations of a neighbour act on. */
export function neighbourArn(service: string): string {
  return `arn:aws:${service}:${region}:${account}:it`;
}

/** An answer that refuses. */
export function refusing(code: string, message = 'no', status = 400): Answer {
  return () => {
    throw new AwsError(code, message, status);
  };
}

/** A machine of one state. */
export const single = (state: object) => ({ StartAt: 'It', States: { It: { End: true, ...state } } });
