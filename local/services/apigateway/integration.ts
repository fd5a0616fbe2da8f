import { z } from 'zod';
import { wireServices, type WireService } from '../../protocols/services';
import { parseTemplate, type Template } from './template';

/** How a method calls an AWS service. */
export interface Integration {
  readonly service: WireService;
  /** As the service's API names it. */
  readonly operation: string;
  /** ARN of the role that API Gateway assumes for the call. */
  readonly credentials: string;
  /** By content type. */
  readonly requestTemplates: ReadonlyMap<string, Template>;
  /** When a body without a template goes on as it is. */
  readonly passthrough: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  /** Milliseconds. */
  readonly timeout: number;
  /** The first that matches counts. */
  readonly responses: readonly IntegrationResponse[];
}

/** What a method answers for some of the statuses of its integration. */
export interface IntegrationResponse {
  /** Matched against the whole status; undefined for the default. */
  readonly pattern?: RegExp;
  /** What the method answers. */
  readonly status: number;
  /** By content type; none passes the body through. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Header -> `'text'`, `integration.response.header.X` or `integration.response.body.x`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The longest that API Gateway waits for an integration, in milliseconds. Source: API Gateway quotas. */
const maximumTimeout = 29_000;

const template = z.string().transform((source, context): Template => {
  try {
    return parseTemplate(source);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `not a mapping template: ${syntaxError(error as Error)}` });
    return z.NEVER;
  }
});

/** The parser's message has the line, the place in it, an arrow, and what could stand there. */
function syntaxError({ message }: Error): string {
  const [line = '', place = ''] = message.split('\n');
  return `${line.replace(/:$/, '')}, at ${JSON.stringify(place)}`;
}

const templates = z
  .record(z.string(), template)
  .default({})
  .transform((byType) => new Map(Object.entries(byType)));

const headerExpression = /^(?:'[^']*'|integration\.response\.header\.[\w-]+|integration\.response\.body\.[\w.[\]'-]+)$/;

const response = z.strictObject({
  statusCode: z.union([z.string().regex(/^[1-5]\d\d$/), z.number().int().min(100).max(599)]).transform(Number),
  responseTemplates: templates,
  responseParameters: z
    .record(
      z.string().regex(/^method\.response\.header\.[\w-]+$/, 'only method.response.header.* can be set'),
      z
        .string()
        .regex(
          headerExpression,
          "only 'text', integration.response.header.* and integration.response.body.* are modelled",
        ),
    )
    .default({}),
});

const uri = /^arn:aws(?:-us-gov)?:apigateway:([\w-]+):([\w-]+):action\/(\w+)$/;

/** The extension `x-amazon-apigateway-integration`; of its kinds, `aws` with an action of a JSON service. */
export const integration = (region: string) =>
  z
    .strictObject({
      type: z
        .string()
        .refine(
          (type) => type.toLowerCase() === 'aws',
          "only 'aws' (AWS service) integrations run in the local runtime",
        ),
      httpMethod: z.literal('POST', 'AWS services are called with POST'),
      uri: z.string().regex(uri, 'must be arn:<partition>:apigateway:<region>:<service>:action/<Operation>'),
      credentials: z
        .string()
        .regex(/^arn:aws(?:-us-gov)?:iam::\d{12}:role\/.+$/, 'must be the ARN of a role: AWS integrations need one'),
      requestTemplates: templates,
      // Headers of the integration request do not change what a JSON service does.
      requestParameters: z.record(z.string().regex(/^integration\.request\.header\.[\w-]+$/), z.string()).optional(),
      passthroughBehavior: z
        .string()
        .default('WHEN_NO_MATCH')
        .transform((text) => text.toUpperCase())
        .pipe(z.enum(['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'])),
      timeoutInMillis: z.number().int().min(50).max(maximumTimeout).default(maximumTimeout),
      responses: z.record(z.string(), response).default({}),
    })
    .transform((value, context): Integration => {
      const [, inRegion, name, operation] = uri.exec(value.uri)!;
      const service = wireServices.find((candidate) => candidate.name === name && candidate.protocol === 'json');
      if (!service) {
        context.addIssue({
          code: 'custom',
          path: ['uri'],
          message: `integrations with ${name} are not modelled: only services that speak JSON`,
        });
        return z.NEVER;
      }
      if (inRegion !== region) {
        context.addIssue({
          code: 'custom',
          path: ['uri'],
          message: `is in ${inRegion}, the local runtime runs ${region}`,
        });
        return z.NEVER;
      }
      return {
        service,
        operation: operation!,
        credentials: value.credentials,
        requestTemplates: value.requestTemplates,
        passthrough: value.passthroughBehavior,
        timeout: value.timeoutInMillis,
        responses: Object.entries(value.responses).map(([key, item]) => integrationResponse(key, item)),
      };
    });

function integrationResponse(key: string, value: z.output<typeof response>): IntegrationResponse {
  return {
    ...(key !== 'default' && { pattern: new RegExp(`^(?:${key})$`) }),
    status: value.statusCode,
    templates: value.responseTemplates,
    headers: Object.fromEntries(
      Object.entries(value.responseParameters).map(([name, expression]) => [
        name.slice('method.response.header.'.length),
        expression,
      ]),
    ),
  };
}
