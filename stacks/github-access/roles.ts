import type { Statement } from '../../constructs/policy';
import type { BaseStack } from '../base-stack';
import { named } from './services';

/**
 * What makes a role or decides what it may do, as far as AWS lets a condition demand the boundary.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagement.html
 */
const onlyBounded = [
  'iam:CreateRole',
  'iam:DeleteRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
] as const;

/** The services that are given a role of these stacks. */
const passedTo = ['apigateway', 'lambda', 'pipes', 'scheduler', 'states'];

/**
 * What an apply does with roles: make and change those that carry the environment's boundary, so that none of them may do more than that,
 * whatever its policies say. The boundary itself and the roles of the workflows are the administrator's.
 */
export function writeRoles(stack: BaseStack): Statement[] {
  return [
    {
      Sid: 'BoundedRoles',
      Action: onlyBounded,
      Resource: stack.roleArn('*'),
      Condition: { StringEquals: { 'iam:PermissionsBoundary': stack.boundaryArn } },
    },
    {
      Sid: 'PassRoles',
      Action: 'iam:PassRole',
      Resource: stack.roleArn('*'),
      Condition: { StringEquals: { 'iam:PassedToService': passedTo.map((service) => `${service}.amazonaws.com`) } },
    },
    {
      // Their names begin like those of the others.
      Sid: 'NotRolesOfWorkflows',
      Effect: 'Deny',
      Action: ['iam:PassRole', ...onlyBounded, ...named.find(({ sid }) => sid === 'Roles')!.write],
      // Also those of another project, whose name begins like this project and environment.
      Resource: [stack.roleArn('github-*'), stack.roleArn('*-github-apply'), stack.roleArn('*-github-plan')],
    },
    {
      // Nothing allows these; this keeps it so if the role is given more.
      Sid: 'NotTheBoundary',
      Effect: 'Deny',
      Action: [
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:DeleteRolePermissionsBoundary',
        'iam:SetDefaultPolicyVersion',
      ],
      Resource: [stack.boundaryArn, stack.roleArn('*')],
    },
  ];
}
