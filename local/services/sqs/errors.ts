import { AwsError } from '../../aws-error';
import type { ServiceErrors } from '../../service';

/** Error names of SQS in the JSON protocol. */
export const errors: ServiceErrors = {
  accessDenied: { code: 'AccessDenied', status: 403 },
  throttled: { code: 'RequestThrottled', status: 400 },
  validation: { code: 'SerializationException', status: 400 },
  internal: { code: 'InternalFailure', status: 500 },
};

/**
 * The code in the header `x-amzn-query-error`, where it differs from the error's name.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
const queryCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

/** The error's code as clients of the query protocol know it; the gateway sends it along. */
export function queryCode(code: string): string {
  return queryCodes[code] ?? code;
}

/** @returns `InvalidParameterValue` */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

/** @returns `InvalidParameterValue` in the words of SQS */
export function invalidValue(parameter: string, value: unknown, reason: string): AwsError {
  return invalid(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

/** @throws AwsError `InvalidParameterValue` unless the value is a whole number from `minimum` to `maximum`, or undefined */
export function checkRange(parameter: string, value: number | undefined, minimum: number, maximum: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) return;
  const allowed = minimum === 0 ? `>= 0 and <= ${maximum}` : `between ${minimum} and ${maximum}`;
  throw invalidValue(parameter, value, `Must be ${allowed}, if provided.`);
}

/** @throws AwsError `MissingParameter` for undefined and empty values */
export function required<T>(parameter: string, value: T | undefined): T {
  if (value === undefined || value === '') {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${parameter}.`);
  }
  return value;
}
