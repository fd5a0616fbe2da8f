import { AwsError } from '../aws-error';
import type { HttpRequest, WireCall, WriteError } from './http';
import { readJson, writeJsonError } from './json';
import { formParameters, readQuery, writeQueryError } from './query';
import { matchRoute, readRestJson, writeRestJsonError } from './rest-json';
import { readS3, writeS3Error } from './rest-xml';
import { readCbor, writeCborError } from './rpc-v2-cbor';
import { serviceBySigningName, serviceByTarget, type WireService } from './services';
import type { Signature } from './signature';

/** How to read a request and how to answer what goes wrong with it. */
export interface Conversation {
  /** The service addressed, as far as it is known. */
  readonly service?: WireService;
  readonly writeError: WriteError;
  /** @throws AwsError for what cannot be read or found */
  read(): WireCall;
}

const cborPath = /^\/(?:[^/]+\/)?service\/([^/]+)\/operation\/([^/]+)$/;

/** Tells protocol and service from headers, query, path and credential scope. */
export function openConversation(request: HttpRequest, signature: Signature | undefined): Conversation {
  const cbor = request.headers['smithy-protocol'] === 'rpc-v2-cbor' ? cborPath.exec(request.path) : null;
  if (cbor) return cborConversation(request, cbor[1]!, cbor[2]!);
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return jsonConversation(request, target);
  const signed = signature && serviceBySigningName(signature.service);
  if (signed?.protocol === 'rest-xml') return s3Conversation(request, signed);
  if (signed?.protocol === 'query' || request.query.has('Action') || isForm(request))
    return queryConversation(request, signature, signed);
  return restConversation(request, signature, signed);
}

function isForm(request: HttpRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

function cborConversation(request: HttpRequest, target: string, operation: string): Conversation {
  const service = serviceByTarget(target);
  return {
    ...(service && { service }),
    writeError: (error, id) => writeCborError(service ?? { name: target, protocol: 'json' }, error, id),
    read() {
      if (!service) throw unknownService(target);
      if (request.method !== 'POST') throw wrongMethod(request.method);
      return readCbor(request, service, operation);
    },
  };
}

function jsonConversation(request: HttpRequest, target: string): Conversation {
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, Math.max(0, dot));
  const service = serviceByTarget(prefix);
  return {
    ...(service && { service }),
    writeError: (error, id) => writeJsonError(service ?? { name: prefix, protocol: 'json' }, error, id),
    read() {
      if (!service) throw unknownService(target);
      if (request.method !== 'POST') throw wrongMethod(request.method);
      return readJson(request, service, target.slice(dot + 1));
    },
  };
}

function queryConversation(
  request: HttpRequest,
  signature: Signature | undefined,
  service: WireService | undefined,
): Conversation {
  return {
    ...(service && { service }),
    writeError: (error, id) => writeQueryError(service, error, id),
    read() {
      if (!signature) throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
      if (!service) throw unknownService(signature.service);
      if (service.protocol !== 'query') {
        throw new AwsError(
          'UnknownOperationException',
          `The local runtime speaks ${service.protocol} with clients of ${service.name}, not the query protocol: use a current SDK or CLI`,
          404,
        );
      }
      const parameters = formParameters(request);
      if (!parameters.get('Action')) throw new AwsError('MissingAction', 'The request has no parameter Action');
      return readQuery(parameters, service);
    },
  };
}

function restConversation(
  request: HttpRequest,
  signature: Signature | undefined,
  signed: WireService | undefined,
): Conversation {
  return {
    ...(signed && { service: signed }),
    writeError: (error, id) =>
      signed?.protocol === 'json' ? writeJsonError(signed, error, id) : writeRestJsonError(error, id),
    read() {
      if (!signature) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
      if (!signed) throw unknownService(signature.service);
      const found = matchRoute(request, signed.name);
      if (found) return readRestJson(request, found.route, found.uri);
      throw new AwsError(
        'UnknownOperationException',
        signed.protocol === 'json'
          ? `The request to ${signed.name} has no header X-Amz-Target`
          : `${signed.name} has no operation at ${request.method} ${request.path} in the local runtime`,
        404,
      );
    },
  };
}

function s3Conversation(request: HttpRequest, service: WireService): Conversation {
  return {
    service,
    writeError: (error, id) => writeS3Error(request, error, id),
    read: () => readS3(request),
  };
}

function unknownService(name: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `The local runtime does not run a service that is called as ${name}`,
    404,
  );
}

function wrongMethod(method: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `Operations of this service are called with POST, not ${method}`,
    404,
  );
}
