import { AwsError, toAwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Mapping } from './event-source';
import { type InvokeRequest, type InvokeResult, invoke } from './invoke';

/** Waits between attempts while a function is throttled, in milliseconds: doubling from the first to the longest. AWS gives no figures. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/** What a source hands to its function. */
export interface Delivery {
  readonly event: object;
  readonly parents: readonly number[];
  /** What it is, for a person: `3 messages`. */
  readonly what: string;
  /** Until when a throttled invocation is retried, in epoch milliseconds. */
  readonly until: number;
}

/** The service that invokes functions for mappings. */
const poller = 'lambda.amazonaws.com';

/** Error of a function at its concurrency. */
const throttled = 'TooManyRequestsException';

/** Resolves after `ms` of runtime time; meanwhile the runtime counts as idle. */
export async function pause(runtime: Runtime, ms: number): Promise<void> {
  await runtime.untracked(new Promise<void>((resolve) => void runtime.clock.schedule(ms, resolve)));
}

/** Invokes once, with the faults set on the invocation. */
async function attempt(runtime: Runtime, mapping: Mapping, delivery: Omit<Delivery, 'until'>): Promise<InvokeResult> {
  const { target } = mapping;
  const fault = runtime.faults.take({
    service: 'lambda',
    operation: 'Invoke',
    resources: [target.arn],
    principal: poller,
  });
  if (fault === 'throttle') throw new AwsError(throttled, 'Rate Exceeded.', 429);
  if (fault === 'deny') throw new AwsError('AccessDeniedException', 'a fault denies it', 403);
  if (fault === 'failBefore') throw new AwsError('ServiceException', 'An internal error occurred', 500);
  const request: InvokeRequest = {
    event: JSON.stringify(delivery.event),
    parents: delivery.parents,
    principal: poller,
    what: delivery.what,
    ...(fault && { fault }),
  };
  if (fault === 'duplicate') await invoke(runtime, target, request);
  const result = await invoke(runtime, target, request);
  if (fault === 'failAfter') throw new AwsError('ServiceException', 'An internal error occurred', 500);
  return result;
}

/**
 * Invokes the mapping's function once.
 *
 * @returns the result, or why the function was not started or its answer was lost, which is recorded
 */
export async function deliverOnce(
  runtime: Runtime,
  mapping: Mapping,
  delivery: Omit<Delivery, 'until'>,
): Promise<InvokeResult | AwsError> {
  const { configuration, arn } = mapping.target;
  try {
    return await attempt(runtime, mapping, delivery);
  } catch (thrown) {
    const error = toAwsError(thrown);
    runtime.timeline.record({
      service: 'lambda',
      operation: 'Invoke',
      resource: arn,
      principal: poller,
      parents: delivery.parents,
      outcome: error.code === throttled ? 'throttled' : error.code === 'AccessDeniedException' ? 'denied' : 'failed',
      summary: `${configuration.function_name}: ${delivery.what} not delivered, ${error.code}: ${error.message}`,
    });
    return error;
  }
}

/**
 * Invokes the mapping's function; while it is throttled, again and again until the delivery's time is up.
 *
 * @returns the result; undefined if the function was not started or its answer was lost, which is recorded
 */
export async function deliver(
  runtime: Runtime,
  mapping: Mapping,
  delivery: Delivery,
): Promise<InvokeResult | undefined> {
  for (let wait = firstBackoff; ; wait = Math.min(wait * 2, longestBackoff)) {
    const result = await deliverOnce(runtime, mapping, delivery);
    if (!(result instanceof AwsError)) return result;
    if (result.code !== throttled || !mapping.enabled || runtime.clock.now() + wait >= delivery.until) return undefined;
    await pause(runtime, wait);
  }
}
