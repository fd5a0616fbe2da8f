import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { LambdaFunction } from './functions';

/** The X-Ray trace of one invocation. */
export interface Trace {
  /** `1-` epoch seconds `-` 96 bits, all hexadecimal. */
  readonly id: string;
  readonly segment: string;
  /** Value of `X-Amzn-Trace-Id`. */
  readonly header: string;
}

/** Begins a trace; sampled where the function traces actively. */
export function newTrace(runtime: Runtime, target: LambdaFunction): Trace {
  const hexadecimal = runtime.random.uuid().replaceAll('-', '') + runtime.random.uuid().replaceAll('-', '');
  const seconds = Math.floor(runtime.clock.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  const id = `1-${seconds}-${hexadecimal.slice(0, 24)}`;
  const segment = hexadecimal.slice(24, 40);
  const sampled = target.configuration.tracing_config?.mode === 'Active' ? 1 : 0;
  return { id, segment, header: `Root=${id};Parent=${segment};Sampled=${sampled}` };
}

/** Sends the segment of an invocation with the rights of the function's role, if it traces; what is denied is lost. */
export function sendSegment(
  runtime: Runtime,
  target: LambdaFunction,
  principal: RolePrincipal,
  run: { trace: Trace; time: number; duration: number; failed: boolean; parents: readonly number[] },
): void {
  if (target.configuration.tracing_config?.mode !== 'Active') return;
  const document = {
    id: run.trace.segment,
    trace_id: run.trace.id,
    name: target.configuration.function_name,
    origin: 'AWS::Lambda::Function',
    start_time: run.time / 1000,
    end_time: (run.time + run.duration) / 1000,
    ...(run.failed && { fault: true }),
    aws: { resource_names: [target.configuration.function_name], account_id: runtime.accountId },
  };
  const input = { TraceSegmentDocuments: [JSON.stringify(document)] };
  runtime
    .call({ service: 'xray', operation: 'PutTraceSegments', input, principal, parents: run.parents })
    .catch(() => undefined);
}
