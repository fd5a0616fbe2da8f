import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { env } from '../shared/env';
import { observer } from '../shared/observed';
import { sample, sampleRequestOf } from './sample';

const client = new SQSClient();
const QueueUrl = env('QUEUE_URL');
const { logger } = observer('submit-sample');

/** Makes messages of a size and submits them. @returns their ids */
export async function handler(input: unknown, context: Context): Promise<{ ids: string[] }> {
  logger.addContext(context);
  try {
    const { size, count, type } = sampleRequestOf(input);
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) await client.send(new SendMessageCommand({ QueueUrl, MessageBody: sample(id, type, size) }));
    logger.info('submitted', { ids, size });
    return { ids };
  } catch (error) {
    logger.error('failed', { error: error as Error });
    throw error;
  }
}
