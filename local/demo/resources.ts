import type { Local } from '../index';

/** Name of the one resource of a type whose name ends so: names begin with project and environment. */
export function nameOf({ resources }: Local, type: string, suffix: string): string {
  return resources
    .filter((resource) => resource.type === type)
    .map(({ attributes }) => String(attributes.function_name ?? attributes.name))
    .find((name) => name.endsWith(`-${suffix}`))!;
}

/** Invokes a function. @returns its answer @throws Error with what the function failed with */
export async function invoke(local: Local, name: string, payload: object): Promise<string> {
  const FunctionName = nameOf(local, 'aws_lambda_function', name);
  const answer = await local.call('lambda', 'Invoke', { FunctionName, Payload: JSON.stringify(payload) });
  if (answer.FunctionError) throw new Error(String(answer.Payload));
  return String(answer.Payload);
}
