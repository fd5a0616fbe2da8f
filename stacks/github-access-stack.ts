import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { policyDocument, type Statement } from '../constructs/policy';
import { BaseStack } from './base-stack';
import { readKeys, writeKeys } from './github-access/keys';
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
 * of the repository; one applies, for runs in the GitHub environment of the same name.
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
      this.notRolesOfWorkflows(),
    ]);
    this.letRead([plan, apply]);
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
    new IamRolePolicy(this, `${name}-permissions`, {
      name: 'permissions',
      role: role.name,
      policy: policyDocument(statements),
    });
    return role;
  }

  /** In a policy of its own: inline policies of a role have 10,240 characters together (IAM quotas), too few for all. */
  private letRead(roles: readonly IamRole[]): void {
    const policy = new IamPolicy(this, 'read', {
      name: this.nameOf('github-read'),
      policy: policyDocument([
        ...named.map(({ sid, read, resources }) => ({ Sid: sid, Action: read, Resource: resources(this) })),
        ...readKeys(this),
        ...readUnnamed(this),
      ]),
    });
    for (const role of roles) new IamRolePolicyAttachment(role, 'read', { role: role.name, policyArn: policy.arn });
  }

  /**
   * Keeps a deployment from changing the roles of the workflows by mistake: their names begin like those of the others. Against intent it is
   * no help, since whoever makes roles can make one that may do anything.
   */
  private notRolesOfWorkflows(): Statement {
    return {
      Sid: 'NotRolesOfWorkflows',
      Effect: 'Deny',
      Action: named.find(({ sid }) => sid === 'Roles')!.write,
      Resource: `arn:${this.partition}:iam::${this.accountId}:role/${this.nameOf('github-*')}`,
    };
  }
}
