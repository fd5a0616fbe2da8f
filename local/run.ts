import { advancer } from './advance';
import { leaseOf, realClock, type SimulatedClock } from './clock';
import { startGateway } from './gateway';
import type { Local, LocalOptions } from './index';
import { seededRandom } from './random';
import { Runtime } from './runtime';
import { registerServices } from './services';
import type { Synthesis } from './synthesize';
import { applyConfiguration } from './terraform/apply';
import { loadConfiguration } from './terraform/configuration';
import { dataSources } from './terraform/data-sources';
import type { Hop } from './timeline';
import { waitFor, type WaitOptions } from './wait';

/**
 * Runs a synthesized application; when it stops or cannot run, the synthesis is removed.
 *
 * @throws ConfigurationError, or Error if the port is in use
 */
export async function run(synthesis: Synthesis, options: LocalOptions): Promise<Local> {
  try {
    return await start(synthesis, options);
  } catch (error) {
    synthesis.remove();
    throw error;
  }
}

async function start(synthesis: Synthesis, options: LocalOptions): Promise<Local> {
  const configuration = loadConfiguration(synthesis.folder);
  const clock = options.clock ?? realClock(options.speed);
  const lease = leaseOf(clock);
  const runtime = new Runtime({ clock: lease, random: seededRandom(options.seed ?? 1), region: configuration.region });
  const sources = dataSources(runtime, configuration);
  const { types, apiUrls } = registerServices(runtime, (archive) => sources.archiveSource(archive));
  const gateway = await startGateway(runtime, { port: options.port ?? 0 });
  const halt = async () => {
    await Promise.all([gateway.close(), runtime.stop()]);
    lease.end();
  };
  let isReplaced = false;
  const stop = async () => {
    if (isReplaced) return;
    await halt();
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
      configuration,
      runtime,
      faults: runtime.faults,
      timeline: Object.assign(runtime.timeline, { waitFor: wait }),
      call: async (service, operation, input, request) =>
        runtime.call({ service, operation, input, principal: runtime.administrator, ...request }),
      pass: async (ms) => pass(runtime, options.clock, ms),
      advance: advancer(runtime, clock),
      restart: async () => {
        if (isReplaced) throw new Error('The system was started again already: restart the one that runs now');
        isReplaced = true;
        await halt();
        return run(synthesis, { ...options, port: Number(new URL(gateway.endpoint).port) });
      },
      stop,
    };
  } catch (error) {
    await halt();
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
