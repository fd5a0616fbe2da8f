import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Thread } from './frame';
import { History, type HistoryEvent } from './history';
import { Scope } from './scope';
import type { StateMachine } from './state-machine';

/** What an execution can be. */
export const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
/** One of {@link statuses}. */
export type Status = (typeof statuses)[number];

/** What an execution ended with. */
export interface Result {
  /** JSON text, of one that succeeded. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** What an execution is begun with. */
export interface Beginning {
  readonly arn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  readonly traceHeader: string | undefined;
  /** The session of the state machine's role in which tasks call. */
  readonly role: RolePrincipal;
  /** The hop that started it. */
  readonly hop: number;
  /** Hears of each event of the history. */
  readonly heard: (event: HistoryEvent, details: object) => void;
}

/** One run of a state machine. */
export class Execution {
  status: Status = 'RUNNING';
  result: Result = {};
  /** Epoch milliseconds. */
  stopped?: number;
  /** Epoch milliseconds. */
  readonly started: number;
  readonly history: History;
  /** Its states, those within branches aside. */
  readonly root: Thread;

  constructor(
    readonly runtime: Runtime,
    readonly machine: StateMachine,
    readonly beginning: Beginning,
  ) {
    this.started = runtime.clock.now();
    this.root = { scope: new Scope(runtime), event: 0, hop: beginning.hop };
    this.history = new History(runtime.clock, beginning.heard);
  }

  /** Ends it, unless it has ended; nothing of it runs afterwards. */
  end(status: Exclude<Status, 'RUNNING'>, result: Result): boolean {
    if (this.status !== 'RUNNING') return false;
    this.status = status;
    this.stopped = this.runtime.clock.now();
    this.result = result;
    this.root.scope.end();
    return true;
  }
}
