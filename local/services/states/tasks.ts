import { type AwsError, toAwsError } from '../../aws-error';
import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import { type Optimized, capitalized, lowered, optimized } from './optimized';
import { StateError } from './state-error';

/** One call of a task. */
export interface TaskCall {
  readonly parameters: unknown;
  readonly principal: Principal;
  readonly parents: readonly number[];
  /** ARNs of the state machine and the execution. */
  readonly origin: readonly string[];
}

/** What a task's resource stands for. */
export interface Integration {
  /** How the history's events are named. */
  readonly kind: 'Task' | 'LambdaFunction';
  /** As the history shows it: `dynamodb`, `lambda`, `aws-sdk:cloudwatch`. */
  readonly resourceType: string;
  /** `updateItem`, `invoke`, ...; a function's ARN. */
  readonly resource: string;
  /** @throws StateError */
  run(call: TaskCall): Promise<unknown>;
}

/** Services as the SDK integrations name them: IAM prefix, and what stands in front of their error codes. */
const sdkServices: Readonly<Record<string, readonly [service: string, errors: string]>> = {
  apigateway: ['apigateway', 'ApiGateway'],
  cloudwatch: ['cloudwatch', 'CloudWatch'],
  cloudwatchlogs: ['logs', 'CloudWatchLogs'],
  dynamodb: ['dynamodb', 'DynamoDb'],
  dynamodbstreams: ['dynamodbstreams', 'DynamoDbStreams'],
  eventbridge: ['events', 'EventBridge'],
  iam: ['iam', 'Iam'],
  kms: ['kms', 'Kms'],
  lambda: ['lambda', 'Lambda'],
  pipes: ['pipes', 'Pipes'],
  s3: ['s3', 'S3'],
  scheduler: ['scheduler', 'Scheduler'],
  sfn: ['states', 'Sfn'],
  sns: ['sns', 'Sns'],
  sqs: ['sqs', 'Sqs'],
  sts: ['sts', 'Sts'],
  xray: ['xray', 'XRay'],
};

/** Services whose API begins members with a small letter; integrations do not. */
const lowerCased = new Set(['states', 'logs']);

const integrationArn = /^arn:([\w-]+):states:::(?:(aws-sdk):)?([a-z0-9]+):([a-zA-Z0-9]+)$/;
const functionArn = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;

/**
 * What a task's `Resource` stands for.
 *
 * @throws Error for what is not run here
 */
export function integrationOf(runtime: Runtime, resource: string): Integration {
  if (functionArn.test(resource)) return byArn(runtime, resource);
  const [, partition, sdk, name = '', action = ''] = integrationArn.exec(resource) ?? [];
  if (!partition)
    throw new Error(`${resource} is not modelled: neither callbacks (.waitForTaskToken), .sync, nor activities are`);
  if (partition !== runtime.partition) throw new Error(`${resource} is of another partition than ${runtime.partition}`);
  const { kind, ...found } = sdk
    ? sdkIntegration(resource, name, action)
    : optimizedIntegration(resource, name, action);
  const known = runtime.registered.find((service) => service.name === found.service)?.operations ?? {};
  if (!Object.hasOwn(known, found.operation))
    throw new Error(`${resource}: the local runtime has no operation ${found.service}:${found.operation}`);
  return integration(runtime, kind, action, found);
}

function optimizedIntegration(resource: string, name: string, action: string): Optimized & { kind: string } {
  const found = optimized[`${name}:${action}`];
  if (!found) throw new Error(`${resource} is not modelled; ${Object.keys(optimized).join(', ')} and aws-sdk:* are`);
  const { result = (output: object) => output } = found;
  return {
    ...found,
    kind: name,
    result: (output) => ({ ...result(output), SdkHttpMetadata: { HttpStatusCode: 200 } }),
  };
}

function sdkIntegration(resource: string, name: string, action: string): Optimized & { kind: string } {
  const target = Object.hasOwn(sdkServices, name) && sdkServices[name];
  if (!target) throw new Error(`${resource}: the local runtime does not run ${name}`);
  const [service, errors] = target;
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  const renamed = lowerCased.has(service) && { prepare: lowered, result: capitalized };
  return { kind: `aws-sdk:${name}`, service, operation, errors, ...renamed };
}

function integration(runtime: Runtime, resourceType: string, resource: string, optimization: Optimized): Integration {
  const { service, operation, errors, prepare = (it) => it, result = (it) => it } = optimization;
  return {
    kind: 'Task',
    resourceType,
    resource,
    async run({ parameters, principal, parents, origin }) {
      if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
        throw new StateError('States.Runtime', `The parameters of ${resource} must be an object`);
      try {
        const input = prepare(parameters, origin);
        const output = (await runtime.call({ service, operation, input, principal, parents })) as object;
        return plain(result(output));
      } catch (error) {
        throw error instanceof StateError ? error : failure(errors, toAwsError(error));
      }
    },
  };
}

/** The older form: the function's ARN, with the state's input as the event and the answer as the result. */
function byArn(runtime: Runtime, arn: string): Integration {
  const invoke = integration(runtime, 'lambda', 'invoke', optimized['lambda:invoke']!);
  return {
    kind: 'LambdaFunction',
    resourceType: 'lambda',
    resource: arn,
    async run({ parameters: Payload, ...call }) {
      const output = await invoke.run({ ...call, parameters: { FunctionName: arn, Payload } });
      return (output as { Payload: unknown }).Payload;
    },
  };
}

/** Names of the errors that the SDK for Java has no class for; it has only the service's own there. */
const baseErrors: Readonly<Record<string, string>> = {
  DynamoDB: 'AmazonDynamoDBException',
  EventBridge: 'AmazonEventBridgeException',
  Lambda: 'AWSLambdaException',
  SNS: 'AmazonSNSException',
  SQS: 'AmazonSQSException',
  StepFunctions: 'AWSStepFunctionsException',
};
const unmodelled = new Set(['AccessDenied', 'AccessDeniedException', 'ValidationError', 'SandboxKilled']);

/** As Step Functions names errors: the class that the SDK for Java has for them, behind the service. */
function failure(prefix: string, { code, message, status }: AwsError): StateError {
  const isOwn = !unmodelled.has(code) && !(code === 'ValidationException' && /^dynamodb$/i.test(prefix));
  const own = code.endsWith('Exception') ? code : `${code}Exception`;
  const name = isOwn ? own : (baseErrors[prefix] ?? `${prefix}Exception`);
  return new StateError(
    `${prefix}.${name}`,
    `${message} (Service: ${prefix}; Status Code: ${status}; Error Code: ${code})`,
  );
}

/** As JSON, which is all that an execution holds. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {}));
}
