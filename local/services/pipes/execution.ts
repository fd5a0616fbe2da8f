import { AwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import { isInternal, isThrottle } from '../stream-reader/record';
import type { PipeLog } from './log';
import type { Enrichment, Execute, Failure, Pipe, PipeEvent, Target } from './pipe';
import { type Stage, enrichmentStage, outcomeOf, targetStage } from './stages';

/** Milliseconds of an execution, enrichment and target together (EventBridge Pipes user guide, eb-quota). */
const maximumDuration = 300_000;

/** What a pipe's executions go through. */
export interface ExecutorOptions {
  readonly runtime: Runtime;
  readonly pipe: Pipe;
  readonly enrichment: Enrichment | undefined;
  readonly target: Target;
  readonly log: PipeLog;
}

/** How an execution ended. */
interface Ending<E extends PipeEvent> {
  readonly failures: readonly Failure<E>[];
  /** IAM prefix of the service that failed. */
  readonly service: string;
}

/**
 * Runs batches through a pipe's enrichment and target. Metrics are those of the namespace `AWS/EventBridge/Pipes`,
 * dimension `PipeName` (EventBridge Pipes user guide, monitoring); a failure that did not happen is measured as 0.
 */
export function executor(options: ExecutorOptions): Execute {
  const { runtime, pipe, log } = options;
  const measure = (name: string, value: number) =>
    runtime.measure({ namespace: 'AWS/EventBridge/Pipes', name, dimensions: { PipeName: pipe.name }, value });
  return async (records, role) => {
    const started = runtime.clock.now();
    const execution = log.execution();
    execution.step('EXECUTION_STARTED', { payload: records });
    const stage: Stage = { runtime, measure, log: execution, role, isOver: false };
    const ending = await within(runtime, maximumDuration, run(options, stage, records));
    stage.isOver = true;
    const { failures, service } = ending ?? timedOut(records);
    const error = failures[0]?.error;
    const outcome = outcomeOf(failures, records);
    const throttled = outcome === 'FAILED' && error !== undefined && isThrottle(error);
    const last = ending ? (throttled ? 'THROTTLED' : outcome) : 'TIMEOUT';
    execution.step(`EXECUTION_${last}`, { error, service });
    execution.write();
    const size = records.reduce((sum, { event }) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
    measure('Invocations', 1);
    measure('EventCount', records.length);
    measure('EventSize', size);
    measure('Duration', runtime.clock.now() - started);
    measure('ExecutionFailed', last === 'FAILED' ? 1 : 0);
    measure('ExecutionPartiallyFailed', last === 'PARTIALLY_FAILED' ? 1 : 0);
    measure('ExecutionThrottled', last === 'THROTTLED' ? 1 : 0);
    measure('ExecutionTimeout', last === 'TIMEOUT' ? 1 : 0);
    return failures;
  };
}

async function run<E extends PipeEvent>(
  { pipe, enrichment, target }: ExecutorOptions,
  stage: Stage,
  records: readonly E[],
): Promise<Ending<E>> {
  if (!enrichment) {
    const failures = await targetStage(stage, target, records);
    return { service: target.service, failures: failures as readonly Failure<E>[] };
  }
  const enriched = await enrichmentStage(stage, enrichment, records);
  if (enriched instanceof AwsError) return { service: enrichment.service, failures: all(records, enriched) };
  if (stage.isOver) return { service: 'pipes', failures: [] };
  if (enriched.length === 0) {
    stage.log.step('TARGET_STAGE_SKIPPED');
    return { service: target.service, failures: [] };
  }
  const failures = await targetStage(stage, target, enriched);
  return { service: target.service, failures: blamed(pipe, records, failures) };
}

/**
 * The records that events failed for. An enriched event is a record's if it kept the record's identifier, as AWS asks
 * of enrichments (user guide, eb-pipes-batching-concurrency). Where a failed event kept none, nobody knows whose it was,
 * and all records failed: one too many is delivered twice, one too few is lost.
 */
function blamed<E extends PipeEvent>(pipe: Pipe, records: readonly E[], failures: readonly Failure[]): Failure<E>[] {
  const name = pipe.arguments.source.split(':')[2] === 'sqs' ? 'messageId' : 'eventID';
  const identifier = (event: unknown) =>
    typeof event === 'object' && event !== null ? (Reflect.get(event, name) as unknown) : undefined;
  const byIdentifier = new Map(records.map((record) => [identifier(record.event), record]));
  const found = new Map<E, Failure<E>>();
  for (const { record, error } of failures) {
    const source = byIdentifier.get(identifier(record.event));
    if (!source) return all(records, (failures.find((failure) => !isInternal(failure.error)) ?? failures[0]!).error);
    if (!found.has(source) || !isInternal(error)) found.set(source, { record: source, error });
  }
  return [...found.values()];
}

function all<E extends PipeEvent>(records: readonly E[], error: AwsError): Failure<E>[] {
  return records.map((record) => ({ record, error }));
}

function timedOut<E extends PipeEvent>(records: readonly E[]): Ending<E> {
  const error = new AwsError('ExecutionTimeout', `the execution took longer than ${maximumDuration / 1000} seconds`);
  return { service: 'pipes', failures: all(records, error) };
}

/** What work came to; undefined if it takes longer. */
async function within<T>(runtime: Runtime, ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: Timer | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = runtime.clock.schedule(ms, () => resolve(undefined));
  });
  try {
    return await runtime.untracked(Promise.race([work, over]));
  } finally {
    timer?.cancel();
  }
}
