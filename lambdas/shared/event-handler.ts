import type { Context } from 'aws-lambda';
import type { Consumed } from './consume-once';
import { observed, observer } from './observed';

/**
 * A handler that a rule invokes with one event at a time, asynchronously: Lambda tries again what throws, then sends it
 * to the function's failure destination.
 *
 * @param name of the consumer, in logs and metrics
 * @param consume deals with the event; what it throws is logged and fails the invocation
 */
export function eventHandler(name: string, consume: (event: unknown) => Promise<Consumed>) {
  const watching = observer(name);
  return async (event: unknown, context: Context): Promise<void> => {
    watching.logger.addContext(context);
    try {
      await observed(watching, { requestId: context.awsRequestId }, event, async () => consume(event));
    } finally {
      watching.metrics.publishStoredMetrics();
    }
  };
}
