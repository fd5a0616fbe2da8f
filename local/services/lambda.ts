import type { Runtime } from '../runtime';
import type { ResourceType, Service } from '../service';
import { type FunctionArguments, functionArguments } from './lambda/configuration';
import { checkAtStart, eventInvokeConfigOperations, eventInvokeConfigType } from './lambda/event-invoke-config';
import { EventSourceMappings } from './lambda/event-source-mappings';
import { type CodeSource, Functions, codeSize } from './lambda/functions';
import { functionOperations } from './lambda/function-operations';
import { invokeOperation } from './lambda/invoke-operation';
import { mappingOperations } from './lambda/mapping-operations';
import { permissionType } from './lambda/permission';

export type { CodeSource } from './lambda/functions';

function functionType(runtime: Runtime, functions: Functions): ResourceType<FunctionArguments> {
  return {
    arguments: functionArguments,
    create({ arguments: given, address }) {
      const added = functions.add(given);
      if (given.dead_letter_config) checkAtStart(runtime, added, given.dead_letter_config.target_arn, address);
      return {
        arn: added.arn,
        id: given.function_name,
        invoke_arn: `arn:${runtime.partition}:apigateway:${runtime.region}:lambda:path/2015-03-31/functions/${added.arn}/invocations`,
        qualified_arn: `${added.arn}:$LATEST`,
        version: '$LATEST',
        source_code_size: codeSize(added),
        last_modified: new Date(added.modified).toISOString().replace('Z', '+0000'),
      };
    },
  };
}

/**
 * AWS Lambda: functions in threads of their own, and the pollers that bring them messages.
 *
 * @param code where the unzipped code of a function lies
 */
export function lambda(runtime: Runtime, code: CodeSource): Service {
  const functions = new Functions(runtime, code);
  const mappings = new EventSourceMappings(runtime, functions);
  runtime.onStop(async () => {
    await Promise.all(functions.list().map(async ({ pool }) => pool.close()));
  });
  return {
    name: 'lambda',
    operations: {
      Invoke: invokeOperation(runtime, functions),
      ...functionOperations(functions, runtime),
      ...mappingOperations(mappings),
      ...eventInvokeConfigOperations(functions),
    },
    resources: {
      aws_lambda_function: functionType(runtime, functions),
      aws_lambda_function_event_invoke_config: eventInvokeConfigType(runtime, functions),
      aws_lambda_permission: permissionType(runtime, functions),
      aws_lambda_event_source_mapping: mappings.type,
    },
    errors: {
      accessDenied: { code: 'AccessDeniedException', status: 403 },
      throttled: { code: 'TooManyRequestsException', status: 429 },
      validation: { code: 'InvalidParameterValueException', status: 400 },
      internal: { code: 'ServiceException', status: 500 },
    },
  };
}
