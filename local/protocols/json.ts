import { AwsError } from '../aws-error';
import type { HttpRequest, HttpResponse, WireCall } from './http';
import type { WireService } from './services';

/** Codes of the query protocol for errors of SQS that changed their name. Source: SQS API reference, "Common errors". */
const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
};

/** Members as the JSON protocols write them: blobs in base64, timestamps in epoch seconds. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value ?? {}, function replace(this: Record<string, unknown>, key, item: unknown) {
    const original = this[key];
    if (original instanceof Date) return original.getTime() / 1000;
    if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
    return item;
  });
}

/**
 * Parses a body that must be a JSON object; an empty one counts as `{}`.
 *
 * @throws AwsError `SerializationException` (400), as the services answer what they cannot read
 */
export function parseJsonObject(text: string): Record<string, unknown> {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError(
      'SerializationException',
      'Start of structure or map expected: the request body is not a JSON object',
    );
  }
  return value as Record<string, unknown>;
}

/** Reads a call of AWS JSON 1.0 or 1.1. */
export function readJson(request: HttpRequest, service: WireService, operation: string): WireCall {
  return {
    service: service.name,
    operation,
    input: parseJsonObject(request.body.toString('utf8')),
    success: (output, requestId) => ({
      status: 200,
      headers: { 'Content-Type': `application/x-amz-json-${service.jsonVersion}`, 'x-amzn-RequestId': requestId },
      body: output === undefined ? '' : jsonText(output),
    }),
  };
}

/** Writes an error of AWS JSON; DynamoDB writes the message of a cancelled transaction with a capital. */
export function writeJsonError(service: WireService, error: AwsError, requestId: string): HttpResponse {
  const namespace = service.errorNamespace ? `${service.errorNamespace}#` : '';
  const message = error.code === 'TransactionCanceledException' ? 'Message' : 'message';
  return {
    status: error.status,
    headers: {
      'Content-Type': `application/x-amz-json-${service.jsonVersion ?? '1.1'}`,
      'x-amzn-RequestId': requestId,
      ...(service.queryCompatible && { 'x-amzn-query-error': queryError(error) }),
    },
    body: jsonText({ __type: namespace + error.code, [message]: error.message, ...error.fields }),
  };
}

/** `Code;Sender` or `Code;Receiver`, as `x-amzn-query-error` carries it. */
export function queryError(error: AwsError): string {
  return `${queryCodes[error.code] ?? error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
}
