import type { z } from 'zod';
import type { Caller, HttpService } from '../gateway';
import type { HttpRequest, HttpResponse } from '../protocols/http';
import type { Runtime } from '../runtime';
import type { Resource, ResourceType, ServiceErrors } from '../service';
import { accessLog } from './apigateway/access-log';
import { tryLogRole } from './apigateway/account-role';
import { controlOperations } from './apigateway/control';
import { refuseLongHeaders } from './apigateway/header-limit';
import { invoke } from './apigateway/invoke';
import { type ApiDefinition, parseOpenApi } from './apigateway/openapi';
import {
  accountArguments,
  deploymentArguments,
  gatewayResponseArguments,
  methodSettingsArguments,
  restApiArguments,
  stageArguments,
} from './apigateway/resources';
import { deploy, findApi, findStage, methodPath, methodSettings, type RestApi, stableId } from './apigateway/state';

/** Where an API answers. */
export interface ApiUrl {
  /** Name of the API. */
  readonly name: string;
  /** `http://127.0.0.1:4566/execute-api/a1b2c3d4e5/dev` */
  readonly url: string;
  readonly stage: string;
  readonly methods: readonly ApiMethod[];
}

/** One operation of an API. */
export interface ApiMethod {
  readonly httpMethod: string;
  /** `/createId` */
  readonly path: string;
  /** Whether requests must be signed. */
  readonly signed: boolean;
}

/** API Gateway: its control operations, and its REST APIs below `/execute-api/`. */
export interface ApiGateway extends HttpService {
  /** All stages of all APIs. */
  apiUrls(): ApiUrl[];
}

/** What the resource types share. */
interface State {
  readonly runtime: Runtime;
  readonly apis: Map<string, RestApi>;
  cloudwatchRole?: string;
}

const errors: ServiceErrors = {
  accessDenied: { code: 'AccessDeniedException', status: 403 },
  throttled: { code: 'TooManyRequestsException', status: 429 },
  validation: { code: 'BadRequestException', status: 400 },
  internal: { code: 'InternalFailure', status: 500 },
};

const pathPrefix = '/execute-api/';

/** Runs REST APIs defined by OpenAPI documents with AWS service integrations. */
export function apigateway(runtime: Runtime): ApiGateway {
  const state: State = { runtime, apis: new Map() };
  return {
    name: 'apigateway',
    errors,
    operations: controlOperations(runtime, state.apis),
    resources: {
      aws_api_gateway_rest_api: restApi(state),
      aws_api_gateway_deployment: deployment(state),
      aws_api_gateway_stage: stage(state),
      aws_api_gateway_method_settings: settings(state),
      aws_api_gateway_account: account(state),
      aws_api_gateway_gateway_response: gatewayResponse(state),
    },
    pathPrefix,
    handle: (request, caller) => runtime.track(handle(state, request, caller)),
    apiUrls: () =>
      [...state.apis.values()].flatMap((api) =>
        [...api.stages.values()].map(({ live }) => ({
          name: api.name,
          url: invokeUrl(runtime, api.id, live.stageName),
          stage: live.stageName,
          methods: live.routes.map(({ method: { httpMethod, resourcePath, authorization } }) => ({
            httpMethod,
            path: resourcePath,
            signed: authorization === 'AWS_IAM',
          })),
        })),
      ),
  };
}

function invokeUrl(runtime: Runtime, apiId: string, stageName: string): string {
  return `${runtime.endpoint}${pathPrefix}${apiId}/${stageName}`;
}

async function handle(state: State, request: HttpRequest, caller: () => Caller | undefined): Promise<HttpResponse> {
  const refusal = refuseLongHeaders(request, state.runtime);
  if (refusal) return refusal;
  const [apiId, stageName, ...rest] = request.path.slice(pathPrefix.length).split('/');
  const api = state.apis.get(apiId ?? '');
  const found = api?.isDisabled ? undefined : api?.stages.get(stageName ?? '');
  if (found) return invoke(state.runtime, found.live, `/${rest.join('/')}`, request, caller);
  return {
    status: 403,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-ErrorType': 'ForbiddenException',
      'x-amzn-RequestId': state.runtime.random.uuid(),
    },
    body: '{"message":"Forbidden"}',
  };
}

function restApi(state: State): ResourceType<z.output<typeof restApiArguments>> {
  const { runtime, apis } = state;
  return {
    arguments: restApiArguments,
    create({ address, arguments: given }) {
      const id = stableId(address, 10);
      const arn = `arn:${runtime.partition}:apigateway:${runtime.region}::/restapis/${id}`;
      const executionArn = runtime.arn('execute-api', id);
      const createdDate = runtime.clock.now();
      // API Gateway writes the API's ARN for the short form `execute-api:/stage/METHOD/path`.
      const policy = given.policy && JSON.stringify(given.policy).replaceAll('"execute-api:/', `"${executionArn}/`);
      if (policy) runtime.iam.setResourcePolicy(executionArn, policy);
      apis.set(id, {
        id,
        name: given.name,
        description: given.description,
        executionArn,
        definition: runnable(runtime, parseOpenApi(given.body, runtime.region)),
        policy,
        isDisabled: given.disable_execute_api_endpoint,
        compressFrom: given.minimum_compression_size < 0 ? undefined : given.minimum_compression_size,
        createdDate,
        gatewayResponses: {},
        deployments: new Map(),
        stages: new Map(),
      });
      return {
        ...given,
        policy: policy ?? '',
        id,
        arn,
        execution_arn: executionArn,
        root_resource_id: stableId(`${address}/`, 10),
        created_date: new Date(createdDate).toISOString(),
      };
    },
  };
}

/** @throws Error for an integration with an operation that no service here has */
function runnable(runtime: Runtime, definition: ApiDefinition): ApiDefinition {
  for (const { httpMethod, resourcePath, integration } of definition.methods) {
    const { service, operation } = integration;
    if (!Object.hasOwn(runtime.service(service.name).operations, operation)) {
      throw new Error(`body: ${httpMethod} ${resourcePath}: ${service.name} has no operation ${operation} here`);
    }
  }
  return definition;
}

function deployment({ runtime, apis }: State): ResourceType<z.output<typeof deploymentArguments>> {
  return {
    arguments: deploymentArguments,
    create({ address, arguments: given }) {
      const api = findApi(apis, given.rest_api_id);
      const id = stableId(address, 6);
      api.deployments.set(id, deploy(api));
      return { ...given, id, created_date: new Date(runtime.clock.now()).toISOString() };
    },
  };
}

function stage(state: State): ResourceType<z.output<typeof stageArguments>> {
  const { runtime, apis } = state;
  return {
    arguments: stageArguments,
    create({ arguments: given }) {
      const api = findApi(apis, given.rest_api_id);
      const { stage_name: stageName, deployment_id: deploymentId, access_log_settings: log } = given;
      const deployed = api.deployments.get(deploymentId);
      if (!deployed) throw new Error(`deployment ${deploymentId} is not of API ${api.id}`);
      if (log && !state.cloudwatchRole) {
        throw new Error(
          'CloudWatch Logs role ARN must be set in account settings to enable logging: add aws_api_gateway_account and let the stage depend on it',
        );
      }
      const id = `${api.id}/${stageName}`;
      const ofMethods = methodSettings(runtime.clock);
      api.stages.set(stageName, {
        description: given.description,
        createdDate: runtime.clock.now(),
        settings: ofMethods.settings,
        live: {
          apiId: api.id,
          apiName: api.name,
          stageName,
          deploymentId,
          executionArn: api.executionArn,
          routes: deployed.routes,
          gatewayResponses: deployed.gatewayResponses,
          policy: api.policy,
          compressFrom: api.compressFrom,
          variables: given.variables,
          ...(log && {
            accessLog: {
              format: log.format,
              write: accessLog(runtime, state.cloudwatchRole!, log.destination_arn, id),
            },
          }),
          bucket: ofMethods.bucket,
          hasDetailedMetrics: ofMethods.hasDetailedMetrics,
        },
      });
      return {
        ...given,
        id: `ags-${api.id}-${stageName}`,
        arn: `arn:${runtime.partition}:apigateway:${runtime.region}::/restapis/${api.id}/stages/${stageName}`,
        execution_arn: `${api.executionArn}/${stageName}`,
        invoke_url: invokeUrl(runtime, api.id, stageName),
      };
    },
  };
}

function settings({ apis }: State): ResourceType<z.output<typeof methodSettingsArguments>> {
  return {
    arguments: methodSettingsArguments,
    create({ arguments: given }) {
      const api = findApi(apis, given.rest_api_id);
      const path = methodPath(given.method_path);
      const found = findStage(api, given.stage_name);
      const known = found.live.routes.map(({ method }) => `${method.resourcePath.slice(1)}/${method.httpMethod}`);
      if (path !== '*/*' && !known.includes(path)) {
        throw new Error(
          `method_path ${given.method_path} is no method of the API: ${['*/*', ...known].join(', ')} are`,
        );
      }
      found.settings.set(path, {
        rate: given.settings.throttling_rate_limit,
        burst: given.settings.throttling_burst_limit,
        metrics: given.settings.metrics_enabled,
      });
      return { ...given, id: `${api.id}-${given.stage_name}-${given.method_path}` };
    },
  };
}

function account(state: State): ResourceType<z.output<typeof accountArguments>> {
  return {
    arguments: accountArguments,
    async create({ arguments: given }: Resource<z.output<typeof accountArguments>>) {
      const role = given.cloudwatch_role_arn;
      if (role) {
        await tryLogRole(state.runtime, role);
        state.cloudwatchRole = role;
      }
      return { ...given, id: 'api-gateway-account' };
    },
  };
}

function gatewayResponse({ apis }: State): ResourceType<z.output<typeof gatewayResponseArguments>> {
  return {
    arguments: gatewayResponseArguments,
    create({ arguments: given }) {
      const api = findApi(apis, given.rest_api_id);
      if (api.deployments.size > 0)
        throw new Error('the API is deployed without it: let aws_api_gateway_deployment depend on it');
      api.gatewayResponses[given.response_type] = {
        status: given.status_code,
        templates: given.response_templates,
        headers: given.response_parameters,
      };
      return { ...given, id: `aggr-${api.id}-${given.response_type}` };
    },
  };
}
