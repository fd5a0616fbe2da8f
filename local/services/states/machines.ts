import { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import { parseDefinition } from './definition';
import { Execution, type Result, type Status } from './execution';
import { runStates } from './interpreter';
import { type Log, type Logging, checkLogging, machineLog } from './log';
import { Ended } from './scope';
import { StateError } from './state-error';
import type { StateMachine } from './state-machine';
import { type Integration, integrationOf } from './tasks';
import { sendSegment } from './trace';

/** The service as principals name it. */
const service = 'states.amazonaws.com';

/** Milliseconds for which the name of a closed execution stays taken. Source: API reference, StartExecution. */
const nameKept = 90 * 86_400_000;

/** How the last event and the metric of an execution are named. */
const endings = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' } as const;

/** What a state machine is made of. */
export interface MachineOptions {
  readonly name: string;
  readonly roleArn: string;
  /** Amazon States Language. */
  readonly text: string;
  readonly logging: Logging;
  readonly isTraced: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** What an execution is started with. */
export interface StartOptions {
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  readonly traceHeader?: string | undefined;
  /** Records the hop of the start. */
  record(executionArn: string): number;
}

/** All state machines and their executions. */
export class Machines {
  private readonly machines = new Map<string, { readonly machine: StateMachine; readonly log: Log }>();
  /** By ARN, oldest first. */
  private readonly executions = new Map<string, Execution>();

  constructor(readonly runtime: Runtime) {
    runtime.onStop(() => {
      for (const execution of this.executions.values()) execution.root.scope.end();
    });
  }

  /** @throws Error for a definition that cannot be run, and a role that cannot be assumed or lacks what logging needs */
  async add({ text, ...options }: MachineOptions): Promise<StateMachine> {
    const { runtime } = this;
    const { name, roleArn, logging } = options;
    const arn = runtime.arn('states', `stateMachine:${name}`);
    if (this.machines.has(arn)) throw new Error(`There is already a state machine named ${name}`);
    const integrations = new Map<string, Integration>();
    const definition = parseDefinition(text, (resource) => {
      try {
        integrations.set(resource, integrationOf(runtime, resource));
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    });
    await checkLogging(runtime, logging, this.assume(roleArn, arn));
    const machine = { ...options, arn, text, definition, integrations, created: runtime.clock.now() };
    this.machines.set(arn, { machine, log: machineLog(runtime, machine, logging) });
    return machine;
  }

  private assume(roleArn: string, arn: string): RolePrincipal {
    const { runtime } = this;
    try {
      return runtime.assumeRole(roleArn, service, arn, runtime.random.uuid().replaceAll('-', ''));
    } catch (error) {
      throw new AwsError(
        'AccessDeniedException',
        `Neither the global service principal ${service}, nor the regional one is authorized to assume the provided role ${roleArn}: ${(error as Error).message}`,
      );
    }
  }

  get all(): StateMachine[] {
    return [...this.machines.values()].map(({ machine }) => machine);
  }

  /** @throws AwsError `StateMachineDoesNotExist` */
  find(arn: string): StateMachine {
    return this.known(arn).machine;
  }

  private known(arn: string) {
    const known = this.machines.get(arn);
    if (known) return known;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  /** @throws AwsError `ExecutionDoesNotExist` */
  execution(arn: string): Execution {
    const execution = this.executions.get(arn);
    if (execution) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /** Executions of a state machine, the one started last first. */
  executionsOf(machineArn: string, status?: Status): Execution[] {
    return [...this.executions.values()]
      .filter(({ machine, status: own }) => machine.arn === machineArn && (status === undefined || own === status))
      .toReversed();
  }

  /**
   * Starts an execution, unless one of that name and input is running.
   *
   * @throws AwsError `ExecutionAlreadyExists` for a name that is taken
   */
  start(machineArn: string, { name, input, traceHeader, record }: StartOptions): Execution {
    const { machine, log } = this.known(machineArn);
    const { runtime } = this;
    const arn = runtime.arn('states', `execution:${machine.name}:${name}`);
    const same = this.executions.get(arn);
    if (same && (same.stopped === undefined || runtime.clock.now() < same.stopped + nameKept)) {
      if (same.status === 'RUNNING' && same.beginning.input === input) return same;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const role = this.assume(machine.roleArn, machine.arn);
    const execution = new Execution(runtime, machine, {
      arn,
      name,
      input,
      traceHeader,
      role,
      hop: record(arn),
      heard: (event, details) => log(arn, event, details),
    });
    this.executions.delete(arn);
    this.executions.set(arn, execution);
    this.measure(machine, 'ExecutionsStarted', 1);
    void runtime.track(this.run(execution));
    return execution;
  }

  private async run(execution: Execution): Promise<void> {
    const { machine, beginning, root } = execution;
    const { input } = beginning;
    const details = { input, inputDetails: { truncated: false }, roleArn: machine.roleArn };
    execution.history.add('ExecutionStarted', 0, details);
    const { TimeoutSeconds: limit } = machine.definition;
    const timer = limit && this.runtime.clock.schedule(limit * 1000, () => this.end(execution, 'TIMED_OUT', {}));
    try {
      const output = await runStates(execution, machine.definition, JSON.parse(input), root);
      this.end(execution, 'SUCCEEDED', { output: JSON.stringify(output) });
    } catch (error) {
      if (error instanceof Ended) return;
      const failure = error instanceof StateError ? error : new StateError('States.Runtime', String(error));
      this.end(execution, 'FAILED', failure.details);
    } finally {
      if (timer) timer.cancel();
    }
  }

  /**
   * Ends an execution, unless it has ended.
   *
   * @param causes hops that end it beside its own last
   */
  end(execution: Execution, status: Exclude<Status, 'RUNNING'>, result: Result, causes: readonly number[] = []): void {
    if (!execution.end(status, result)) return;
    const { runtime } = this;
    const { machine, history, beginning, root, started } = execution;
    const ending = endings[status];
    const details = status === 'SUCCEEDED' ? { ...result, outputDetails: { truncated: false } } : result;
    history.add(`Execution${ending}`, root.event, details);
    this.measure(machine, `Executions${ending}`, 1);
    this.measure(machine, 'ExecutionTime', runtime.clock.now() - started);
    const hop = runtime.timeline.record({
      service: 'states',
      operation: 'end',
      resource: beginning.arn,
      principal: beginning.role.arn,
      parents: [...new Set([root.hop, ...causes])],
      outcome: status === 'SUCCEEDED' ? 'ok' : 'failed',
      summary: `${machine.name}: execution ${beginning.name} ${status}${result.error ? `: ${result.error}` : ''}`,
      data: { ...result },
    });
    sendSegment(runtime, execution, hop);
  }

  private measure(machine: StateMachine, name: string, value: number): void {
    this.runtime.measure({ namespace: 'AWS/States', name, dimensions: { StateMachineArn: machine.arn }, value });
  }
}
