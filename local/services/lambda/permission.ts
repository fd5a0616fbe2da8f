import { z } from 'zod';
import type { Runtime } from '../../runtime';
import type { ResourceType } from '../../service';
import type { Functions } from './functions';

const permissionArguments = z.strictObject({
  statement_id: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
  action: z.string().regex(/^lambda:(?:\*|[A-Za-z]+)$/, 'an action of Lambda, such as lambda:InvokeFunction'),
  function_name: z.string(),
  principal: z.string().regex(/^(?:\*|\d{12}|[\w.-]+\.amazonaws\.com|arn:.+)$/, 'a service, an account, an ARN or *'),
  source_arn: z.string().optional(),
  source_account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  qualifier: z.literal('$LATEST', { message: 'versions and aliases are not modelled: leave qualifier out' }).optional(),
});

function principalOf(given: string, partition: string): string | Record<string, string> {
  if (given === '*') return '*';
  if (given.endsWith('.amazonaws.com')) return { Service: given };
  return { AWS: /^\d{12}$/.test(given) ? `arn:${partition}:iam::${given}:root` : given };
}

/** `aws_lambda_permission`: a statement of a function's resource policy. */
export function permissionType(
  runtime: Runtime,
  functions: Functions,
): ResourceType<z.infer<typeof permissionArguments>> {
  return {
    arguments: permissionArguments,
    create({ arguments: given, name }) {
      const target = functions.find(given.function_name, given.qualifier);
      const Sid = given.statement_id ?? `terraform-${name}`;
      if (target.policy.some((existing) => existing['Sid'] === Sid)) {
        throw new Error(
          `The statement id (${Sid}) provided already exists in the policy of ${target.configuration.function_name}. Give each a new one`,
        );
      }
      const statement = {
        Sid,
        Effect: 'Allow',
        Principal: principalOf(given.principal, runtime.partition),
        Action: given.action,
        Resource: target.arn,
        ...((given.source_arn ?? given.source_account) && {
          Condition: {
            ...(given.source_account && { StringEquals: { 'AWS:SourceAccount': given.source_account } }),
            ...(given.source_arn && { ArnLike: { 'AWS:SourceArn': given.source_arn } }),
          },
        }),
      };
      target.policy.push(statement);
      runtime.iam.appendResourceStatement(target.arn, statement);
      return { id: Sid, statement_id: Sid };
    },
  };
}
