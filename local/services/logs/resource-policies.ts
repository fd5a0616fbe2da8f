import { z } from 'zod';
import { blocks, json } from '../../arguments';
import type { Runtime } from '../../runtime';
import type { ResourceType } from '../../service';

/** Policies of an account in a region, and characters of one. Source: CloudWatch Logs API reference, PutResourcePolicy. */
const maximumPolicies = 10;
const maximumLength = 5120;

const document = z.looseObject({
  Statement: blocks(z.looseObject({ Sid: z.string().optional(), Resource: z.unknown() })),
});
const policyArguments = z.strictObject({
  policy_name: z.string().min(1),
  policy_document: z.string().max(maximumLength).pipe(json(document)),
});

type Statement = z.infer<typeof document>['Statement'][number];

/**
 * The resource policies of CloudWatch Logs. They belong to the account, not to a log group: each one's statements say
 * which groups and streams they are about.
 */
export class LogResourcePolicies {
  private readonly byName = new Map<string, readonly Statement[]>();
  private readonly applied = new Set<string>();

  constructor(private readonly runtime: Runtime) {}

  /** Makes IAM judge a group's or stream's ARN by the account's policies; called before each question. */
  apply(resource: string): string {
    if (this.byName.size === 0 || this.applied.has(resource)) return resource;
    const seen = new Set<string>();
    const statements: Statement[] = [];
    for (const { Sid, ...rest } of [...this.byName.values()].flat()) {
      // A Sid need only be unique within its own policy.
      statements.push(Sid && !seen.has(Sid) ? { Sid, ...rest } : rest);
      if (Sid) seen.add(Sid);
    }
    this.runtime.iam.setResourcePolicy(resource, { Version: '2012-10-17', Statement: statements });
    this.applied.add(resource);
    return resource;
  }

  /** `aws_cloudwatch_log_resource_policy` */
  get type(): ResourceType<z.infer<typeof policyArguments>> {
    return {
      arguments: policyArguments,
      create: ({ arguments: given }) => {
        if (!this.byName.has(given.policy_name) && this.byName.size === maximumPolicies) {
          throw new Error(
            `CloudWatch Logs takes ${maximumPolicies} resource policies in a region, this is one more: join statements in one`,
          );
        }
        // IAM checks the document here, under the name it is known by.
        this.runtime.iam.setResourcePolicy(
          this.runtime.arn('logs', `resource-policy:${given.policy_name}`),
          given.policy_document,
        );
        this.byName.set(given.policy_name, given.policy_document.Statement);
        this.applied.clear();
        return { id: given.policy_name };
      },
    };
  }
}
