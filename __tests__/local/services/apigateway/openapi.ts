export type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- documents under test

export const region = 'eu-central-1';
/** The role that writes to the table. */
export const integrationRole = 'arn:aws:iam::000000000000:role/orders-api';

const requestTemplate = `
#set($key = $input.params('Idempotency-Key'))
#if($key == "")
#set($key = $context.requestId)
#end
#set($context.requestOverride.path.orderId = $key)
#set($id = $util.escapeJavaScript($key).replaceAll("\\\\'", "'"))
#set($status = $util.escapeJavaScript($input.path('$.Status')).replaceAll("\\\\'", "'"))
{
  "TransactItems": [{ "Put": { "TableName": "$stageVariables.table", "Item": {
    "id": { "S": "$id" }, "createdAt": { "N": "$context.requestTimeEpoch" }, "Status": { "S": "$status" } } } }]
}`;

const errorTemplate = `#set($reason = $input.path('$.CancellationReasons[0].Code'))
#if($reason == "ConditionalCheckFailed")
#set($context.responseOverride.status = 409)
{"message": "exists", "id": "$context.requestOverride.path.orderId"}
#else
{"message": "bad order: $util.escapeJavaScript($input.path('$.Message'))"}
#end`;

const integration = {
  type: 'aws',
  httpMethod: 'POST',
  uri: `arn:aws:apigateway:${region}:dynamodb:action/TransactWriteItems`,
  credentials: integrationRole,
  passthroughBehavior: 'never',
  requestTemplates: { 'application/json': requestTemplate },
  responses: {
    default: {
      statusCode: '500',
      responseTemplates: { 'application/json': '{"message": "internal"}' },
    },
    '200': {
      statusCode: '200',
      responseParameters: { 'method.response.header.Cache-Control': "'no-store'" },
      responseTemplates: {
        'application/json':
          '{"id": "$util.escapeJavaScript($context.requestOverride.path.orderId).replaceAll("\\\\\'", "\'")"}',
      },
    },
    '4\\d\\d': { statusCode: '400', responseTemplates: { 'application/json': errorTemplate } },
  },
};

/** The operation `POST /createId`: validated, then written to DynamoDB in a transaction. */
export const order = {
  requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
  'x-amazon-apigateway-request-validator': 'all',
  responses: { '200': { description: '', headers: { 'Cache-Control': {} } }, '400': {}, '409': {}, '500': {} },
  'x-amazon-apigateway-integration': integration,
};

/** The API of the tests. */
export const openapi: Json = {
  openapi: '3.0.1',
  info: { title: 'orders', version: '1' },
  'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true, validateRequestParameters: true } },
  'x-amazon-apigateway-gateway-responses': {
    BAD_REQUEST_BODY: {
      statusCode: 400,
      responseTemplates: {
        'application/json': '{"message":$context.error.messageString,"details":"$context.error.validationErrorString"}',
      },
    },
  },
  paths: { '/createId': { post: order } },
  components: {
    schemas: {
      Order: {
        type: 'object',
        required: ['Status'],
        additionalProperties: false,
        properties: { Status: { type: 'string', pattern: '^[^~]*$' } },
      },
    },
  },
};

/** The API with another request template and no validation; `change` goes over its integration. */
export const withTemplate = (template: string, change: Json = {}): Json => ({
  ...openapi,
  paths: {
    '/createId': {
      post: {
        ...order,
        'x-amazon-apigateway-request-validator': undefined,
        'x-amazon-apigateway-integration': {
          ...integration,
          requestTemplates: { 'application/json': template },
          ...change,
        },
      },
    },
  },
});
