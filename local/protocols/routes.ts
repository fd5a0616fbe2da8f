/** Where an operation of a REST service is found. Source: botocore 1.43, `http` and `location` in each service's model. */
export interface Route {
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  /** Path; `{Name}` is a member of the input. */
  readonly path: string;
  /** Query parameter -> member of the input; `number` converts. */
  readonly query?: Readonly<Record<string, string | { readonly number: string }>>;
  /** Header, in lower case -> member of the input. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Member of input and output that is the raw body. */
  readonly payload?: string;
  /** Member of the output -> header of the response. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Status of a success. @default 200 */
  readonly status?: number;
  /** Member of the output that is the status. */
  readonly statusMember?: string;
}

const functions = '/2015-03-31/functions';
const mappings = '/2015-03-31/event-source-mappings';
const page = { Marker: 'Marker', MaxItems: { number: 'MaxItems' } };
const qualifier = { Qualifier: 'Qualifier' };
const schedulePage = { MaxResults: { number: 'MaxResults' }, NamePrefix: 'NamePrefix', NextToken: 'NextToken' };
const group = { groupName: 'GroupName' };

function route(service: string, operation: string, method: string, path: string, rest: Partial<Route> = {}): Route {
  return { service, operation, method, path, ...rest };
}

/** All operations of REST services that the gateway can find. */
export const routes: readonly Route[] = [
  route('lambda', 'Invoke', 'POST', `${functions}/{FunctionName}/invocations`, {
    query: qualifier,
    headers: {
      'x-amz-invocation-type': 'InvocationType',
      'x-amz-log-type': 'LogType',
      'x-amz-client-context': 'ClientContext',
      'x-amz-durable-execution-name': 'DurableExecutionName',
      'x-amz-tenant-id': 'TenantId',
    },
    payload: 'Payload',
    responseHeaders: {
      FunctionError: 'x-amz-function-error',
      LogResult: 'x-amz-log-result',
      ExecutedVersion: 'x-amz-executed-version',
    },
    statusMember: 'StatusCode',
  }),
  route('lambda', 'ListFunctions', 'GET', functions, {
    query: { ...page, MasterRegion: 'MasterRegion', FunctionVersion: 'FunctionVersion' },
  }),
  route('lambda', 'GetFunction', 'GET', `${functions}/{FunctionName}`, { query: qualifier }),
  route('lambda', 'GetFunctionConfiguration', 'GET', `${functions}/{FunctionName}/configuration`, { query: qualifier }),
  route('lambda', 'UpdateFunctionConfiguration', 'PUT', `${functions}/{FunctionName}/configuration`),
  route('lambda', 'GetPolicy', 'GET', `${functions}/{FunctionName}/policy`, { query: qualifier }),
  route('lambda', 'GetFunctionConcurrency', 'GET', '/2019-09-30/functions/{FunctionName}/concurrency'),
  route('lambda', 'PutFunctionConcurrency', 'PUT', '/2017-10-31/functions/{FunctionName}/concurrency'),
  route('lambda', 'DeleteFunctionConcurrency', 'DELETE', '/2017-10-31/functions/{FunctionName}/concurrency', {
    status: 204,
  }),
  route('lambda', 'ListEventSourceMappings', 'GET', mappings, {
    query: { ...page, EventSourceArn: 'EventSourceArn', FunctionName: 'FunctionName' },
  }),
  route('lambda', 'GetEventSourceMapping', 'GET', `${mappings}/{UUID}`),
  route('lambda', 'UpdateEventSourceMapping', 'PUT', `${mappings}/{UUID}`, { status: 202 }),
  route('lambda', 'GetFunctionEventInvokeConfig', 'GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config', {
    query: qualifier,
  }),
  route(
    'lambda',
    'ListFunctionEventInvokeConfigs',
    'GET',
    '/2019-09-25/functions/{FunctionName}/event-invoke-config/list',
    { query: page },
  ),
  route('pipes', 'ListPipes', 'GET', '/v1/pipes', {
    query: {
      NamePrefix: 'NamePrefix',
      DesiredState: 'DesiredState',
      CurrentState: 'CurrentState',
      SourcePrefix: 'SourcePrefix',
      TargetPrefix: 'TargetPrefix',
      NextToken: 'NextToken',
      Limit: { number: 'Limit' },
    },
  }),
  route('pipes', 'DescribePipe', 'GET', '/v1/pipes/{Name}'),
  route('pipes', 'StartPipe', 'POST', '/v1/pipes/{Name}/start'),
  route('pipes', 'StopPipe', 'POST', '/v1/pipes/{Name}/stop'),
  route('scheduler', 'ListSchedules', 'GET', '/schedules', {
    query: { ...schedulePage, ScheduleGroup: 'GroupName', State: 'State' },
  }),
  route('scheduler', 'GetSchedule', 'GET', '/schedules/{Name}', { query: group }),
  route('scheduler', 'CreateSchedule', 'POST', '/schedules/{Name}'),
  route('scheduler', 'UpdateSchedule', 'PUT', '/schedules/{Name}'),
  route('scheduler', 'DeleteSchedule', 'DELETE', '/schedules/{Name}', {
    query: { ...group, clientToken: 'ClientToken' },
  }),
  route('scheduler', 'ListScheduleGroups', 'GET', '/schedule-groups', { query: schedulePage }),
  route('scheduler', 'GetScheduleGroup', 'GET', '/schedule-groups/{Name}'),
  route('apigateway', 'GetRestApis', 'GET', '/restapis', {
    query: { position: 'position', limit: { number: 'limit' } },
  }),
  route('apigateway', 'GetRestApi', 'GET', '/restapis/{restApiId}'),
  route('apigateway', 'GetStages', 'GET', '/restapis/{restApiId}/stages', { query: { deploymentId: 'deploymentId' } }),
  route('apigateway', 'GetStage', 'GET', '/restapis/{restApiId}/stages/{stageName}'),
];
