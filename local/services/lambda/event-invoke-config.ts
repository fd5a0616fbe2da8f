import { z } from 'zod';
import { block } from '../../arguments';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Operation, ResourceType } from '../../service';
import { paginate } from '../pages';
import { type DestinationKind, checkDestination, destinationFault, sessionOf } from './destination';
import type { Functions, LambdaFunction } from './functions';

/** How a function's asynchronous events are treated. */
export interface EventInvokeConfig {
  /** From 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** Seconds. */
  readonly maximumEventAge: number;
  /** ARN that records of events go to that succeeded. */
  readonly onSuccess?: string;
  /** ARN that records of events go to that failed for good. */
  readonly onFailure?: string;
  /** Epoch milliseconds. */
  readonly modified: number;
}

/** Of a function without configuration. Source: Lambda developer guide, "Error handling for asynchronous invocation". */
export const defaultEventInvokeConfig: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAge: 21_600,
  modified: 0,
};

const destination = (kinds: readonly DestinationKind[]) =>
  block(
    z
      .strictObject({
        destination: z.string().superRefine((arn, context) => {
          const message = destinationFault(arn, kinds);
          if (message) context.addIssue({ code: 'custom', message });
        }),
      })
      .optional(),
  );

/** Arguments of `aws_lambda_function_event_invoke_config`. Source of the ranges: Lambda API reference. */
const configArguments = z.strictObject({
  function_name: z.string(),
  qualifier: z.literal('$LATEST', { message: 'versions and aliases are not modelled: leave qualifier out' }).optional(),
  maximum_retry_attempts: z.number().int().min(0).max(2).default(2),
  maximum_event_age_in_seconds: z.number().int().min(60).max(21_600).default(defaultEventInvokeConfig.maximumEventAge),
  destination_config: block(
    z
      .strictObject({
        on_success: destination(['sqs', 'sns', 'lambda', 'events']),
        on_failure: destination(['sqs', 'sns', 's3', 'lambda', 'events']),
      })
      .optional(),
  ),
});

/** `aws_lambda_function_event_invoke_config`; what the role may send is checked when the runtime starts. */
export function eventInvokeConfigType(
  runtime: Runtime,
  functions: Functions,
): ResourceType<z.infer<typeof configArguments>> {
  return {
    arguments: configArguments,
    create({ arguments: given, address }) {
      const target = functions.find(given.function_name, given.qualifier);
      const { function_name: name } = target.configuration;
      if (target.eventInvokeConfig) throw new Error(`${name} has a configuration for asynchronous invocation already`);
      const onSuccess = given.destination_config?.on_success?.destination;
      const onFailure = given.destination_config?.on_failure?.destination;
      if (onSuccess === target.arn || onFailure === target.arn)
        throw new Error(`${name} cannot be its own destination: that would never end`);
      target.eventInvokeConfig = {
        maximumRetryAttempts: given.maximum_retry_attempts,
        maximumEventAge: given.maximum_event_age_in_seconds,
        ...(onSuccess !== undefined && { onSuccess }),
        ...(onFailure !== undefined && { onFailure }),
        modified: runtime.clock.now(),
      };
      for (const arn of [onSuccess, onFailure]) if (arn !== undefined) checkAtStart(runtime, target, arn, address);
      return { id: name };
    },
  };
}

/** Lets the runtime start only if the function's role may send there. */
export function checkAtStart(runtime: Runtime, target: LambdaFunction, arn: string, address: string): void {
  runtime.onStart(() => {
    try {
      checkDestination(runtime, sessionOf(runtime, target), arn);
    } catch (error) {
      throw new Error(`${address}: ${(error as Error).message}`, { cause: error });
    }
  });
}

function describe({ arn }: LambdaFunction, config: EventInvokeConfig) {
  const { onSuccess, onFailure } = config;
  return {
    FunctionArn: `${arn}:$LATEST`,
    LastModified: config.modified / 1000,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAge,
    DestinationConfig: {
      OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
      OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
    },
  };
}

const functionName = z.string().min(1).max(170);
const getInput = z.object({ FunctionName: functionName, Qualifier: z.string().optional() });
const listInput = z.object({
  FunctionName: functionName,
  Marker: z.string().optional(),
  MaxItems: z.coerce.number().int().min(1).max(50).default(50),
});

/** Operations that tell how asynchronous events are treated. */
export function eventInvokeConfigOperations(functions: Functions): Record<string, Operation> {
  const permission = (action: string, name: string, qualifier?: string) => [
    { action: `lambda:${action}`, resource: functions.arnOf(name, qualifier) },
  ];
  const get: Operation<z.infer<typeof getInput>> = {
    input: getInput,
    permissions: (input) => permission('GetFunctionEventInvokeConfig', input.FunctionName, input.Qualifier),
    run({ FunctionName, Qualifier }) {
      const target = functions.find(FunctionName, Qualifier);
      if (target.eventInvokeConfig) return describe(target, target.eventInvokeConfig);
      const message = `The function ${target.arn}:$LATEST doesn't have an EventInvokeConfig`;
      throw new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
    },
  };
  const list: Operation<z.infer<typeof listInput>> = {
    input: listInput,
    permissions: (input) => permission('ListFunctionEventInvokeConfigs', input.FunctionName),
    run({ FunctionName, Marker, MaxItems }) {
      const target = functions.find(FunctionName);
      const all = target.eventInvokeConfig ? [describe(target, target.eventInvokeConfig)] : [];
      const { items, next } = paginate(all, MaxItems, Marker, 'InvalidParameterValueException');
      return { FunctionEventInvokeConfigs: items, ...(next && { NextMarker: next }) };
    },
  };
  return { GetFunctionEventInvokeConfig: get, ListFunctionEventInvokeConfigs: list };
}
