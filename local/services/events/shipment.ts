import { toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import { type ExhaustedCondition, type Failure, backoff, failureOf } from './failure';
import { servicePrincipal } from './steps';
import type { RetryPolicy } from './target';

/** Something to be sent until it succeeds or the retry policy ends. */
export interface Shipment {
  /** ARN it is sent to. */
  readonly to: string;
  readonly policy: RetryPolicy;
  /** Epoch milliseconds that the age counts from. */
  readonly since: number;
  /** @param cause hop that caused the attempt */
  send(cause: number): Promise<void>;
  /** Reads what `send` threw. @default {@link failureOf} */
  read?(error: unknown): Failure;
  /** Told once, if an attempt succeeds. @param cause hop that caused the attempt */
  succeeded(cause: number): void;
  /** Told once, if no further attempt is made. */
  failed(end: ShipmentEnd): void | Promise<void>;
}

/** How a shipment failed for good. */
export interface ShipmentEnd {
  readonly failure: Failure;
  /** Attempts after the first. */
  readonly retries: number;
  /** Undefined if there was no use in another attempt. */
  readonly condition: ExhaustedCondition | undefined;
  /** Hop that caused the last attempt. */
  readonly cause: number;
}

/** What {@link shipper} makes. */
export interface Shipper {
  /** Resolves after the first attempt; retries go on by themselves. */
  readonly ship: (shipment: Shipment, cause: number) => Promise<void>;
  /** Begins work after a pause in milliseconds. */
  readonly later: (ms: number, work: () => Promise<void>) => void;
}

/** Sends shipments, and again after a pause; nothing is sent any more once the runtime stops. */
export function shipper(runtime: Runtime): Shipper {
  const timers = new Set<Timer>();
  runtime.onStop(() => {
    for (const timer of timers) timer.cancel();
    timers.clear();
  });

  const later = (ms: number, work: () => Promise<void>) => {
    const timer = runtime.clock.schedule(ms, () => {
      timers.delete(timer);
      void runtime.track(work());
    });
    timers.add(timer);
  };

  const retry = (shipment: Shipment, cause: number, failure: Failure, retries: number) => {
    const deadline = shipment.since + shipment.policy.maximumEventAgeInSeconds * 1000;
    const pause = Math.min(backoff(retries, runtime.random.next()), deadline - runtime.clock.now());
    const hop = runtime.timeline.record({
      service: 'events',
      operation: 'retry',
      resource: shipment.to,
      principal: servicePrincipal,
      parents: [cause],
      summary: `retry ${retries + 1} of ${shipment.policy.maximumRetryAttempts} in ${(pause / 1000).toFixed(1)} s after ${failure.code}`,
      data: { ...failure },
    });
    later(pause, async () => {
      if (runtime.clock.now() < deadline) return attempt(shipment, hop, retries + 1);
      return shipment.failed({ failure, retries, condition: 'MaximumEventAgeInSeconds', cause: hop });
    });
  };

  const attempt = async (shipment: Shipment, cause: number, retries: number): Promise<void> => {
    try {
      await shipment.send(cause);
    } catch (error) {
      const failure = shipment.read?.(error) ?? failureOf(toAwsError(error));
      if (failure.permanent) return shipment.failed({ failure, retries, condition: undefined, cause });
      if (retries >= shipment.policy.maximumRetryAttempts) {
        return shipment.failed({ failure, retries, condition: 'MaximumRetryAttempts', cause });
      }
      return retry(shipment, cause, failure, retries);
    }
    shipment.succeeded(cause);
  };

  return { ship: (shipment, cause) => attempt(shipment, cause, 0), later };
}
