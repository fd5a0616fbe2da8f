import { z } from 'zod';
import { block, json, tags } from '../../arguments';
import { responseParameters, responseType } from './gateway-response';

const jsonText = json(z.looseObject({})).optional();

/** Arguments of `aws_api_gateway_rest_api`. */
export const restApiArguments = z.strictObject({
  name: z.string().min(1),
  body: z.string(),
  endpoint_configuration: block(
    z.strictObject({
      types: z.tuple([z.enum(['REGIONAL', 'EDGE'], 'PRIVATE endpoints are not modelled')]),
      ip_address_type: z.enum(['ipv4', 'dualstack']).optional(),
    }),
  ).optional(),
  policy: jsonText,
  disable_execute_api_endpoint: z.boolean().default(false),
  minimum_compression_size: z.coerce.number().int().min(-1).max(10_485_760).default(-1),
  api_key_source: z.literal('HEADER').optional(),
  // No local effect: how an import is merged, and words.
  put_rest_api_mode: z.enum(['overwrite', 'merge']).optional(),
  fail_on_warnings: z.boolean().optional(),
  description: z.string().optional(),
  tags,
});

/** Arguments of `aws_api_gateway_deployment`. */
export const deploymentArguments = z.strictObject({
  rest_api_id: z.string(),
  stage_name: z.undefined('is gone from the provider: use aws_api_gateway_stage').optional(),
  // No local effect: when to deploy again, and words.
  triggers: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
});

const logGroup = /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+(?::\*)?$/;

/** Arguments of `aws_api_gateway_stage`. */
export const stageArguments = z.strictObject({
  rest_api_id: z.string(),
  deployment_id: z.string(),
  stage_name: z.string().regex(/^\w+$/, 'may hold letters, digits and underscores'),
  access_log_settings: block(
    z.strictObject({
      destination_arn: z.string().regex(logGroup, 'must be the ARN of a log group'),
      format: z
        .string()
        .regex(
          /\$context\.(requestId|extendedRequestId)/,
          'must contain $context.requestId or $context.extendedRequestId',
        ),
    }),
  ).optional(),
  variables: z.record(z.string(), z.string()).default({}),
  cache_cluster_enabled: z.literal(false, 'caching is not modelled').optional(),
  // No local effect: traces go out through a service-linked role.
  xray_tracing_enabled: z.boolean().optional(),
  description: z.string().optional(),
  tags,
});

const unlimited = z.number().default(-1);

/** Arguments of `aws_api_gateway_method_settings`. */
export const methodSettingsArguments = z.strictObject({
  rest_api_id: z.string(),
  stage_name: z.string(),
  method_path: z.string(),
  settings: block(
    z.strictObject({
      throttling_rate_limit: unlimited,
      throttling_burst_limit: unlimited,
      metrics_enabled: z.boolean().default(false),
      logging_level: z
        .literal('OFF', 'execution logs are not modelled: use access_log_settings of the stage')
        .optional(),
      data_trace_enabled: z.literal(false, 'execution logs are not modelled').optional(),
      caching_enabled: z.literal(false, 'caching is not modelled').optional(),
    }),
  ),
});

/** Arguments of `aws_api_gateway_account`. */
export const accountArguments = z.strictObject({
  cloudwatch_role_arn: z.string().optional(),
  // No local effect: what happens on destroy.
  reset_on_delete: z.boolean().optional(),
});

/** Arguments of `aws_api_gateway_gateway_response`. */
export const gatewayResponseArguments = z.strictObject({
  rest_api_id: z.string(),
  response_type: responseType,
  status_code: z.coerce.number().int().min(200).max(599).optional(),
  response_templates: z.record(z.string(), z.string()).default({}),
  response_parameters: responseParameters.default({}),
});
