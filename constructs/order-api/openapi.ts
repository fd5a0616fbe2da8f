import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { literal } from '../literal';

/** A mapping template, kept from Terraform. */
function template(name: string): { 'application/json': string } {
  return { 'application/json': literal(readFileSync(join(__dirname, `${name}.vtl`), 'utf8')) };
}

/** What the order API is made of. */
export interface OrderApiDefinition {
  /** Name of the API, project and environment included. */
  readonly title: string;
  /** Table that the transaction writes to. */
  readonly tableName: string;
  /** The DynamoDB action that the API is integrated with, as API Gateway's URI. */
  readonly integrationUri: string;
  /** ARN of the role that API Gateway writes with. */
  readonly roleArn: string;
  /** `NONE` lets anyone in; `AWS_IAM` wants signed requests. */
  readonly authorization: 'NONE' | 'AWS_IAM';
}

const answer = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
});

const order = {
  type: 'object',
  required: ['Status'],
  additionalProperties: false,
  properties: { Status: { type: 'string', pattern: '^[A-Z][A-Z_]{0,63}$' } },
};

/** Signature Version 4, which is how a caller proves to be who IAM allows. */
const sigv4 = { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' };

function createOrder({ tableName, integrationUri, roleArn, authorization }: OrderApiDefinition): object {
  const request = template('request')['application/json'].replaceAll('@TABLE@', tableName);
  return {
    operationId: 'createOrder',
    parameters: [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } }],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
    },
    responses: {
      '200': answer('The order is written; a repeated key answers with the first order'),
      '400': answer('The order is not valid'),
      '409': answer('The key belongs to another order, or to one that is being processed'),
      '500': answer('The order could not be written'),
    },
    ...(authorization === 'AWS_IAM' && { security: [{ sigv4: [] }] }),
    'x-amazon-apigateway-integration': {
      type: 'aws',
      httpMethod: 'POST',
      uri: integrationUri,
      credentials: roleArn,
      passthroughBehavior: 'never',
      timeoutInMillis: 29_000,
      requestTemplates: { 'application/json': request },
      responses: {
        '2\\d{2}': { statusCode: '200', responseTemplates: template('accepted') },
        '4\\d{2}': { statusCode: '400', responseTemplates: template('refused') },
        default: { statusCode: '500', responseTemplates: template('failed') },
      },
    },
  };
}

/**
 * The order API as OpenAPI 3: one operation, checked against a model, written by a service integration in one
 * transaction. The transaction's first item is a marker under the order's id; it exists once, so a repeated
 * `Idempotency-Key` cannot write a second order.
 */
export function orderApi(definition: OrderApiDefinition): object {
  return {
    openapi: '3.0.1',
    info: { title: definition.title, version: '1.0' },
    'x-amazon-apigateway-request-validators': {
      body: { validateRequestBody: true, validateRequestParameters: false },
    },
    'x-amazon-apigateway-request-validator': 'body',
    'x-amazon-apigateway-gateway-responses': {
      BAD_REQUEST_BODY: {
        statusCode: 400,
        responseTemplates: {
          'application/json':
            '{ "message": "Send {\\"Status\\": \\"CREATED\\"}: up to 64 capital letters and underscores, a letter first" }',
        },
      },
    },
    paths: { '/createId': { post: createOrder(definition) } },
    components: {
      schemas: { Order: order },
      ...(definition.authorization === 'AWS_IAM' && { securitySchemes: { sigv4 } }),
    },
  };
}
