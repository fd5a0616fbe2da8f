import { AwsError, toAwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import { invocationHop } from '../lambda/invoke-operation';
import { type Enrichment, causes } from './pipe';
import { parseNested } from '../../nested-json';

/**
 * A Lambda function as enrichment: invoked with the list of the records, even if it is one, and waited for. A function
 * that fails does so for all of them (EventBridge Pipes user guide, batching).
 */
export function functionEnrichment(runtime: Runtime, functionArn: string): Enrichment {
  return {
    service: 'lambda',
    async enrich(records, principal) {
      const request = {
        FunctionName: functionArn,
        InvocationType: 'RequestResponse',
        Payload: JSON.stringify(records.map(({ event }) => event)),
      };
      const parents = causes(records);
      try {
        const answer = await runtime.call({
          service: 'lambda',
          operation: 'Invoke',
          input: request,
          principal,
          parents,
        });
        const { Payload: payload, FunctionError: kind } = answer as { Payload: string; FunctionError?: string };
        const response = { StatusCode: answer.StatusCode, Payload: payload, ...(kind && { FunctionError: kind }) };
        if (kind) return { request, response, error: functionError(kind, payload) };
        const events = eventsOf(payload).map((event) => ({ event, parents: [answer[invocationHop] as number] }));
        return { request, response, events };
      } catch (error) {
        return { request, error: toAwsError(error) };
      }
    },
  };
}

/** The error keeps Lambda's own code: a function that throws a throttle of its own is not throttled. */
function functionError(kind: string, payload: string): AwsError {
  const { errorType, errorMessage } = JSON.parse(payload) as { errorType?: string; errorMessage: string };
  return new AwsError(kind, errorType ? `${errorType}: ${errorMessage}` : errorMessage);
}

/**
 * The events in an answer: each item of a list, or the answer itself; none if it is `""`, `{}` or `[]` (EventBridge
 * Pipes user guide, "Filtering events using enrichment") or `null`, which a function answers that returns nothing.
 */
function eventsOf(payload: string): readonly unknown[] {
  const answer = readable(payload || 'null');
  if (Array.isArray(answer)) return answer;
  if (answer === null || answer === '') return [];
  return typeof answer === 'object' && Object.keys(answer).length === 0 ? [] : [answer];
}

function readable(payload: string): unknown {
  try {
    return parseNested(payload);
  } catch (error) {
    throw new AwsError(
      'InvalidEnrichmentResponse',
      `The enrichment's answer cannot be read: ${(error as Error).message}`,
    );
  }
}
