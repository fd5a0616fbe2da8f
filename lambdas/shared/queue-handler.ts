import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Consumed } from './consume-once';
import { observed, observer } from './observed';

/**
 * A handler for a queue of events: each message is consumed on its own, in order, and those that fail come back.
 *
 * @param name of the consumer, in logs and metrics
 * @param consume deals with one message's body (JSON, parsed); what it throws is logged and fails that message alone
 */
export function queueHandler(name: string, consume: (body: unknown) => Promise<Consumed>) {
  const processor = new BatchProcessor(EventType.SQS);
  const watching = observer(name);

  const consumeRecord = async ({ messageId, body }: SQSRecord) =>
    observed(watching, { messageId }, body, async () => consume(parse(body)));

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    watching.logger.addContext(context);
    try {
      return await processPartialResponse(event, consumeRecord, processor, {
        context,
        processInParallel: false,
        throwOnFullBatchFailure: false,
      });
    } finally {
      watching.metrics.publishStoredMetrics();
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
