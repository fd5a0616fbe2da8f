import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { env } from '../shared/env';
import { observer } from '../shared/observed';
import { outlet } from './outlet';
import { type SendRequest, send } from './sender';

/** Three tries of the SDK end within the timeout of the function, so that the breaker hears of a topic that hangs. */
const requestHandler = { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true };
const database = new DynamoDBClient({ requestHandler });
const notifier = new SNSClient({ requestHandler });
const ports = outlet({ database, tableName: env('MESSAGES_TABLE'), notifier, topicArn: env('TOPIC_ARN') });
const { logger, metrics } = observer('send-message');

/** Publishes a message for the execution that has claimed it, and reports to the breaker's metric. */
export async function handler(request: SendRequest, context: Context): Promise<{ messageId: string }> {
  logger.addContext(context);
  const report = (outcome: 'sent' | 'failed') => {
    metrics.addDimension('function_name', context.functionName);
    metrics.addMetric('Sent', MetricUnit.Count, outcome === 'sent' ? 1 : 0);
    metrics.addMetric('SendFailed', MetricUnit.Count, outcome === 'failed' ? 1 : 0);
    metrics.publishStoredMetrics();
  };
  try {
    const sent = await send(request, { ...ports, report });
    logger.info('sent', { messageId: request.id, snsMessageId: sent.messageId });
    return sent;
  } catch (error) {
    logger.error('failed', { messageId: request.id, error: error as Error });
    throw error;
  }
}
