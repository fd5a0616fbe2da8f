import { type Json, openapi, region } from './openapi';
import { world } from './stage';

describe('configuration', () => {
  test('attributes', async () => {
    const it = await world();
    expect(it.stageUrl).toMatch(/^http:\/\/127\.0\.0\.1:4566\/execute-api\/[a-z0-9]{10}\/dev$/);
    expect(it.api.apiUrls()).toEqual([
      {
        name: 'orders',
        url: it.stageUrl,
        stage: 'dev',
        methods: [{ httpMethod: 'POST', path: '/createId', signed: false }],
      },
    ]);
    const { item } = (await it.runtime.call({
      service: 'apigateway',
      operation: 'GetRestApis',
      input: {},
      principal: it.runtime.administrator,
    })) as Json;
    expect(item).toMatchObject([{ name: 'orders' }]);
    const stages = (await it.runtime.call({
      service: 'apigateway',
      operation: 'GetStages',
      input: { restApiId: item[0].id },
      principal: it.runtime.administrator,
    })) as Json;
    expect(stages.item).toMatchObject([{ stageName: 'dev', variables: { table: 'orders' } }]);
  });

  const change = (path: string, value: unknown): Json => {
    const document = structuredClone(openapi);
    const names = path.split('|');
    let at = document;
    for (const name of names.slice(0, -1)) at = at[name] ??= {};
    at[names.at(-1)!] = value;
    return document;
  };
  const post = 'paths|/createId|post';
  const its = `${post}|x-amazon-apigateway-integration`;

  test.each([
    ['openapi', '3.1.0', 'API Gateway imports OpenAPI 3.0'],
    ['x-amazon-apigateway-cors', {}, 'is not modelled'],
    ['x-amazon-foo', {}, 'x-amazon-foo: is not modelled'],
    ['info|x-amazon-foo', {}, 'info.x-amazon-foo: is not modelled'],
    [`${post}|responses|200|x-amazon-foo`, {}, 'x-amazon-foo: is not modelled'],
    [
      `${post}|requestBody|content|application/json|schema`,
      { type: 'strin' },
      'model of application/json: not a JSON Schema',
    ],
    [`${post}|x-amazon-apigateway-authorizer`, {}, 'is not modelled'],
    [`${post}|x-amazon-apigateway-request-validator`, 'none', "there is no request validator 'none'"],
    [`${post}|security`, [{ key: [] }], "security scheme 'key' is not modelled"],
    [`${its}|type`, 'aws_proxy', "only 'aws'"],
    [`${its}|uri`, 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem', 'the local runtime runs eu-central-1'],
    [`${its}|uri`, `arn:aws:apigateway:${region}:s3:path/x`, 'action/<Operation>'],
    [`${its}|uri`, `arn:aws:apigateway:${region}:kinesis:action/PutRecord`, 'are not modelled'],
    [`${its}|credentials`, 'arn:aws:iam::*:user/*', 'AWS integrations need one'],
    [`${its}|contentHandling`, 'CONVERT_TO_TEXT', 'contentHandling'],
    [
      `${its}|uri`,
      `arn:aws:apigateway:${region}:dynamodb:action/Nope`,
      'POST /createId: dynamodb has no operation Nope',
    ],
    [
      `${its}|requestTemplates|application/json`,
      '#if($x',
      /requestTemplates.application\/json: not a mapping template: [^\n]*, at "#if/,
    ],
    [`${its}|responses|default|statusCode`, '418', 'which responses does not declare'],
    [`${its}|responses|default|responseParameters`, { 'method.response.header.X': "'1'" }, 'does not declare it'],
  ])('%s = %j is refused', async (path, value, message) => {
    await expect(world(change(path, value))).rejects.toThrow(message);
  });

  test('arguments that are not modelled are refused', async () => {
    const it = await world();
    await expect(
      it.create('aws_api_gateway_rest_api', { name: 'x', body: '{}', binary_media_types: ['*/*'] }),
    ).rejects.toThrow('binary_media_types');
    await expect(it.create('aws_api_gateway_deployment', { rest_api_id: 'x', stage_name: 'x' })).rejects.toThrow(
      'use aws_api_gateway_stage',
    );
  });
});
