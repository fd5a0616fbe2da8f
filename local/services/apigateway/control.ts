import { z } from 'zod';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import { findApi, findStage, type RestApi, type Stage } from './state';

/** The operations that read what is configured. Members are spelled as REST JSON writes them. */
export function controlOperations(runtime: Runtime, apis: ReadonlyMap<string, RestApi>): Record<string, Operation> {
  const root = `arn:${runtime.partition}:apigateway:${runtime.region}::/restapis`;
  const ofApi = z.looseObject({ restApiId: z.string() });
  const ofStage = z.looseObject({ restApiId: z.string(), stageName: z.string() });
  const get = (resource: string) => [{ action: 'apigateway:GET', resource }];
  const describeApi = ({ id, name, description, createdDate, isDisabled }: RestApi) => {
    return { id, name, description, createdDate: new Date(createdDate), disableExecuteApiEndpoint: isDisabled };
  };
  const describeStage = ({ live, description, createdDate }: Stage) => {
    const { stageName, deploymentId, variables } = live;
    return {
      stageName,
      deploymentId,
      description,
      variables,
      cacheClusterEnabled: false,
      createdDate: new Date(createdDate),
    };
  };
  const define = <T>(operation: Operation<T>) => operation;
  return {
    GetRestApis: define({
      input: z.looseObject({}),
      permissions: () => get(root),
      run: () => ({ item: [...apis.values()].map(describeApi) }),
    }),
    GetRestApi: define({
      input: ofApi,
      permissions: ({ restApiId }) => get(`${root}/${restApiId}`),
      run: ({ restApiId }) => describeApi(findApi(apis, restApiId)),
    }),
    GetStages: define({
      input: ofApi,
      permissions: ({ restApiId }) => get(`${root}/${restApiId}/stages`),
      run: ({ restApiId }) => ({ item: [...findApi(apis, restApiId).stages.values()].map(describeStage) }),
    }),
    GetStage: define({
      input: ofStage,
      permissions: ({ restApiId, stageName }) => get(`${root}/${restApiId}/stages/${stageName}`),
      run: ({ restApiId, stageName }) => describeStage(findStage(findApi(apis, restApiId), stageName)),
    }),
  };
}
