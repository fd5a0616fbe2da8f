import type { CallRequest } from './call';
import { realClock, type SimulatedClock } from './clock';
import type { Faults } from './faults';
import { startGateway } from './gateway';
import { seededRandom } from './random';
import { Runtime } from './runtime';
import { registerServices } from './services';
import type { ApiUrl } from './services/apigateway';
import { type Synthesis, synthesizeApplication } from './synthesize';
import { type AppliedState, applyConfiguration } from './terraform/apply';
import { loadConfiguration } from './terraform/configuration';
import { dataSources } from './terraform/data-sources';
import type { Hop, Timeline } from './timeline';
import { waitFor, type WaitOptions } from './wait';

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
  readonly region: string;
  /** Where the APIs answer. */
  readonly apis: readonly ApiUrl[];
  /** Outputs of the stacks: by stack, then by name. */
  readonly outputs: AppliedState['outputs'];
  readonly resources: AppliedState['resources'];
  readonly runtime: Runtime;
  readonly faults: Faults;
  readonly timeline: Timeline & {
    /** Waits until hops match. @throws NeverHappened */
    waitFor(matches: (hop: Hop) => boolean, options?: WaitOptions): Promise<Hop[]>;
  };
  /** Calls AWS as the person at the terminal, or as the principal given. @throws AwsError */
  call(service: string, operation: string, input: unknown, options?: Partial<CallRequest>): Promise<any>;
  /** Lets runtime time pass, in milliseconds. */
  pass(ms: number): Promise<void>;
  /** Ends all; resolves when nothing is left running. */
  stop(): Promise<void>;
}

/**
 * Runs a synthesized application: makes every resource of every stack, then starts what polls.
 *
 * @throws SynthesisError, ConfigurationError, or Error if the port is in use
 */
export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const synthesis: Synthesis = options.from ? { folder: options.from, remove() {} } : await synthesizeApplication();
  try {
    return await run(synthesis, options);
  } catch (error) {
    synthesis.remove();
    throw error;
  }
}

async function run(synthesis: Synthesis, options: LocalOptions): Promise<Local> {
  const configuration = loadConfiguration(synthesis.folder);
  const clock = options.clock ?? realClock(options.speed);
  const runtime = new Runtime({ clock, random: seededRandom(options.seed ?? 1), region: configuration.region });
  const sources = dataSources(runtime, configuration);
  const { types, apiUrls } = registerServices(runtime, (archive) => sources.archiveSource(archive));
  const gateway = await startGateway(runtime, { port: options.port ?? 0 });
  const stop = async () => {
    await Promise.all([gateway.close(), runtime.stop()]);
    synthesis.remove();
  };
  try {
    const state = await applyConfiguration(configuration, { types, dataSources: sources.types });
    await runtime.start();
    const wait = (matches: (hop: Hop) => boolean, waitOptions?: WaitOptions) =>
      waitFor(runtime, options.clock, matches, waitOptions);
    return {
      endpoint: runtime.endpoint,
      region: runtime.region,
      apis: apiUrls(),
      outputs: state.outputs,
      resources: state.resources,
      runtime,
      faults: runtime.faults,
      timeline: Object.assign(runtime.timeline, { waitFor: wait }),
      call: async (service, operation, input, request) =>
        runtime.call({ service, operation, input, principal: runtime.administrator, ...request }),
      pass: async (ms) => pass(runtime, options.clock, ms),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function pass(runtime: Runtime, simulated: SimulatedClock | undefined, ms: number): Promise<void> {
  if (!simulated) return new Promise((resolve) => void runtime.clock.schedule(ms, resolve));
  const end = simulated.now() + ms;
  do await runtime.idle();
  while (simulated.step(end));
  simulated.moveTo(end);
}
