import { z } from 'zod';
import { block, tags } from '../../arguments';
import { destinationFault } from './destination';

/**
 * Variables that a function cannot set.
 * Source: AWS Lambda Developer Guide, "Defined runtime environment variables", reserved keys.
 */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** Total size of a function's variables, in bytes. Source: Lambda quotas. */
const maximumVariables = 4096;

/** A function's own environment variables, with Lambda's rules on names and size. */
export const variables = z.record(z.string(), z.string()).superRefine((given, context) => {
  const names = Object.keys(given);
  const reserved = names.filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    context.addIssue({
      code: 'custom',
      message: `the environment variables contain reserved keys that cannot be modified: ${reserved.join(', ')}`,
    });
  }
  for (const name of names.filter((candidate) => !reserved.includes(candidate) && !/^[A-Za-z]\w+$/.test(candidate))) {
    context.addIssue({
      code: 'custom',
      message: `${name} is no name for a variable: letters, digits and _, two at least, a letter first`,
    });
  }
  const bytes = Buffer.byteLength(Object.entries(given).flat().join(''));
  if (bytes > maximumVariables) {
    context.addIssue({
      code: 'custom',
      message: `the environment variables have ${bytes} bytes, ${maximumVariables} are allowed`,
    });
  }
});

const logging = z
  .strictObject({
    log_format: z.enum(['JSON', 'Text']),
    log_group: z.string().optional(),
    application_log_level: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
    system_log_level: z.enum(['DEBUG', 'INFO', 'WARN']).optional(),
  })
  .refine((given) => given.log_format === 'JSON' || (!given.application_log_level && !given.system_log_level), {
    message: 'log levels need log_format JSON',
  });

/** Arguments of `aws_lambda_function`. Sizes in MB, times in seconds. */
export const functionArguments = z.strictObject({
  function_name: z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, - and _, at most 64'),
  role: z.string(),
  runtime: z.enum(['nodejs22.x', 'nodejs24.x'], { message: 'the local runtime runs nodejs22.x and nodejs24.x' }),
  handler: z.string().regex(/^[^\s.]+(?:\.[\w$]+)+$/, 'module and export, such as index.handler'),
  filename: z.string(),
  memory_size: z.number().int().min(128).max(10_240).default(128),
  timeout: z.number().int().min(1).max(900).default(3),
  environment: block(z.strictObject({ variables: variables.optional() }).optional()),
  tracing_config: block(z.strictObject({ mode: z.enum(['Active', 'PassThrough']) }).optional()),
  logging_config: block(logging.optional()),
  reserved_concurrent_executions: z.number().int().min(-1).default(-1),
  description: z.string().max(256).optional(),
  dead_letter_config: block(
    z
      .strictObject({
        target_arn: z.string().superRefine((arn, context) => {
          const message = destinationFault(arn, ['sqs', 'sns']);
          if (message) context.addIssue({ code: 'custom', message });
        }),
      })
      .optional(),
  ),
  publish: z.literal(false, { message: 'versions are not modelled: leave publish out' }).optional(),
  // The processor, the encryption of variables at rest, the disk and the hash of the code change nothing here.
  architectures: z
    .array(z.enum(['arm64', 'x86_64']))
    .length(1)
    .optional(),
  kms_key_arn: z.string().optional(),
  ephemeral_storage: block(z.strictObject({ size: z.number().int().min(512).max(10_240) }).optional()),
  source_code_hash: z.string().optional(),
  package_type: z.literal('Zip').optional(),
  tags,
});

/** Arguments of `aws_lambda_function`, checked. */
export type FunctionArguments = z.infer<typeof functionArguments>;

/** The log group a function writes to. */
export function logGroupOf(given: FunctionArguments): string {
  return given.logging_config?.log_group ?? `/aws/lambda/${given.function_name}`;
}
