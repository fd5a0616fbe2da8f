import { toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import { defaultEventInvokeConfig } from './event-invoke-config';
import { type EventOutcome, tellOutcome } from './event-outcome';
import type { LambdaFunction } from './functions';
import { type InvokeRequest, type InvokeResult, invoke } from './invoke';

/**
 * Waiting times before the second and third attempt, in milliseconds: AWS retries a failed asynchronous invocation twice,
 * a minute and then two minutes later. Source: AWS Lambda Developer Guide, "Error handling for asynchronous invocation".
 */
const retryAfter = [60_000, 120_000];

/**
 * Throttles and system errors are retried until the event is too old, with waits that double from a second to five minutes.
 * Source: the same page.
 */
const firstBackoff = 1000;
const longestBackoff = 300_000;

/** An event that waits for its function. */
interface QueuedEvent extends Pick<EventOutcome, 'target' | 'request' | 'result' | 'refusal'> {
  readonly since: number;
  /** Failed invocations so far. */
  readonly failures: number;
  /** Times that the function could not be started since. */
  readonly refusals: number;
}

/** Queues an event for a function. */
export type Enqueue = (target: LambdaFunction, request: InvokeRequest) => void;

/** Invokes functions asynchronously: nobody waits, and failures are retried by the runtime's clock. */
export function asynchronous(runtime: Runtime): Enqueue {
  const timers = new Set<Timer>();
  runtime.onStop(() => {
    for (const timer of timers) timer.cancel();
    timers.clear();
  });

  const later = (event: QueuedEvent, ms: number) => {
    const left = event.since + ageOf(event) - runtime.clock.now();
    const timer = runtime.clock.schedule(Math.min(ms, left), () => {
      timers.delete(timer);
      const isOld = ms >= left;
      const reason = `older than ${ageOf(event) / 1000} s`;
      void runtime.track(isOld ? drop(runtime, event, 'EventAgeExceeded', reason) : attempt(event));
    });
    timers.add(timer);
  };

  const attempt = async (event: QueuedEvent): Promise<void> => {
    const { target, request, since } = event;
    count(runtime, target, 'AsyncEventAge', runtime.clock.now() - since);
    try {
      const result = await invoke(runtime, target, request);
      if (result.functionError) return await failed(event, result);
      const ended = { target, request, attempts: event.failures + 1, result, refusal: undefined, hop: result.hop };
      await tellOutcome(runtime, { ...ended, condition: 'Success' });
    } catch (thrown) {
      await refused(event, thrown);
    }
  };

  const failed = async (event: QueuedEvent, result: InvokeResult): Promise<void> => {
    const { maximumRetryAttempts } = event.target.eventInvokeConfig ?? defaultEventInvokeConfig;
    const request = { ...event.request, parents: [result.hop] };
    const next = { ...event, failures: event.failures + 1, refusals: 0, request, result, refusal: undefined };
    if (event.failures < maximumRetryAttempts) later(next, retryAfter[event.failures]!);
    else await drop(runtime, next, 'RetriesExhausted', `${next.failures} ${attempts(next.failures)} failed`);
  };

  /** A function without any concurrency gets no retries. Source: "Capturing records of Lambda asynchronous invocations". */
  const refused = async (event: QueuedEvent, thrown: unknown): Promise<void> => {
    const { code, status, message } = toAwsError(thrown);
    const next = { ...event, refusals: event.refusals + 1, refusal: { status, message: `${code}: ${message}` } };
    if (event.target.configuration.reserved_concurrent_executions === 0)
      await drop(runtime, next, 'RetriesExhausted', 'the function reserves a concurrency of 0');
    else later(next, Math.min(firstBackoff * 2 ** event.refusals, longestBackoff));
  };

  return (target, request) => {
    const withId = { ...request, requestId: request.requestId ?? runtime.random.uuid() };
    count(runtime, target, 'AsyncEventsReceived', 1);
    const fresh = { failures: 0, refusals: 0, result: undefined, refusal: undefined };
    void runtime.track(attempt({ target, request: withId, since: runtime.clock.now(), ...fresh }));
  };
}

function attempts(number: number): string {
  return number === 1 ? 'attempt' : 'attempts';
}

/** Milliseconds. */
function ageOf({ target }: QueuedEvent): number {
  return (target.eventInvokeConfig ?? defaultEventInvokeConfig).maximumEventAge * 1000;
}

function count(runtime: Runtime, target: LambdaFunction, name: string, value: number): void {
  const dimensions = { FunctionName: target.configuration.function_name };
  runtime.measure({ namespace: 'AWS/Lambda', name, dimensions, value });
}

/** Gives an event up. */
async function drop(
  runtime: Runtime,
  event: QueuedEvent,
  condition: EventOutcome['condition'],
  reason: string,
): Promise<void> {
  const { target, request, failures, result, refusal } = event;
  count(runtime, target, 'AsyncEventsDropped', 1);
  const hop = runtime.timeline.record({
    service: 'lambda',
    operation: 'drop',
    resource: target.arn,
    parents: request.parents,
    outcome: 'failed',
    summary: `${target.configuration.function_name}: event dropped, ${reason}`,
    data: { requestId: request.requestId, attempts: failures, ...(refusal && { refusal: refusal.message }) },
  });
  await tellOutcome(runtime, { target, request, condition, attempts: failures, result, refusal, hop });
}
