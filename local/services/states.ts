import { z } from 'zod';
import { block, tags } from '../arguments';
import type { Runtime } from '../runtime';
import { type ResourceType, type Service, jsonErrors } from '../service';
import { levels } from './states/log';
import { Machines } from './states/machines';
import { operations } from './states/operations';

const logging = z.strictObject({
  level: z.enum(levels).default('OFF'),
  include_execution_data: z.boolean().default(false),
  log_destination: z
    .string()
    .regex(/^arn:[\w-]+:logs:[^:]+:\d{12}:log-group:[^:]+:\*$/, 'expected the ARN of a log group with :* at its end')
    .optional(),
});

const machineArguments = z.strictObject({
  name: z.string().regex(/^[\w-]{1,80}$/, '1 to 80 letters, digits, - and _'),
  role_arn: z.string(),
  definition: z.string().max(1_048_576),
  type: z.literal('STANDARD', 'only STANDARD is modelled').default('STANDARD'),
  logging_configuration: block(logging).prefault({}),
  tracing_configuration: block(z.strictObject({ enabled: z.boolean().default(false) })).prefault({}),
  publish: z.literal(false, 'versions are not modelled').optional(),
  encryption_configuration: z.undefined('keys are not modelled: leave it out').optional(),
  tags,
});

/** AWS Step Functions: Standard state machines in the Amazon States Language, with JSONPath. */
export function states(runtime: Runtime): Service {
  const machines = new Machines(runtime);
  const machineType: ResourceType<z.output<typeof machineArguments>> = {
    arguments: machineArguments,
    async create({ arguments: given }) {
      const { level, include_execution_data: withData, log_destination: destination } = given.logging_configuration;
      const { arn, name, created } = await machines.add({
        name: given.name,
        roleArn: given.role_arn,
        text: given.definition,
        logging: { level, withData, ...(destination && { destination }) },
        isTraced: given.tracing_configuration.enabled,
        tags: given.tags ?? {},
      });
      return { id: arn, arn, name, status: 'ACTIVE', creation_date: new Date(created).toISOString() };
    },
  };
  return {
    name: 'states',
    errors: jsonErrors,
    operations: operations(machines),
    resources: { aws_sfn_state_machine: machineType },
  };
}
