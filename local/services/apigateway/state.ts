import { createHash } from 'node:crypto';
import { AwsError } from '../../aws-error';
import type { Clock } from '../../clock';
import type { GatewayResponse, GatewayResponses, ResponseType } from './gateway-response';
import type { LiveStage } from './invoke';
import type { ApiDefinition, Method } from './openapi';
import { routeMethods, type RoutedMethod } from './path';
import { type TokenBucket, tokenBucket } from './throttle';

/** A REST API as it is configured; stages serve what a deployment saw of it. */
export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly executionArn: string;
  readonly definition: ApiDefinition;
  /** The resource policy, a JSON document. */
  readonly policy: string | undefined;
  readonly isDisabled: boolean;
  /** Bytes from which bodies are compressed; undefined without. */
  readonly compressFrom: number | undefined;
  /** Epoch milliseconds. */
  readonly createdDate: number;
  readonly gatewayResponses: Partial<Record<ResponseType, GatewayResponse>>;
  readonly deployments: Map<string, Deployment>;
  readonly stages: Map<string, Stage>;
}

/** The API at the time it was deployed. */
export interface Deployment {
  readonly routes: readonly RoutedMethod[];
  readonly gatewayResponses: GatewayResponses;
}

/** A stage with the settings of its methods. */
export interface Stage {
  readonly live: LiveStage;
  readonly description: string | undefined;
  /** Epoch milliseconds. */
  readonly createdDate: number;
  /** By method path; later settings of the same path replace earlier ones. */
  readonly settings: Map<string, MethodSettings>;
}

/** Settings of one method, or of all. */
export interface MethodSettings {
  /** Requests per second; -1 sets no limit. */
  readonly rate: number;
  /** Requests at once; -1 sets no limit. */
  readonly burst: number;
  /** Whether the method reports metrics of its own. */
  readonly metrics: boolean;
}

/** An identifier as API Gateway makes them, the same at each start: lower-case letters and digits. */
export function stableId(address: string, length: number): string {
  return BigInt(`0x${createHash('sha256').update(address).digest('hex')}`)
    .toString(36)
    .slice(0, length);
}

/** @throws AwsError `NotFoundException` (404) */
export function findApi(apis: ReadonlyMap<string, RestApi>, id: string): RestApi {
  const api = apis.get(id);
  if (!api) throw new AwsError('NotFoundException', `Invalid API identifier specified ${id}`, 404);
  return api;
}

/** @throws AwsError `NotFoundException` (404) */
export function findStage(api: RestApi, name: string): Stage {
  const stage = api.stages.get(name);
  if (!stage) throw new AwsError('NotFoundException', `Invalid stage identifier specified`, 404);
  return stage;
}

/** What a deployment serves from now on. */
export function deploy(api: RestApi): Deployment {
  return {
    routes: routeMethods(api.definition.methods),
    gatewayResponses: { ...api.definition.gatewayResponses, ...api.gatewayResponses },
  };
}

/** Settings and token buckets of the methods of one stage. */
export function methodSettings(clock: Clock): {
  readonly settings: Map<string, MethodSettings>;
  readonly bucket: (method: Method) => TokenBucket | undefined;
  readonly hasDetailedMetrics: (method: Method) => boolean;
} {
  const settings = new Map<string, MethodSettings>();
  const buckets = new Map<Method, TokenBucket>();
  const of = (method: Method) =>
    settings.get(`${method.resourcePath.slice(1)}/${method.httpMethod}`) ?? settings.get('*/*');
  return {
    settings,
    // "Each method in this stage will respect these rate and burst settings": a bucket for each method.
    bucket: (method) => {
      const found = of(method);
      if (!found || (found.rate < 0 && found.burst < 0)) return undefined;
      const existing = buckets.get(method);
      if (existing) return existing;
      const unlimited = Number.MAX_SAFE_INTEGER;
      const bucket = tokenBucket(
        clock,
        found.rate < 0 ? unlimited : found.rate,
        found.burst < 0 ? unlimited : found.burst,
      );
      buckets.set(method, bucket);
      return bucket;
    },
    hasDetailedMetrics: (method) => of(method)?.metrics ?? false,
  };
}

/** The method path of settings as this file keys them: `createId/POST`, `*` + `/*`. */
export function methodPath(text: string): string {
  return text.replaceAll('~1', '/').replace(/^\//, '');
}
