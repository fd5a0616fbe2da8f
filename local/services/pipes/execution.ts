import type { Runtime } from '../../runtime';
import { type SourceRecord, isThrottle } from '../stream-reader/record';
import { type PipeLog } from './log';
import type { Delivery, Execute, Pipe, Target } from './pipe';

/**
 * Runs batches through a pipe's target stage. Metrics are those of the namespace `AWS/EventBridge/Pipes`, dimension
 * `PipeName` (EventBridge Pipes user guide, monitoring); a failure that did not happen is measured as 0.
 */
export function executor(runtime: Runtime, pipe: Pipe, target: Target, log: PipeLog): Execute {
  const measure = (name: string, value: number) =>
    runtime.measure({ namespace: 'AWS/EventBridge/Pipes', name, dimensions: { PipeName: pipe.name }, value });
  return async (records, role) => {
    const started = runtime.clock.now();
    const execution = log.execution(records, target.service);
    execution.step('EXECUTION_STARTED');
    execution.step('TARGET_STAGE_ENTERED');
    execution.step('TARGET_INVOCATION_STARTED');
    const delivery = await target.send(records, role);
    const outcome = outcomeOf(delivery, records);
    const error = delivery.failures[0]?.error;
    execution.invoked(`TARGET_INVOCATION_${outcome}`, delivery);
    execution.step(`TARGET_STAGE_${outcome}`, error);
    const throttled = outcome === 'FAILED' && error !== undefined && isThrottle(error);
    execution.step(throttled ? 'EXECUTION_THROTTLED' : `EXECUTION_${outcome}`, error);
    execution.write();
    const duration = runtime.clock.now() - started;
    measure('Invocations', 1);
    measure('EventCount', records.length);
    measure(
      'EventSize',
      records.reduce((size, record) => size + Buffer.byteLength(JSON.stringify(record.event)), 0),
    );
    measure('Duration', duration);
    measure('TargetStageDuration', duration);
    measure('ExecutionFailed', outcome === 'FAILED' && !throttled ? 1 : 0);
    measure('ExecutionPartiallyFailed', outcome === 'PARTIALLY_FAILED' ? 1 : 0);
    measure('ExecutionThrottled', throttled ? 1 : 0);
    measure('ExecutionTimeout', 0);
    measure('TargetStageFailed', outcome === 'FAILED' ? 1 : 0);
    measure('TargetStagePartiallyFailed', outcome === 'PARTIALLY_FAILED' ? 1 : 0);
    return delivery.failures;
  };
}

function outcomeOf(delivery: Delivery, records: readonly SourceRecord[]) {
  if (delivery.failures.length === 0) return 'SUCCEEDED';
  return delivery.failures.length < records.length ? 'PARTIALLY_FAILED' : 'FAILED';
}
