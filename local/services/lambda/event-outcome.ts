import type { Runtime } from '../../runtime';
import { objectKey, sendOnce } from './destination';
import type { LambdaFunction } from './functions';
import type { InvokeRequest, InvokeResult } from './invoke';

/** What became of an asynchronous event. */
export interface EventOutcome {
  readonly target: LambdaFunction;
  readonly request: InvokeRequest & { readonly requestId: string };
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  /** Times that the function was invoked. */
  readonly attempts: number;
  /** The last invocation; none if the function could never be started. */
  readonly result: InvokeResult | undefined;
  /** Why the function could not be started, the last time. */
  readonly refusal: { readonly status: number; readonly message: string } | undefined;
  /** Hop that ended it. */
  readonly hop: number;
}

/** Characters of an error message in a dead letter. Source: Lambda developer guide, "Adding a dead-letter queue": 1 KB. */
const maximumErrorMessage = 1024;

/** The invocation record. Source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations". */
function invocationRecord(runtime: Runtime, { target, request, condition, attempts, result }: EventOutcome): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(runtime.clock.now()).toISOString(),
    requestContext: {
      requestId: request.requestId,
      functionArn: `${target.arn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(request.event) as unknown,
    ...(result && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(result.functionError && { functionError: result.functionError }),
      },
      responsePayload: JSON.parse(result.payload || 'null') as unknown,
    }),
  });
}

/** Attributes of a dead letter, whose body is the event as it came. */
function deadLetterAttributes({ request, result, refusal }: EventOutcome) {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const message = refusal?.message ?? result?.failure ?? 'The event expired';
  return {
    RequestID: text(request.requestId),
    ErrorCode: { DataType: 'Number', StringValue: String(refusal?.status ?? 200) },
    ErrorMessage: text(Buffer.from(message).subarray(0, maximumErrorMessage).toString()),
  };
}

/** Tells the function's destinations, and its dead-letter queue, how an event ended. */
export async function tellOutcome(runtime: Runtime, outcome: EventOutcome): Promise<void> {
  const { target, request, condition, hop } = outcome;
  const { function_name: name, dead_letter_config: deadLetters } = target.configuration;
  const succeeded = condition === 'Success';
  const config = target.eventInvokeConfig;
  const destination = succeeded ? config?.onSuccess : config?.onFailure;
  const parents = [hop];
  if (destination) {
    const dispatch = {
      body: invocationRecord(runtime, outcome),
      key: objectKey(runtime, `async/${name}`),
      detailType: `Lambda Function Invocation Result - ${succeeded ? 'Success' : 'Failure'}`,
      parents,
    };
    await sendOnce(runtime, target, destination, dispatch, 'DestinationDeliveryFailures');
  }
  if (succeeded || !deadLetters) return;
  const dispatch = { body: request.event, attributes: deadLetterAttributes(outcome), parents };
  await sendOnce(runtime, target, deadLetters.target_arn, dispatch, 'DeadLetterErrors');
}
