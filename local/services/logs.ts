import { z } from 'zod';
import { tags } from '../arguments';
import type { Runtime } from '../runtime';
import { type ResourceType, type Service, jsonErrors } from '../service';
import { LogGroups } from './logs/groups';
import { useKey } from './logs/key-use';
import { readOperations } from './logs/read';
import { LogResourcePolicies } from './logs/resource-policies';
import { groupName, writeOperations } from './logs/write';

/** Days a log group may keep its events; 0 for ever. Source: CloudWatch Logs API reference, PutRetentionPolicy. */
const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const groupArguments = z.strictObject({
  name: groupName,
  retention_in_days: z
    .number()
    .refine((days) => retentions.includes(days), { message: `one of ${retentions.join(', ')}` })
    .default(0),
  kms_key_id: z.string().optional(),
  log_group_class: z.literal('STANDARD', { message: 'only STANDARD is modelled' }).optional(),
  // What becomes of the group when Terraform destroys it changes nothing here.
  skip_destroy: z.boolean().optional(),
  tags,
});

/** Amazon CloudWatch Logs: log groups with retention, keys and resource policies; metrics embedded in lines are measured. */
export function logs(runtime: Runtime): Service {
  const groups = new LogGroups(runtime);
  const policies = new LogResourcePolicies(runtime);
  const identity = {
    name: 'logs',
    errors: {
      ...jsonErrors,
      validation: { code: 'InvalidParameterException', status: 400 },
      internal: { code: 'ServiceUnavailableException', status: 500 },
    },
  };
  const groupType: ResourceType<z.infer<typeof groupArguments>> = {
    arguments: groupArguments,
    create({ arguments: given }) {
      const key = given.kms_key_id;
      const group = groups.add({ name: given.name, retention: given.retention_in_days, ...(key && { key }) });
      try {
        useKey(runtime, identity, group, 'associate');
      } catch (error) {
        throw new Error(
          `The specified KMS key is not allowed to be used with ${group.arn}: ${(error as Error).message}`,
          { cause: error },
        );
      }
      return { id: given.name, arn: group.arn };
    },
  };
  return {
    ...identity,
    operations: {
      ...writeOperations(groups, policies, (group, use) => useKey(runtime, identity, group, use)),
      ...readOperations({ groups, policies, useKey: (group, use) => useKey(runtime, identity, group, use) }),
    },
    resources: { aws_cloudwatch_log_group: groupType, aws_cloudwatch_log_resource_policy: policies.type },
  };
}
