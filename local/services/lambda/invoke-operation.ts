import { z } from 'zod';
import { AwsError } from '../../aws-error';
import { principalName } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import { asynchronous } from './asynchronous';
import type { Functions } from './functions';
import { invoke } from './invoke';

/** Under this symbol the answer carries the hop of the invocation, for callers in this process. */
export const invocationHop = Symbol('invocationHop');

/** Bytes of an event. Source: Lambda quotas, invocation payload (6 MB synchronous, as its own error states it; 1 MB asynchronous). */
const maximumEvent = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 };

const functionName = z.string().min(1).max(170);

const invokeInput = z.object({
  FunctionName: functionName,
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).default('RequestResponse'),
  LogType: z.enum(['None', 'Tail']).default('None'),
  Payload: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  /** Base64 of JSON, at most 3,583 bytes. */
  ClientContext: z.string().max(3583).optional(),
  Qualifier: z.string().optional(),
  DurableExecutionName: z.undefined('durable functions are not modelled by the local runtime').optional(),
  TenantId: z.undefined('tenant isolation is not modelled by the local runtime').optional(),
});

function eventText(payload: string | Uint8Array | undefined, type: keyof typeof maximumEvent): string {
  const text = typeof payload === 'string' ? payload : Buffer.from(payload ?? []).toString();
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumEvent[type]) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${maximumEvent[type]} bytes for the InvokeFunction operation`,
      413,
      { Type: 'User' },
    );
  }
  if (text === '') return '{}';
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
      400,
      { Type: 'User' },
    );
  }
}

/** `Invoke`. */
export function invokeOperation(runtime: Runtime, functions: Functions): Operation<z.infer<typeof invokeInput>> {
  const queue = asynchronous(runtime);
  return {
    input: invokeInput,
    // A function that is not there has no policy that could allow it: the caller hears that it is missing.
    permissions: ({ FunctionName, Qualifier }) =>
      functions.has(FunctionName)
        ? [{ action: 'lambda:InvokeFunction', resource: functions.arnOf(FunctionName, Qualifier) }]
        : [],
    async run(input, call) {
      const target = functions.find(input.FunctionName, input.Qualifier);
      const event = eventText(input.Payload, input.InvocationType);
      if (input.InvocationType === 'DryRun') return { StatusCode: 204, Payload: '' };
      const clientContext = input.ClientContext && Buffer.from(input.ClientContext, 'base64').toString();
      const request = {
        event,
        parents: call.parents,
        principal: principalName(call.principal),
        ...(clientContext && { clientContext }),
      };
      if (input.InvocationType === 'Event') {
        queue(target, { ...request, what: 'asynchronous event' });
        return { StatusCode: 202, Payload: '' };
      }
      const result = await invoke(runtime, target, { ...request, what: 'invoked' });
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        Payload: result.payload,
        [invocationHop]: result.hop,
        ...(result.functionError && { FunctionError: result.functionError }),
        ...(input.LogType === 'Tail' && { LogResult: Buffer.from(result.log).toString('base64') }),
      };
    },
  };
}
