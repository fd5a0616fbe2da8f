import type { NewHop } from '../../timeline';
import type { Execution } from './execution';
import type { Documents } from './path';
import type { Scope } from './scope';
import { StateError } from './state-error';
import type { Template } from './template';

/** Bytes of input and output of a state, as UTF-8. Source: Step Functions quotas. */
export const maximumData = 262_144;

/** States that run one after the other: a machine, a branch, an item of a map. */
export interface Thread {
  readonly scope: Scope;
  /** Id of the last event of the history. */
  event: number;
  /** The hop that what comes next is caused by. */
  hop: number;
  /** `$$.Map` */
  readonly map?: object;
}

/** One state that is being run. */
export class Frame {
  retries = 0;
  private readonly entered: number;

  constructor(
    readonly execution: Execution,
    readonly name: string,
    readonly thread: Thread,
  ) {
    this.entered = execution.runtime.clock.now();
  }

  /** The context object (Developer Guide, "Accessing execution data from the Context object"). */
  private get context(): object {
    const { machine, beginning, started } = this.execution;
    return {
      Execution: {
        Id: beginning.arn,
        Input: JSON.parse(beginning.input) as unknown,
        Name: beginning.name,
        RoleArn: machine.roleArn,
        StartTime: new Date(started).toISOString(),
      },
      State: { EnteredTime: new Date(this.entered).toISOString(), Name: this.name, RetryCount: this.retries },
      StateMachine: { Id: machine.arn, Name: machine.name },
      ...(this.thread.map && { Map: this.thread.map }),
    };
  }

  documents(input: unknown): Documents {
    return { input, context: this.context };
  }

  /** @throws StateError also if more comes of it than a state may hold */
  render(template: Template | undefined, input: unknown): unknown {
    if (!template) return input;
    return this.limited(template(this.documents(input), this.execution.runtime.random));
  }

  /** @throws StateError `States.DataLimitExceeded` */
  limited<T>(data: T): T {
    if (Buffer.byteLength(JSON.stringify(data)) <= maximumData) return data;
    throw new StateError(
      'States.DataLimitExceeded',
      `The state/task '${this.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }

  /** Adds an event to the history; nothing follows the event that ends the execution. */
  add(type: string, details: object = {}): void {
    if (this.execution.status !== 'RUNNING') return;
    this.thread.event = this.execution.history.add(type, this.thread.event, details);
  }

  /** Records a hop, which causes what comes next. */
  record(hop: Pick<NewHop, 'operation' | 'summary'> & Partial<NewHop>): void {
    const { runtime, machine, beginning } = this.execution;
    this.thread.hop = runtime.timeline.record({
      service: 'states',
      resource: beginning.arn,
      principal: beginning.role.arn,
      parents: [this.thread.hop],
      ...hop,
      summary: `${machine.name}, ${this.name}: ${hop.summary}`,
    });
  }
}
