import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { env } from '../shared/env';
import { observer } from '../shared/observed';
import { deliveryStarter } from './delivery-starter';
import { startNew } from './new-messages';

const start = deliveryStarter({ client: new SFNClient(), stateMachineArn: env('STATE_MACHINE_ARN') });
const { logger, metrics } = observer('start-delivery');

/** Starts a delivery for each inserted message; those that could not be started come back one by one. */
export async function handler({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  logger.addContext(context);
  const outcomes = await startNew(Records, start);
  for (const { outcome, error, id: messageId } of outcomes) {
    if (error) logger.error(outcome, { messageId, error });
    else logger.info(outcome, { messageId });
  }
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  metrics.addMetric('Started', MetricUnit.Count, outcomes.filter(({ outcome }) => outcome === 'started').length);
  metrics.addMetric('Failed', MetricUnit.Count, failed.length);
  metrics.publishStoredMetrics();
  return { batchItemFailures: failed.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
}
