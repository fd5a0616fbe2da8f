import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Settings, StateBackend } from './settings';

/** What every stack shares: the provider with its tags, the state backend, and how things are named. */
export class BaseStack extends TerraformStack {
  /** Id of the account deployed to. */
  readonly accountId: string;
  /** `aws`, `aws-cn` or `aws-us-gov` */
  readonly partition: string;

  /** @param backend where the stack's state lives. @default the settings' `stateBackend` */
  constructor(
    scope: Construct,
    readonly id: string,
    readonly settings: Settings,
    backend: StateBackend = settings.stateBackend,
  ) {
    super(scope, id);
    const { project, environment, region } = settings;
    new AwsProvider(this, 'aws', {
      region,
      defaultTags: [{ tags: { project, environment, stack: id } }],
    });
    this.addOverride('terraform.required_version', '>= 1.10');
    this.addOverride('terraform.required_providers.aws.version', '>= 5.100, < 7');
    this.accountId = new DataAwsCallerIdentity(this, 'account').accountId;
    this.partition = new DataAwsPartition(this, 'partition').partition;
    this.keepStateIn(backend);
  }

  /** The stack that a construct stands in. @throws Error if that is not a BaseStack */
  static override of(construct: Construct): BaseStack {
    const stack = TerraformStack.of(construct);
    if (!(stack instanceof BaseStack)) throw new Error(`${construct.node.path} must stand in a BaseStack`);
    return stack;
  }

  /** `<project>-<environment>-<name>` */
  nameOf(name: string): string {
    return `${this.settings.project}-${this.settings.environment}-${name}`;
  }

  /**
   * ARN of a resource in this account and region, composed: for what would make a cycle as a reference.
   *
   * @param service such as `sqs`
   * @param resource what follows the account id
   */
  arnOf(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.settings.region}:${this.accountId}:${resource}`;
  }

  /** ARN of the account's root, which stands for the account in key policies. */
  get accountRootArn(): string {
    return `arn:${this.partition}:iam::${this.accountId}:root`;
  }

  /**
   * ARN of a role of the environment.
   *
   * @param name without project and environment
   */
  roleArn(name: string): string {
    return `arn:${this.partition}:iam::${this.accountId}:role/${this.nameOf(name)}`;
  }

  /**
   * ARN of the policy that says the most that a role of the environment may do. Composed of its name: the stack `github-access`, which makes
   * it, is deployed once and by somebody else.
   */
  get boundaryArn(): string {
    return `arn:${this.partition}:iam::${this.accountId}:policy/${this.nameOf('boundary')}`;
  }

  private keepStateIn(backend: StateBackend): void {
    const { project, environment, region, stateBucket, stateOrganization, stateProject } = this.settings;
    if (backend === 'local') {
      // Terraform runs in cdktf.out/stacks/<stack>, which is made anew: the state lies beside cdktf.out.
      new LocalBackend(this, { path: `../../../${project}-${environment}-${this.id}.tfstate` });
    } else if (backend === 'cloud') {
      new CloudBackend(this, {
        organization: stateOrganization!,
        workspaces: new NamedCloudWorkspace(`${project}-${environment}-${this.id}`, stateProject),
      });
    } else {
      const key = `${project}/${environment}/${this.id}.tfstate`;
      // Without `encrypt`, which would ask for S3's own key, the bucket's default takes effect: its KMS key.
      new S3Backend(this, { bucket: stateBucket, key, region });
      this.addOverride('terraform.backend.s3.use_lockfile', true);
    }
  }
}
