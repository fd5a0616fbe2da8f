import type { Advance } from './advance';
import type { CallRequest } from './call';
import type { SimulatedClock } from './clock';
import type { Faults } from './faults';
import type * as running from './run';
import type { Runtime } from './runtime';
import type { ApiUrl } from './services/apigateway';
import { type Synthesis, synthesizeApplication } from './synthesize';
import type { AppliedState } from './terraform/apply';
import type { Configuration } from './terraform/configuration';
import type { Hop, Timeline } from './timeline';
import type { WaitOptions } from './wait';

/** How a local system is started. */
export interface LocalOptions {
  /** Folder with a synthesized application. @default synthesizes this project's */
  readonly from?: string;
  /** Port of the AWS endpoint on 127.0.0.1; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Seed of all chance: order of delivery, jitter, ids. @default 1 */
  readonly seed?: number;
  /** Runtime seconds per real second. @default 1 */
  readonly speed?: number;
  /** A clock that passes time only in `waitFor` and `pass`, as fast as it can. @default real time */
  readonly clock?: SimulatedClock;
}

/** A running local system. */
export interface Local {
  /** Address of the AWS endpoint. */
  readonly endpoint: string;
  /** AWS region that the stacks are deployed to. */
  readonly region: string;
  /** Where the APIs answer. */
  readonly apis: readonly ApiUrl[];
  /** Outputs of the stacks: by stack, then by name. */
  readonly outputs: AppliedState['outputs'];
  /** Every Terraform resource and data source, with its attributes. */
  readonly resources: AppliedState['resources'];
  /** The stacks as they were read. */
  readonly configuration: Configuration;
  readonly runtime: Runtime;
  /** Faults to inject. */
  readonly faults: Faults;
  readonly timeline: Timeline & {
    /** Waits until hops match. @throws NeverHappened */
    waitFor(matches: (hop: Hop) => boolean, options?: WaitOptions): Promise<Hop[]>;
  };
  /** Calls AWS as the person at the terminal, or as the principal given. @throws AwsError */
  call(service: string, operation: string, input: unknown, options?: Partial<CallRequest>): Promise<any>;
  /** Lets runtime time pass, in milliseconds. */
  pass(ms: number): Promise<void>;
  /**
   * Moves runtime time forward, whatever the clock: all that becomes due on the way happens, in order.
   *
   * @param ms from 1 to 604,800,000 (7 days)
   * @returns how far it came within 30 seconds of real time
   * @throws AdvanceError also while time is being advanced already
   */
  advance(ms: number): Promise<Advance>;
  /**
   * Stops and starts again from the same synthesis, at the same endpoint: with empty stores, no faults and an empty timeline.
   * A simulated clock goes on from where it is.
   *
   * @returns what runs now; of this one nothing is left running
   * @throws Error if it cannot start; then nothing is left running, and the synthesis is gone. Also if this was called before
   */
  restart(): Promise<Local>;
  /** Ends all; resolves when nothing is left running. Without effect once started again: then stop what runs now. */
  stop(): Promise<void>;
}

/**
 * Runs a synthesized application: makes every resource of every stack, then starts what polls.
 *
 * @throws SynthesisError, ConfigurationError, or Error if the port is in use
 */
export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const synthesizing = synthesisOf(options);
  // Loaded here, not on top: the runtime loads while another process synthesizes.
  const { run } = require('./run') as typeof running;
  return run(await synthesizing, options);
}

async function synthesisOf({ from }: LocalOptions): Promise<Synthesis> {
  return from ? { folder: from, remove() {} } : synthesizeApplication();
}
