import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { systemClock } from './clock';
import { env } from './env';
import type { Envelope } from './event-envelope';
import { observer } from './observed';
import { type Relayed, relay } from './relay';

/**
 * A handler for a table's stream that publishes each change as an event on the bus `EVENT_BUS`; changes that were not
 * published come back one by one.
 *
 * @param name of the function, in logs and metrics
 * @param eventOf the event that a change is, or undefined if it is none; what it throws fails that change alone
 */
export function relayHandler(name: string, eventOf: (record: DynamoDBRecord) => Envelope | undefined) {
  const client = new EventBridgeClient();
  const busName = env('EVENT_BUS');
  const { logger, metrics } = observer(name);
  const options = {
    busName,
    eventOf,
    clock: systemClock,
    send: async (Entries: object[]) => (await client.send(new PutEventsCommand({ Entries }))).Entries ?? [],
  };

  return async ({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    logger.addContext(context);
    const relayed = await relay(Records, options);
    for (const { error, outcome, ...ids } of relayed) {
      if (error) logger.error(outcome, { ...ids, error });
      else logger.info(outcome, { ...ids });
    }
    const having = (outcome: Relayed['outcome']) => relayed.filter((one) => one.outcome === outcome);
    const failed = having('failed');
    const published = having('published');
    metrics.addMetric('Published', MetricUnit.Count, published.length);
    metrics.addMetric('Failed', MetricUnit.Count, failed.length);
    for (const { changedAt } of published)
      metrics.addMetric('Age', MetricUnit.Milliseconds, Math.max(0, systemClock.now() - changedAt));
    metrics.publishStoredMetrics();
    return { batchItemFailures: failed.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
  };
}
