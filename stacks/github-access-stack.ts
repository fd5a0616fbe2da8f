import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { policyDocument, type Statement } from '../constructs/policy';
import { BaseStack } from './base-stack';
import { boundary } from './github-access/boundary';
import { readKeys, writeKeys } from './github-access/keys';
import { writeRoles } from './github-access/roles';
import { named } from './github-access/services';
import { stateAccess } from './github-access/state';
import { readUnnamed, writeUnnamed } from './github-access/unnamed';
import type { Settings } from './settings';

/** Issuer of the tokens of GitHub Actions. */
const issuer = 'token.actions.githubusercontent.com';

/** What `aws-actions/configure-aws-credentials` asks a token for. */
const audience = 'sts.amazonaws.com';

/**
 * What the workflows of a GitHub repository may do in the account, without keys that live longer than a run: one role plans, for pull requests
 * of the repository; one applies, for runs in the GitHub environment of the same name. The roles that it makes are limited by a permissions
 * boundary.
 */
export class GithubAccessStack extends BaseStack {
  constructor(scope: Construct, settings: Settings, repository: string) {
    super(scope, 'github-access', settings);
    const provider = this.provider();
    const plan = this.role('plan', provider, `repo:${repository}:pull_request`, stateAccess(this, 'read'));
    const apply = this.role('apply', provider, `repo:${repository}:environment:${settings.environment}`, [
      ...named.map(({ sid, write, resources }) => ({ Sid: sid, Action: write, Resource: resources(this) })),
      ...writeKeys(this),
      ...writeUnnamed(this),
      ...stateAccess(this, 'write'),
    ]);
    this.attach('roles', writeRoles(this), [apply]);
    this.attach('read', this.readAccess(), [plan, apply]);
    new IamPolicy(this, 'boundary', {
      name: this.nameOf('boundary'),
      description: 'The most that a role of the environment may do. Changed by an administrator only.',
      policy: policyDocument(boundary(this)),
    });
    new TerraformOutput(this, 'PlanRoleArn', { value: plan.arn, description: 'Repository variable AWS_PLAN_ROLE_ARN' });
    new TerraformOutput(this, 'ApplyRoleArn', {
      value: apply.arn,
      description: `Variable AWS_APPLY_ROLE_ARN of the GitHub environment ${settings.environment}`,
    });
  }

  /** ARN of the account's provider for GitHub. */
  private provider(): string {
    const arn = `arn:${this.partition}:iam::${this.accountId}:oidc-provider/${issuer}`;
    if (this.settings.githubProvider === 'existing') return arn;
    return new IamOpenidConnectProvider(this, 'github', { url: `https://${issuer}`, clientIdList: [audience] }).arn;
  }

  private role(name: string, provider: string, subject: string, statements: readonly Statement[]): IamRole {
    const role = new IamRole(this, name, {
      name: this.nameOf(`github-${name}`),
      assumeRolePolicy: policyDocument([
        {
          Sid: 'AssumedByWorkflow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subject } },
        },
      ]),
    });
    // IAM refuses a policy without statements: where the state is not in S3, the plan role only reads.
    if (statements.length)
      new IamRolePolicy(this, `${name}-permissions`, {
        name: 'permissions',
        role: role.name,
        policy: policyDocument(statements),
      });
    return role;
  }

  private readAccess(): Statement[] {
    return [
      ...named.map(({ sid, read, resources }) => ({ Sid: sid, Action: read, Resource: resources(this) })),
      ...readKeys(this),
      ...readUnnamed(this),
    ];
  }

  /** A policy of its own: inline policies of a role have 10,240 characters together (IAM quotas), too few for all. */
  private attach(name: string, statements: readonly Statement[], roles: readonly IamRole[]): void {
    const policy = new IamPolicy(this, name, {
      name: this.nameOf(`github-${name}`),
      policy: policyDocument(statements),
    });
    for (const role of roles) new IamRolePolicyAttachment(role, name, { role: role.name, policyArn: policy.arn });
  }
}
