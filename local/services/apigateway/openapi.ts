import { z } from 'zod';
import { type BodyCheck, bodyChecks } from './body-model';
import { type GatewayResponses, gatewayResponses } from './gateway-response';
import { type Integration, integration } from './integration';

/** One method of a REST API. */
export interface Method {
  /** `POST`, or `ANY` */
  readonly httpMethod: string;
  /** `/orders/{id}` */
  readonly resourcePath: string;
  readonly authorization: 'NONE' | 'AWS_IAM';
  readonly validateBody: boolean;
  /** Checked before the body; none unless parameters are validated. */
  readonly requiredParameters: readonly {
    readonly location: 'path' | 'querystring' | 'header';
    readonly name: string;
  }[];
  /** By content type. */
  readonly models: ReadonlyMap<string, BodyCheck>;
  readonly integration: Integration;
}

/** What an OpenAPI document says of a REST API. */
export interface ApiDefinition {
  readonly methods: readonly Method[];
  readonly gatewayResponses: GatewayResponses;
}

const verbs = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'x-amazon-apigateway-any-method'] as const;

const validator = z.strictObject({
  validateRequestBody: z.boolean().default(false),
  validateRequestParameters: z.boolean().default(false),
});

const parameter = strictExtensions({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
});

const securityScheme = strictExtensions({ 'x-amazon-apigateway-authtype': z.string().optional() });

const operation = (region: string) =>
  strictExtensions({
    parameters: z.array(parameter).default([]),
    requestBody: strictExtensions({
      content: z.record(z.string(), strictExtensions({ schema: z.looseObject({}).optional() })),
    }).optional(),
    responses: z
      .record(z.string(), strictExtensions({ headers: z.record(z.string(), z.unknown()).default({}) }))
      .default({}),
    security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
    'x-amazon-apigateway-auth': z.strictObject({ type: z.enum(['AWS_IAM', 'NONE']) }).optional(),
    'x-amazon-apigateway-request-validator': z.string().optional(),
    'x-amazon-apigateway-integration': integration(region),
  });

const document = (region: string) =>
  strictExtensions({
    openapi: z.string().regex(/^3\.0\.\d+$/, 'API Gateway imports OpenAPI 3.0'),
    info: strictExtensions({ title: z.string().optional() }),
    paths: z.record(
      z.string().startsWith('/'),
      strictExtensions({
        parameters: z.array(parameter).default([]),
        ...Object.fromEntries(verbs.map((verb) => [verb, operation(region).optional()])),
      }),
    ),
    components: strictExtensions({ securitySchemes: z.record(z.string(), securityScheme).default({}) }).default({
      securitySchemes: {},
    }),
    security: z.undefined('is ignored by API Gateway at the root: set it for each operation').optional(),
    'x-amazon-apigateway-request-validators': z.record(z.string(), validator).default({}),
    'x-amazon-apigateway-request-validator': z.string().optional(),
    'x-amazon-apigateway-gateway-responses': gatewayResponses.default({}),
  });

type Parameter = z.output<typeof parameter>;
type Operation = z.output<ReturnType<typeof operation>>;
type Document = z.output<ReturnType<typeof document>>;

/** OpenAPI's own members may stand; an extension of API Gateway that is not modelled may not. */
function strictExtensions<T extends z.ZodRawShape>(shape: T) {
  return z.looseObject(shape).superRefine((value, context) => {
    for (const key of Object.keys(value)) {
      if (/^x-amazon-/i.test(key) && !(key in shape)) {
        context.addIssue({ code: 'custom', path: [key], message: 'is not modelled in the local runtime' });
      }
    }
  });
}

/**
 * Reads the OpenAPI document of a REST API.
 *
 * Source: API Gateway developer guide, "OpenAPI extensions for API Gateway".
 *
 * @throws Error with every place that cannot be run
 */
export function parseOpenApi(text: string, region: string): ApiDefinition {
  const raw = parseJson(text);
  const parsed = document(region).safeParse(raw);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`body cannot be run: ${issues.join('; ')}`);
  }
  const api = parsed.data;
  const check = bodyChecks(raw);
  const methods = Object.entries(api.paths).flatMap(([resourcePath, item]) =>
    verbs.flatMap((verb) => {
      const found = item[verb] as Operation | undefined;
      return found ? [method(api, resourcePath, verb, found, item.parameters, check)] : [];
    }),
  );
  return { methods, gatewayResponses: api['x-amazon-apigateway-gateway-responses'] };
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new Error(`body is not JSON (YAML is not modelled): ${(error as Error).message}`, { cause: error });
  }
  throw new Error('body is not an OpenAPI document');
}

function method(
  api: Document,
  resourcePath: string,
  verb: (typeof verbs)[number],
  found: Operation,
  shared: readonly Parameter[],
  check: (schema: object) => BodyCheck,
): Method {
  const httpMethod = verb === 'x-amazon-apigateway-any-method' ? 'ANY' : verb.toUpperCase();
  const place = `${httpMethod} ${resourcePath}`;
  const name = found['x-amazon-apigateway-request-validator'] ?? api['x-amazon-apigateway-request-validator'];
  const rules = name === undefined ? undefined : api['x-amazon-apigateway-request-validators'][name];
  if (name !== undefined && !rules) throw new Error(`body: ${place}: there is no request validator '${name}'`);
  checkResponses(place, found);
  const required = [...shared, ...found.parameters].filter((item) => item.required && rules?.validateRequestParameters);
  return {
    httpMethod,
    resourcePath,
    authorization: authorization(api, place, found),
    validateBody: rules?.validateRequestBody ?? false,
    requiredParameters: required.map((item) => ({
      location: item.in === 'query' ? 'querystring' : item.in,
      name: item.name,
    })),
    models: new Map(
      Object.entries(found.requestBody?.content ?? {}).flatMap(([type, { schema }]) =>
        schema ? [[type, model(`${place}: model of ${type}`, schema, check)] as const] : [],
      ),
    ),
    integration: found['x-amazon-apigateway-integration'],
  };
}

function model(place: string, schema: object, check: (schema: object) => BodyCheck): BodyCheck {
  try {
    return check(schema);
  } catch (error) {
    throw new Error(`body: ${place}: not a JSON Schema of draft 4: ${(error as Error).message}`, { cause: error });
  }
}

function authorization(api: Document, place: string, found: Operation): Method['authorization'] {
  const schemes = found.security.flatMap((alternative) => Object.keys(alternative));
  for (const scheme of schemes) {
    const type = api.components.securitySchemes[scheme]?.['x-amazon-apigateway-authtype'];
    if (type !== 'awsSigv4')
      throw new Error(`body: ${place}: security scheme '${scheme}' is not modelled: only awsSigv4 is`);
  }
  return found['x-amazon-apigateway-auth']?.type ?? (schemes.length > 0 ? 'AWS_IAM' : 'NONE');
}

/** API Gateway refuses an integration response whose status or header the method response does not declare. */
function checkResponses(place: string, found: Operation): void {
  for (const response of found['x-amazon-apigateway-integration'].responses) {
    const declared = found.responses[String(response.status)];
    if (!declared)
      throw new Error(`body: ${place}: the integration answers ${response.status}, which responses does not declare`);
    const names = new Set(Object.keys(declared.headers).map((header) => header.toLowerCase()));
    for (const header of Object.keys(response.headers)) {
      if (names.has(header.toLowerCase())) continue;
      throw new Error(
        `body: ${place}: header ${header} is mapped, but response ${response.status} does not declare it`,
      );
    }
  }
}
