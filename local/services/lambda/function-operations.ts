import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import { paginate } from '../pages';
import { variables } from './configuration';
import { type Functions, describeFunction } from './functions';

/** Functions of one answer. Source: Lambda API reference, ListFunctions. */
const maximumPage = 50;

const functionName = z.string().min(1).max(170);
const one = z.object({ FunctionName: functionName, Qualifier: z.string().optional() });
const listInput = z.object({
  Marker: z.string().optional(),
  MaxItems: z.coerce.number().int().min(1).max(10_000).default(maximumPage),
});
const updateInput = z.strictObject({
  FunctionName: functionName,
  Environment: z.object({ Variables: variables.optional() }).optional(),
});

function permission(functions: Functions, action: string, input: z.infer<typeof one>) {
  return { action: `lambda:${action}`, resource: functions.arnOf(input.FunctionName, input.Qualifier) };
}

function getFunction(functions: Functions): Operation<z.infer<typeof one>> {
  return {
    input: one,
    permissions: (input) => [permission(functions, 'GetFunction', input)],
    run(input) {
      const found = functions.find(input.FunctionName, input.Qualifier);
      const reserved = found.configuration.reserved_concurrent_executions;
      return {
        Configuration: describeFunction(found),
        Code: { RepositoryType: 'S3', Location: `file://${found.entry}` },
        Tags: found.configuration.tags ?? {},
        ...(reserved >= 0 && { Concurrency: { ReservedConcurrentExecutions: reserved } }),
      };
    },
  };
}

function getFunctionConfiguration(functions: Functions): Operation<z.infer<typeof one>> {
  return {
    input: one,
    permissions: (input) => [permission(functions, 'GetFunctionConfiguration', input)],
    run: (input) => describeFunction(functions.find(input.FunctionName, input.Qualifier)),
  };
}

function getPolicy(functions: Functions): Operation<z.infer<typeof one>> {
  return {
    input: one,
    permissions: (input) => [permission(functions, 'GetPolicy', input)],
    run(input) {
      const { policy } = functions.find(input.FunctionName, input.Qualifier);
      if (policy.length > 0)
        return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy }) };
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, {
        Type: 'User',
      });
    },
  };
}

function listFunctions(functions: Functions): Operation<z.infer<typeof listInput>> {
  return {
    input: listInput,
    permissions: () => [{ action: 'lambda:ListFunctions', resource: '*' }],
    run({ Marker, MaxItems }) {
      const page = paginate(
        functions.list(),
        Math.min(MaxItems, maximumPage),
        Marker,
        'InvalidParameterValueException',
      );
      return { Functions: page.items.map(describeFunction), ...(page.next && { NextMarker: page.next }) };
    },
  };
}

function updateFunctionConfiguration(functions: Functions, runtime: Runtime): Operation<z.infer<typeof updateInput>> {
  return {
    input: updateInput,
    permissions: (input) => [permission(functions, 'UpdateFunctionConfiguration', input)],
    run({ FunctionName, Environment }, call) {
      const found = functions.find(FunctionName);
      if (Environment) {
        found.configuration = { ...found.configuration, environment: { variables: Environment.Variables } };
      }
      found.modified = runtime.clock.now();
      found.pool.recycle();
      const { function_name: name } = found.configuration;
      call.record({ resource: found.arn, summary: `${name}: environment variables changed` });
      return describeFunction(found);
    },
  };
}

/** Operations that change a function's configuration or tell it. */
export function functionOperations(functions: Functions, runtime: Runtime): Record<string, Operation> {
  return {
    GetFunction: getFunction(functions),
    GetFunctionConfiguration: getFunctionConfiguration(functions),
    GetPolicy: getPolicy(functions),
    ListFunctions: listFunctions(functions),
    UpdateFunctionConfiguration: updateFunctionConfiguration(functions, runtime),
  };
}
