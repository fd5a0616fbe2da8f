import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { policyDocument, type Statement } from './policy';

/** How a role is named, and who may assume it. */
export interface ServiceRoleProps {
  /** Name of the role, without project and environment. */
  readonly name: string;
  /** The service that may assume it, such as `pipes.amazonaws.com`. */
  readonly service: string;
  /** The one resource on whose behalf the service may assume it. @default any of the service's */
  readonly sourceArn?: string;
}

/** A role that one AWS service assumes; what it may do comes from the grants of the resources it uses. */
export class ServiceRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;
  /** Depend on this where AWS checks the permissions when a resource is made. */
  readonly policy: IamRolePolicy;
  private readonly statements: Statement[] = [];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const role = new IamRole(this, 'role', {
      name: stack.nameOf(props.name),
      assumeRolePolicy: policyDocument([
        {
          Sid: 'AssumedByService',
          Principal: { Service: props.service },
          Action: 'sts:AssumeRole',
          ...(props.sourceArn && {
            Condition: {
              ArnEquals: { 'aws:SourceArn': props.sourceArn },
              StringEquals: { 'aws:SourceAccount': stack.accountId },
            },
          }),
        },
      ]),
      ...(stack.settings.permissionsBoundary && { permissionsBoundary: stack.boundaryArn }),
    });
    this.arn = role.arn;
    this.policy = new IamRolePolicy(this, 'policy', {
      name: 'permissions',
      role: role.name,
      policy: Lazy.stringValue({ produce: () => policyDocument(this.statements) }),
    });
  }

  /** Adds a statement to the role's inline policy; a Sid that is already there takes on the new resources. */
  allow(statement: Statement & { readonly Resource: string | readonly string[] }): void {
    const index = this.statements.findIndex((existing) => existing.Sid === statement.Sid);
    if (index < 0) this.statements.push(statement);
    else
      this.statements[index] = { ...statement, Resource: merge(this.statements[index]!.Resource!, statement.Resource) };
  }
}

function merge(...resources: (string | readonly string[])[]): string | readonly string[] {
  const distinct = [...new Set(resources.flat())];
  return distinct.length === 1 ? distinct[0]! : distinct;
}
