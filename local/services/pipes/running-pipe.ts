import { toAwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { PipeArguments } from './arguments';
import { functionEnrichment } from './enrichment';
import { executor } from './execution';
import { pipeLog } from './log';
import type { Execute, Pipe, Source, Target } from './pipe';
import { queueSource } from './sources/queue';
import { streamSource } from './sources/stream';
import { busTarget } from './targets/bus';
import { machineTarget } from './targets/state-machine';

/** What reads from which service, by the third field of the source's ARN. */
const sources: Readonly<Record<string, (runtime: Runtime, pipe: Pipe, execute: Execute) => Source>> = {
  dynamodb: streamSource,
  sqs: queueSource,
};

/** What delivers to which service, by the third field of the target's ARN. */
const targets: Readonly<Record<string, (runtime: Runtime, pipe: Pipe) => Target>> = {
  events: busTarget,
  states: machineTarget,
};

const serviceIn = (arn: string) => arn.split(':')[2]!;

/** A pipe and what it is doing. */
export interface RunningPipe extends Pipe {
  state: 'RUNNING' | 'STOPPED' | 'START_FAILED';
  desired: 'RUNNING' | 'STOPPED';
  /** Why it does not start. */
  reason?: string;
  /** In epoch seconds. */
  readonly created: number;
  /** In epoch seconds. */
  modified: number;
  /** @throws Error with what keeps AWS from making the pipe */
  check(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

/**
 * A pipe that stands still.
 *
 * @throws Error for a filter that is not valid
 */
export function runningPipe(runtime: Runtime, settings: PipeArguments): RunningPipe {
  const created = runtime.clock.now() / 1000;
  const pipe: Pipe = { name: settings.name, arn: runtime.arn('pipes', `pipe/${settings.name}`), arguments: settings };
  const log = pipeLog(runtime, pipe);
  const enrichment = settings.enrichment === undefined ? undefined : functionEnrichment(runtime, settings.enrichment);
  const target = targets[serviceIn(settings.target)]!(runtime, pipe);
  const execute = executor({ runtime, pipe, enrichment, target, log });
  const source = sources[serviceIn(settings.source)]!(runtime, pipe, execute);
  const assume = () => runtime.assumeRole(settings.role_arn, 'pipes.amazonaws.com', pipe.arn, pipe.name);
  return {
    ...pipe,
    state: 'STOPPED',
    desired: settings.desired_state,
    created,
    modified: created,
    async check() {
      if (source.check) await source.check(assume());
    },
    async start() {
      if (this.state === 'RUNNING') return;
      try {
        const role = assume();
        await log.open();
        await source.start(role);
        this.state = 'RUNNING';
        delete this.reason;
      } catch (error) {
        this.state = 'START_FAILED';
        this.reason = toAwsError(error).message;
        runtime.timeline.record({
          service: 'pipes',
          operation: 'StartPipe',
          resource: pipe.arn,
          outcome: 'failed',
          summary: `${pipe.name} does not start: ${this.reason}`,
        });
      }
    },
    stop() {
      source.stop();
      this.state = 'STOPPED';
    },
  };
}
