import { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { ExecutionLog } from './log';
import type { Enrichment, Failure, PipeEvent, Target } from './pipe';

/** What the stages of one execution work with. */
export interface Stage {
  readonly runtime: Runtime;
  readonly log: ExecutionLog;
  readonly role: RolePrincipal;
  /** Reports a metric of the pipe. */
  measure(name: string, value: number): void;
  /** Whether the execution has taken too long: what comes now is of no consequence. */
  isOver: boolean;
}

/** Gives a batch to the enrichment; answers the events for the target, or why there are none. */
export async function enrichmentStage(
  { runtime, log, role, measure }: Stage,
  { service, enrich }: Enrichment,
  records: readonly PipeEvent[],
): Promise<readonly PipeEvent[] | AwsError> {
  const started = runtime.clock.now();
  log.step('ENRICHMENT_STAGE_ENTERED');
  log.step('ENRICHMENT_INVOCATION_STARTED');
  const exchange = await enrich(records, role);
  measure('EnrichmentStageDuration', runtime.clock.now() - started);
  measure('EnrichmentStageFailed', 'error' in exchange ? 1 : 0);
  if ('error' in exchange) {
    const { error } = exchange;
    log.step('ENRICHMENT_INVOCATION_FAILED', { error, service, exchange });
    log.step('ENRICHMENT_STAGE_FAILED', { error, service });
    return error;
  }
  log.step('ENRICHMENT_INVOCATION_SUCCEEDED', { exchange });
  log.step('ENRICHMENT_STAGE_SUCCEEDED', { payload: exchange.events });
  return exchange.events;
}

/** Gives events to the target, unless they are more than it takes at once; answers which failed. */
export async function targetStage(
  { runtime, log, role, measure }: Stage,
  target: Target,
  events: readonly PipeEvent[],
): Promise<readonly Failure[]> {
  const { service, maximumBatch = Infinity } = target;
  const started = runtime.clock.now();
  log.step('TARGET_STAGE_ENTERED');
  let failures = events.length > maximumBatch ? tooMany(events, maximumBatch) : [];
  if (failures.length === 0) {
    log.step('TARGET_INVOCATION_STARTED');
    const delivery = await target.send(events, role);
    ({ failures } = delivery);
    const exchange = { request: delivery.request, response: delivery.response };
    log.step(`TARGET_INVOCATION_${outcomeOf(failures, events)}`, { error: failures[0]?.error, service, exchange });
  }
  const outcome = outcomeOf(failures, events);
  const error = failures[0]?.error;
  log.step(`TARGET_STAGE_${outcome}`, outcome === 'SUCCEEDED' ? { payload: events } : { error, service });
  measure('TargetStageDuration', runtime.clock.now() - started);
  measure('TargetStageFailed', outcome === 'FAILED' ? 1 : 0);
  measure('TargetStagePartiallyFailed', outcome === 'PARTIALLY_FAILED' ? 1 : 0);
  return failures;
}

/** How much of a batch failed. */
export function outcomeOf(failures: readonly Failure[], batch: readonly PipeEvent[]) {
  if (failures.length === 0) return 'SUCCEEDED';
  return failures.length < batch.length ? 'PARTIALLY_FAILED' : 'FAILED';
}

/** The target is not invoked then (EventBridge Pipes user guide, batching). */
function tooMany(events: readonly PipeEvent[], maximum: number): readonly Failure[] {
  const message = `the enrichment answered ${events.length} events, the target takes at most ${maximum} at once`;
  const error = new AwsError('ValidationException', message);
  return events.map((record) => ({ record, error }));
}
