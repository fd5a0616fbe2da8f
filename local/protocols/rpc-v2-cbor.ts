import { AwsError } from '../aws-error';
import { decodeCbor, encodeCbor } from './cbor';
import type { HttpRequest, HttpResponse, WireCall } from './http';
import { queryError } from './json';
import type { WireService } from './services';

const headers = (requestId: string) => ({
  'Content-Type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-RequestId': requestId,
});

/** Reads a call of Smithy RPC v2 CBOR, which the clients of CloudWatch speak since 2025. */
export function readCbor(request: HttpRequest, service: WireService, operation: string): WireCall {
  let input: unknown;
  try {
    input = request.body.length > 0 ? decodeCbor(request.body) : {};
  } catch (error) {
    throw new AwsError('SerializationException', `The request body is not valid CBOR: ${(error as Error).message}`);
  }
  return {
    service: service.name,
    operation,
    input,
    success: (output, requestId) => ({ status: 200, headers: headers(requestId), body: encodeCbor(output ?? {}) }),
  };
}

/** Writes an error of RPC v2 CBOR. */
export function writeCborError(service: WireService, error: AwsError, requestId: string): HttpResponse {
  const namespace = service.errorNamespace ? `${service.errorNamespace}#` : '';
  return {
    status: error.status,
    headers: { ...headers(requestId), ...(service.queryCompatible && { 'x-amzn-query-error': queryError(error) }) },
    body: encodeCbor({ __type: namespace + error.code, message: error.message, ...error.fields }),
  };
}
