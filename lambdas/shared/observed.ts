import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { systemClock } from './clock';
import type { Consumed } from './consume-once';

/** Logs and metrics of a function; each function has its own. */
export function observer(name: string) {
  const logger = new Logger({ serviceName: name });
  return { logger, metrics: new Metrics({ namespace: 'Outbox', serviceName: name, logger }) };
}

/** What a function logs and counts with. */
export type Observer = ReturnType<typeof observer>;

/**
 * Consumes one event and logs and counts what came of it.
 *
 * @param delivery ids of the delivery, logged if it fails
 * @param payload logged at level DEBUG if it fails
 * @throws what `consume` throws
 */
export async function observed(
  { logger, metrics }: Observer,
  delivery: Readonly<Record<string, string>>,
  payload: unknown,
  consume: () => Promise<Consumed>,
): Promise<void> {
  try {
    const { outcome, eventId, occurredAt, ids } = await consume();
    logger.info(outcome, { eventId, ...ids });
    metrics.addMetric(outcome === 'processed' ? 'Processed' : 'Duplicate', MetricUnit.Count, 1);
    if (outcome === 'processed')
      metrics.addMetric('Age', MetricUnit.Milliseconds, Math.max(0, systemClock.now() - occurredAt));
  } catch (error) {
    logger.error('failed', { ...delivery, error: error as Error });
    logger.debug('payload', { ...delivery, body: payload });
    metrics.addMetric('Failed', MetricUnit.Count, 1);
    throw error;
  }
}
