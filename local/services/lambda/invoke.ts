import { AwsError } from '../../aws-error';
import type { FaultEffect } from '../../faults';
import type { Runtime } from '../../runtime';
import type { ExecutionEnvironment } from './execution-environment';
import type { LambdaFunction } from './functions';
import { platformLines } from './log-lines';
import type { Ending, FunctionError } from './sandbox';
import { newTrace, sendSegment } from './trace';

/** Loading the code may take so long beyond the function's timeout, in milliseconds. Source: Lambda, init phase. */
const initLimit = 10_000;

/** Bytes of a synchronous answer. Source: Lambda quotas, invocation payload (6 MB, as its own error states it). */
const maximumResponse = 6_291_556;

/** Bytes of log that an answer carries. Source: Lambda API reference, Invoke, LogResult. */
const logTail = 4096;

/** What a function is invoked with. */
export interface InvokeRequest {
  /** JSON text. */
  readonly event: string;
  readonly parents: readonly number[];
  /** Who invokes, as the timeline names it. */
  readonly principal: string;
  /** What comes, for a person: `3 messages`. */
  readonly what: string;
  /** The same for all attempts of one asynchronous event. @default a new one */
  readonly requestId?: string;
  /** JSON text. */
  readonly clientContext?: string;
  /** `kill` ends the sandbox before the handler begins, `killAfter` when it is through, before its answer counts. */
  readonly fault?: FaultEffect;
}

/** What came of it. */
export interface InvokeResult {
  readonly requestId: string;
  /** The handler's answer or an error document, JSON text. */
  readonly payload: string;
  /** Set if the function failed. */
  readonly functionError?: 'Unhandled';
  /** One line about the failure. */
  readonly failure?: string;
  /** Last lines of the log, up to 4 KB. */
  readonly log: string;
  /** What follows from the invocation names this as its cause. */
  readonly hop: number;
}

function failureOf(ending: Ending, requestId: string, time: number, timeout: number): FunctionError | undefined {
  if (ending.kind === 'timeout') {
    return {
      errorMessage: `${new Date(time).toISOString()} ${requestId} Task timed out after ${timeout.toFixed(2)} seconds`,
    };
  }
  if (ending.kind === 'exit') {
    return (
      ending.error ?? {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: ${ending.reason}`,
      }
    );
  }
  if (ending.kind === 'error') return ending.error;
  if (Buffer.byteLength(ending.payload) > maximumResponse) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${maximumResponse} bytes).`;
    return { errorType: 'Function.ResponseSizeTooLarge', errorMessage };
  }
  return undefined;
}

function oneLine(failure: FunctionError): string {
  return `${failure.errorType ? `${failure.errorType}: ` : ''}${failure.errorMessage.split('\n')[0]}`;
}

/** Takes an environment; a function at its limit is recorded and measured as throttled. */
async function acquire(runtime: Runtime, target: LambdaFunction): Promise<ExecutionEnvironment> {
  try {
    return await target.pool.acquire();
  } catch (error) {
    if (error instanceof AwsError && error.status === 429) measure(runtime, target, 'Throttles', 1);
    if (error instanceof AwsError && error.code === 'AccessDenied') {
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
      );
    }
    throw error;
  }
}

function measure(runtime: Runtime, target: LambdaFunction, name: string, value: number): void {
  runtime.measure({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: target.configuration.function_name },
    value,
  });
}

/** Runs the handler; says how it ended and how long it took, in real milliseconds. */
async function execute(
  runtime: Runtime,
  target: LambdaFunction,
  environment: ExecutionEnvironment,
  request: InvokeRequest,
  requestId: string,
  traceId: string,
) {
  const { configuration } = target;
  const lines = platformLines(
    configuration.logging_config?.log_format ?? 'Text',
    configuration.logging_config?.system_log_level ?? 'INFO',
    () => runtime.clock.now(),
  );
  const time = runtime.clock.now();
  let began = performance.now();
  if (request.fault === 'kill') environment.kill();
  const start = () => {
    began = performance.now();
    for (const line of lines.start(requestId)) environment.log.add(time, line);
    return {
      requestId,
      event: request.event,
      time,
      timeout: configuration.timeout * 1000,
      traceId,
      ...(request.clientContext && { clientContext: request.clientContext }),
    };
  };
  const { cold } = environment;
  environment.cold = false;
  let ending = await environment.sandbox.invoke(start, initLimit + configuration.timeout * 1000);
  if (request.fault === 'killAfter') {
    environment.kill();
    ending = { kind: 'exit', reason: 'Runtime exited' };
  }
  const duration = performance.now() - began;
  const failure = failureOf(ending, requestId, time + Math.floor(duration), configuration.timeout);
  const at = time + Math.floor(duration);
  if (failure && (ending.kind === 'timeout' || ending.kind === 'exit')) environment.log.add(at, failure.errorMessage);
  const report = {
    requestId,
    duration,
    memory: configuration.memory_size,
    memoryUsed: Math.ceil(environment.sandbox.heap / 1_048_576),
    ...(cold && { initDuration: environment.sandbox.initDuration }),
    status: ending.kind === 'timeout' ? ('timeout' as const) : failure ? ('error' as const) : ('success' as const),
  };
  for (const line of lines.end(report)) environment.log.add(at, line);
  return { failure, duration, payload: ending.kind === 'done' ? ending.payload : '', time };
}

/**
 * Runs one invocation from beginning to end: environment, hop, logs, metrics, trace.
 *
 * @throws AwsError when the function cannot be started: throttled, or its role cannot be assumed
 */
export async function invoke(runtime: Runtime, target: LambdaFunction, request: InvokeRequest): Promise<InvokeResult> {
  const environment = await acquire(runtime, target);
  const name = target.configuration.function_name;
  const requestId = request.requestId ?? runtime.random.uuid();
  const trace = newTrace(runtime, target);
  const about = { service: 'lambda', operation: 'Invoke', resource: target.arn, principal: request.principal };
  const hop = runtime.timeline.record({
    ...about,
    parents: request.parents,
    summary: `${name}: ${request.what}${environment.cold ? ', cold start' : ''}`,
    data: { requestId },
  });
  environment.hop = hop;
  measure(runtime, target, 'Invocations', 1);
  measure(runtime, target, 'ConcurrentExecutions', target.pool.running);
  const { failure, duration, payload, time } = await execute(
    runtime,
    target,
    environment,
    request,
    requestId,
    trace.header,
  );
  environment.hop = undefined;
  measure(runtime, target, 'Duration', duration);
  measure(runtime, target, 'Errors', failure ? 1 : 0);
  const log = Buffer.from(environment.log.lines.join('\n')).subarray(-logTail).toString();
  environment.log.flush([hop]);
  sendSegment(runtime, target, environment.principal, {
    trace,
    time,
    duration,
    failed: Boolean(failure),
    parents: [hop],
  });
  target.pool.release(environment);
  if (!failure) return { requestId, payload, log, hop };
  const line = oneLine(failure);
  const failed = runtime.timeline.record({
    ...about,
    parents: [hop],
    outcome: 'failed',
    summary: `${name}: ${line}`,
    data: { requestId, ...failure },
  });
  return { requestId, payload: JSON.stringify(failure), functionError: 'Unhandled', failure: line, log, hop: failed };
}
