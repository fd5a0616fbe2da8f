import { z } from 'zod';
import { text } from './java';

/** Types of gateway responses with the status each has unless it is changed. */
const types = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 500,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

/** Source: API Gateway developer guide, "Gateway response types". */
export type ResponseType = keyof typeof types;

const errorTypes: Partial<Record<ResponseType, string>> = {
  ACCESS_DENIED: 'AccessDeniedException',
  BAD_REQUEST_BODY: 'BadRequestException',
  BAD_REQUEST_PARAMETERS: 'BadRequestException',
  DEFAULT_4XX: 'BadRequestException',
  INVALID_SIGNATURE: 'InvalidSignatureException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  REQUEST_TOO_LARGE: 'RequestTooLargeException',
  THROTTLED: 'TooManyRequestsException',
  UNSUPPORTED_MEDIA_TYPE: 'UnsupportedMediaTypeException',
};

/** An answer of API Gateway itself instead of the integration's. */
export class GatewayError extends Error {
  /** @param detail for the timeline and the access log only: what the client is not told */
  constructor(
    readonly type: ResponseType,
    message: string,
    readonly detail?: string,
    readonly validationErrorString?: string,
  ) {
    super(message);
  }

  /** What AWS answers for the type, unless the API changes it. */
  get status(): number {
    return types[this.type];
  }

  /** `x-amzn-ErrorType` */
  get errorType(): string {
    return errorTypes[this.type] ?? 'InternalServerErrorException';
  }
}

/** How one type of gateway response is changed. */
export interface GatewayResponse {
  /** @default that of the type */
  readonly status?: number | undefined;
  /** By content type. */
  readonly templates: Readonly<Record<string, string>>;
  /** Header -> expression. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Changed gateway responses, by type. */
export type GatewayResponses = Readonly<Partial<Record<ResponseType, GatewayResponse>>>;

/** A type of gateway response. */
export const responseType = z.enum(Object.keys(types) as [ResponseType, ...ResponseType[]]);

/** `gatewayresponse.header.X` -> `'text'` or `context.requestId`. */
export const responseParameters = z
  .record(
    z.string().regex(/^gatewayresponse\.header\.[\w-]+$/, 'only gatewayresponse.header.* is modelled'),
    z.string().regex(/^(?:'[^']*'|context\.[\w.]+)$/, "only 'text' and context.* are modelled"),
  )
  .transform((parameters) =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name.slice('gatewayresponse.header.'.length), value]),
    ),
  );

/** The extension `x-amazon-apigateway-gateway-responses`. */
export const gatewayResponses = z
  .partialRecord(
    responseType,
    z.strictObject({
      statusCode: z.coerce.number().int().min(200).max(599).optional(),
      responseTemplates: z.record(z.string(), z.string()).default({}),
      responseParameters: responseParameters.default({}),
    }),
  )
  .transform((responses): GatewayResponses =>
    Object.fromEntries(
      Object.entries(responses).map(([type, { statusCode, responseTemplates, responseParameters: headers }]) => [
        type,
        { status: statusCode, templates: responseTemplates, headers },
      ]),
    ),
  );

/** Finds a context variable by its dotted path. */
export type Lookup = (path: string) => unknown;

/**
 * Writes a gateway response: the type's own, else the default of its class, else API Gateway's.
 *
 * Templates are not VTL: `$context` variables are replaced and nothing else.
 */
export function renderGatewayResponse(
  error: GatewayError,
  responses: GatewayResponses,
  lookup: Lookup,
): { status: number; headers: Record<string, string>; body: string } {
  const fallback = responses[error.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  const response = responses[error.type] ?? fallback;
  const [contentType, template] = Object.entries(response?.templates ?? {})[0] ?? ['application/json', builtIn(error)];
  const headers: Record<string, string> = { 'Content-Type': contentType, 'x-amzn-ErrorType': error.errorType };
  for (const [name, expression] of Object.entries(response?.headers ?? {})) {
    headers[name] = expression.startsWith("'")
      ? expression.slice(1, -1)
      : text(lookup(expression.slice('context.'.length)) ?? '');
  }
  return { status: response?.status ?? error.status, headers, body: substitute(template, lookup, '') };
}

function builtIn(error: GatewayError): string {
  return error.type === 'ACCESS_DENIED'
    ? '{"Message":$context.error.messageString}'
    : '{"message":$context.error.messageString}';
}

/**
 * Replaces `$context` variables by their values.
 *
 * @param missing what stands for a variable without a value
 */
export function substitute(format: string, lookup: Lookup, missing: string): string {
  return format.replaceAll(/\$context\.(\w+(?:\.[\w-]+)*)/g, (_, path: string) => {
    const value = lookup(path);
    return value === undefined || value === null || value === '' ? missing : text(value);
  });
}
