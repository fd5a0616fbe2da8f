import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import { systemClock } from '../shared/clock';
import { env } from '../shared/env';
import { objectStore } from '../shared/object-store';
import { observer } from '../shared/observed';
import { eachMessage } from './batch';
import { ClaimStore } from './claim-store';
import { deadLetterQueue } from './dead-letter';

/**
 * A handler that a pipe calls with a batch of messages and that answers with what is to go on.
 *
 * @param name of the function, in logs and metrics
 * @param done metric that counts what goes on
 * @param work throws Unprocessable for what a person must look at
 */
export function enrichment<Result>(
  name: string,
  done: string,
  work: (record: SQSRecord, claims: ClaimStore, batchSize: number) => Promise<Result>,
) {
  const bucket = env('BUCKET');
  const region = env('AWS_REGION');
  const claims = new ClaimStore({
    client: new DynamoDBClient(),
    tableName: env('CLAIMS_TABLE'),
    objects: objectStore({ bucket, region, endpoint: process.env['AWS_ENDPOINT_URL'], clock: systemClock }),
    bucketName: bucket,
    claimDays: Number(env('CLAIM_DAYS')),
    clock: systemClock,
  });
  const queueUrl = env('DEAD_LETTER_QUEUE_URL');
  const send = deadLetterQueue({ client: new SQSClient(), queueUrl, maxBytes: Number(env('MAX_MESSAGE_SIZE')) });
  const { logger, metrics } = observer(name);

  return async (records: readonly SQSRecord[], context: Context): Promise<Result[]> => {
    logger.addContext(context);
    try {
      const results = await eachMessage(
        records,
        async (record) => work(record, claims, records.length),
        async (record, why) => {
          await send(record, why);
          logger.error('dead-lettered', { messageId: record.messageId, reason: why.reason, error: why });
        },
      );
      metrics.addMetric(done, MetricUnit.Count, results.length);
      metrics.addMetric('DeadLettered', MetricUnit.Count, records.length - results.length);
      return results;
    } catch (error) {
      logger.error('failed', { messageIds: records.map(({ messageId }) => messageId), error: error as Error });
      metrics.addMetric('Failed', MetricUnit.Count, records.length);
      throw error;
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}
