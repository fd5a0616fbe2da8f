import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { systemClock as clock } from '../shared/clock';
import { env } from '../shared/env';
import { observer } from '../shared/observed';
import { deliveryStarter } from './delivery-starter';
import { MessageStore } from './message-store';
import { redeliver } from './redelivery';

const limits = { perRun: 100, attempts: 5 };
const leaseSeconds = Number(env('LEASE_SECONDS'));
const client = new DynamoDBClient();
const messages = new MessageStore({ client, tableName: env('MESSAGES_TABLE'), clock, leaseSeconds });
const start = deliveryStarter({ client: new SFNClient(), stateMachineArn: env('STATE_MACHINE_ARN') });
const { logger, metrics } = observer('retry-failed');

/** Delivers again what failed, and abandons what failed too often; reports how many messages wait for a person. */
export async function handler(_event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const done = await redeliver({ messages, start }, limits);
  for (const { outcome, error, id: messageId } of done) {
    if (error) logger.error(outcome, { messageId, error });
    else logger.info(outcome, { messageId });
  }
  const number = (outcome: string) => done.filter((one) => one.outcome === outcome).length;
  metrics.addDimension('function_name', context.functionName);
  metrics.addMetric('Redelivered', MetricUnit.Count, number('restarted'));
  metrics.addMetric('Abandoned', MetricUnit.Count, Math.max(number('abandoned'), await messages.countAbandoned()));
  metrics.publishStoredMetrics();
  if (number('failed')) throw new Error(`${number('failed')} of ${done.length} messages could not be redelivered`);
}
