import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { LambdaFunction } from './functions';
import { type InvokeRequest, invoke } from './invoke';

/**
 * Waiting times before the second and third attempt, in milliseconds: AWS retries a failed asynchronous invocation twice,
 * a minute and then two minutes later. Source: AWS Lambda Developer Guide, "Error handling for asynchronous invocation".
 */
const retryAfter = [60_000, 120_000];

/**
 * Throttles and system errors are retried for six hours, with waits that double from a second to five minutes.
 * Source: the same page.
 */
const maximumAge = 6 * 3_600_000;
const firstBackoff = 1000;
const longestBackoff = 300_000;

/** An event that waits for its function. */
interface QueuedEvent {
  readonly target: LambdaFunction;
  readonly request: InvokeRequest;
  readonly since: number;
  /** Failed invocations so far. */
  readonly failures: number;
  /** Times that the function could not be started since. */
  readonly refusals: number;
}

/**
 * Invokes functions asynchronously: nobody waits, and failures are retried by the runtime's clock.
 *
 * @returns queues an event
 */
export function asynchronous(runtime: Runtime): (target: LambdaFunction, request: InvokeRequest) => void {
  const later = (event: QueuedEvent, ms: number) => {
    runtime.clock.schedule(ms, () => void runtime.track(attempt(event)));
  };
  const drop = ({ target, request, failures }: QueuedEvent, reason: string) => {
    const name = target.configuration.function_name;
    runtime.measure({
      namespace: 'AWS/Lambda',
      name: 'AsyncEventsDropped',
      dimensions: { FunctionName: name },
      value: 1,
    });
    runtime.timeline.record({
      service: 'lambda',
      operation: 'drop',
      resource: target.arn,
      parents: request.parents,
      outcome: 'failed',
      summary: `${name}: event dropped, ${reason}`,
      data: { requestId: request.requestId, attempts: failures },
    });
  };
  const attempt = async (event: QueuedEvent): Promise<void> => {
    try {
      const result = await invoke(runtime, event.target, event.request);
      if (!result.functionError) return;
      const failed = {
        ...event,
        failures: event.failures + 1,
        refusals: 0,
        request: { ...event.request, parents: [result.hop] },
      };
      const wait = retryAfter[event.failures];
      if (wait === undefined) drop(failed, `${failed.failures} attempts failed`);
      else later(failed, wait);
    } catch (error) {
      const wait = Math.min(firstBackoff * 2 ** event.refusals, longestBackoff);
      const reason = error instanceof AwsError ? error.code : String(error);
      if (runtime.clock.now() + wait > event.since + maximumAge) drop(event, `not started in 6 hours: ${reason}`);
      else later({ ...event, refusals: event.refusals + 1 }, wait);
    }
  };
  return (target, request) => {
    const withId = { ...request, requestId: request.requestId ?? runtime.random.uuid() };
    void runtime.track(attempt({ target, request: withId, since: runtime.clock.now(), failures: 0, refusals: 0 }));
  };
}
