import { z } from 'zod';
import { simulatedClock, type SimulatedClock } from '../../../../local/clock';
import type { Caller } from '../../../../local/gateway';
import type { Principal } from '../../../../local/principal';
import type { HttpRequest, HttpResponse } from '../../../../local/protocols/http';
import { seededRandom } from '../../../../local/random';
import { type Metric, Runtime } from '../../../../local/runtime';
import { jsonErrors, type Service } from '../../../../local/service';
import { apigateway, type ApiGateway } from '../../../../local/services/apigateway';
import { integrationRole, type Json, openapi, region } from './openapi';

/** The role of the account that writes access logs. */
export const logRole = 'arn:aws:iam::000000000000:role/api-logs';
/** The role of those who sign their requests. */
export const clientRole = 'arn:aws:iam::000000000000:role/client';

/** A deployed API, and what its neighbours recorded. */
export interface World {
  runtime: Runtime;
  clock: SimulatedClock;
  api: ApiGateway;
  asked: { operation: string; input: Json; principal: Principal; parents: readonly number[] }[];
  logged: Json[];
  metrics: Metric[];
  create: (type: string, args: Json, name?: string) => Promise<Json>;
  /** What the table answers. */
  answer: (input: Json) => unknown;
  stageUrl: string;
}

/** A service that records what it is asked and answers what the test says. */
function recording(
  name: string,
  names: string[],
  run: (operation: string, input: Json, principal: Principal, parents: readonly number[]) => unknown,
): Service {
  return {
    name,
    errors: jsonErrors,
    resources: {},
    operations: Object.fromEntries(
      names.map((operation) => [
        operation,
        {
          input: z.looseObject({}),
          permissions: () => [{ action: `${name}:${operation}`, resource: '*' }],
          run: (input: Json, { principal, parents }) => run(operation, input, principal, parents),
        },
      ]),
    ),
  };
}

function putRoles(runtime: Runtime): void {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  for (const arn of [integrationRole, logRole, clientRole])
    runtime.iam.putRole({ arn, name: arn.split('/')[1]!, trustPolicy: trust });
  const allow = (Action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  runtime.iam.putRolePolicy(integrationRole, 'write', allow('dynamodb:*'));
  runtime.iam.putRolePolicy(logRole, 'write', allow('logs:*'));
}

/** API Gateway between neighbours that record what they are asked. */
function gateway(): World {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region });
  runtime.endpoint = 'http://127.0.0.1:4566';
  putRoles(runtime);
  const it: World = {
    runtime,
    clock,
    api: apigateway(runtime),
    asked: [],
    logged: [],
    metrics: [],
    answer: () => ({}),
    stageUrl: '',
    async create(type, args, name = 'it') {
      const resource = it.api.resources[type]!;
      const parsed = resource.arguments.parse(args);
      const made: unknown = await resource.create({
        address: `stack/${type}.${name}`,
        stack: 'stack',
        type,
        name,
        arguments: parsed,
      });
      return made as Json;
    },
  };
  runtime.onMetric((metric) => it.metrics.push(metric));
  runtime.register(it.api);
  runtime.register(recording('sts', [], () => undefined));
  runtime.register(
    recording('dynamodb', ['TransactWriteItems', 'PutItem'], (operation, input, principal, parents) => {
      it.asked.push({ operation, input, principal, parents });
      return it.answer(input);
    }),
  );
  runtime.register(
    recording(
      'logs',
      ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'],
      (operation, input) => void it.logged.push({ operation, ...input }),
    ),
  );
  return it;
}

/** Deploys an API to the stage `dev`; `stage` and `api` go over their arguments, `account: false` leaves out its role. */
export async function world(
  document: Json = openapi,
  options: { stage?: Json; api?: Json; account?: boolean } = {},
): Promise<World> {
  const it = gateway();
  if (options.account !== false) await it.create('aws_api_gateway_account', { cloudwatch_role_arn: logRole });
  it.logged.length = 0;
  const { id } = await it.create('aws_api_gateway_rest_api', {
    name: 'orders',
    body: JSON.stringify(document),
    ...options.api,
  });
  const deployed = await it.create('aws_api_gateway_deployment', { rest_api_id: id });
  const stage = await it.create('aws_api_gateway_stage', {
    rest_api_id: id,
    deployment_id: deployed.id,
    stage_name: 'dev',
    variables: { table: 'orders' },
    ...options.stage,
  });
  it.stageUrl = stage.invoke_url as string;
  return it;
}

/** A request; what is left out is a valid order. */
export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  caller?: Caller;
}

/** Sends a request to the stage; `json` is the body of the response, `{}` if it is not JSON. */
export async function send(
  it: World,
  { method = 'POST', path = '/createId', headers = {}, body = '{"Status":"CREATED"}', caller }: Sent = {},
): Promise<HttpResponse & { json: Json }> {
  const all: Record<string, string> = { Host: '127.0.0.1:4566', 'Content-Type': 'application/json', ...headers };
  const [pathname, query] = `${new URL(it.stageUrl).pathname}${path}`.split('?');
  const request: HttpRequest = {
    method,
    path: pathname!,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: Object.entries(all).flat(),
    body: Buffer.from(body),
    isTooLarge: false,
  };
  const response = await it.api.handle(request, () => caller);
  let json: Json = {};
  try {
    json = JSON.parse(String(response.body)) as Json;
  } catch {
    // Some answers are not JSON.
  }
  return { ...response, json };
}

/** Hops as `operation outcome summary`. */
export function tree(it: World): string[] {
  return it.runtime.timeline.hops.map(({ operation, outcome, summary }) => `${operation} ${outcome} ${summary}`);
}
