import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { systemClock } from '../shared/clock';
import { env } from '../shared/env';
import { type Origin, traceparentOf } from '../shared/tracing';
import { requestOf } from './user';
import { type Stored, UserStore } from './user-store';

/** What every request may have: an id that all that follows has in common. @default the id of the invocation */
interface Request {
  readonly correlationId?: string | undefined;
}

/**
 * A handler that changes users when it is invoked with a request.
 *
 * @param name of the function, in logs
 * @param schema of the request
 * @param change what to do; what it returns and throws is the answer
 */
export function userCommand<Schema extends z.ZodMiniType<Request>, Answer extends Pick<Stored, 'id'>>(
  name: string,
  schema: Schema,
  change: (users: UserStore, request: z.output<Schema>, origin: Origin) => Promise<Answer>,
) {
  const users = new UserStore({ client: new DynamoDBClient(), tableName: env('USERS_TABLE'), clock: systemClock });
  const logger = new Logger({ serviceName: name });

  return async (input: unknown, context: Context): Promise<Answer> => {
    logger.addContext(context);
    try {
      const request = requestOf(schema, input);
      const { awsRequestId } = context;
      const traceparent = traceparentOf(process.env['_X_AMZN_TRACE_ID']);
      const correlationId = request.correlationId ?? awsRequestId;
      const origin = { correlationId, causationId: awsRequestId, ...(traceparent && { traceparent }) };
      const answer = await change(users, request, origin);
      logger.info('done', { userId: answer.id, correlationId });
      return answer;
    } catch (error) {
      logger.error('failed', { error: error as Error });
      throw error;
    }
  };
}
