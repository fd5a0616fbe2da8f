import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { systemClock } from './clock';
import type { Outcome } from './inbox';

/** What a consumer says of an event it has dealt with; the ids are logged, the payload never. */
export interface Consumed {
  readonly outcome: Outcome;
  readonly eventId: string;
  /** Epoch milliseconds at which what the event tells of happened. */
  readonly occurredAt: number;
  /** Further ids to log, such as `orderId`. */
  readonly ids: Readonly<Record<string, string>>;
}

/**
 * A handler for a queue of events: each message is consumed on its own, in order, and those that fail come back.
 *
 * @param name of the consumer, in logs and metrics
 * @param consume deals with one message's body (JSON, parsed); what it throws is logged and fails that message alone
 */
export function queueHandler(name: string, consume: (body: unknown) => Promise<Consumed>) {
  const processor = new BatchProcessor(EventType.SQS);
  const logger = new Logger({ serviceName: name });
  const metrics = new Metrics({ namespace: 'Outbox', serviceName: name, logger });

  const consumeRecord = async (record: SQSRecord) => {
    try {
      const { outcome, eventId, occurredAt, ids } = await consume(parse(record.body));
      logger.info(outcome, { eventId, ...ids });
      metrics.addMetric(outcome === 'processed' ? 'Processed' : 'Duplicate', MetricUnit.Count, 1);
      if (outcome === 'processed')
        metrics.addMetric('Age', MetricUnit.Milliseconds, Math.max(0, systemClock.now() - occurredAt));
    } catch (error) {
      logger.error('failed', { messageId: record.messageId, error: error as Error });
      logger.debug('payload', { messageId: record.messageId, body: record.body });
      metrics.addMetric('Failed', MetricUnit.Count, 1);
      throw error;
    }
  };

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    try {
      return await processPartialResponse(event, consumeRecord, processor, {
        context,
        processInParallel: false,
        throwOnFullBatchFailure: false,
      });
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}

/** The parser's own error would quote the payload. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SyntaxError('The message body is not JSON');
  }
}
