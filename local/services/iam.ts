import { z } from 'zod';
import { AwsError } from '../aws-error';
import { parsePolicy } from '../iam/document';
import { uniqueId } from '../iam/unique-id';
import type { Runtime } from '../runtime';
import type { Attributes, Operation, Resource, Service } from '../service';
import {
  attachmentArguments,
  policyArguments,
  providerArguments,
  roleArguments,
  rolePolicyArguments,
} from './iam/arguments';
import { paginate } from './pages';

type RoleArguments = z.output<typeof roleArguments>;

interface Role {
  readonly arn: string;
  readonly created: number;
  readonly settings: RoleArguments;
  /** Inline policies by name, as text. */
  readonly policies: Map<string, string>;
  /** Characters of all inline policies, without white space. */
  size: number;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space is not counted. */
const quotas = { trustPolicy: 2048, inlinePolicies: 10_240, managedPolicy: 6144 };

/** AWS Identity and Access Management: roles and their policies. What they allow is decided by {@link Runtime.iam}. */
export function iam(runtime: Runtime): Service {
  const roles = new Map<string, Role>();
  /** Managed policies by ARN, as text. */
  const managed = new Map<string, string>();
  const role = (name: string): Role => {
    const found = roles.get(name);
    if (!found) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return found;
  };
  return {
    name: 'iam',
    operations: roleOperations(runtime, roles, role),
    resources: {
      aws_iam_role: { arguments: roleArguments, create: (resource) => createRole(runtime, roles, managed, resource) },
      aws_iam_role_policy: {
        arguments: rolePolicyArguments,
        create: (resource) => putRolePolicy(runtime, role, resource),
      },
      ...managedPolicies(runtime, role, managed),
      aws_iam_openid_connect_provider: {
        arguments: providerArguments,
        create: (resource) => createProvider(runtime, resource),
      },
    },
    errors: {
      accessDenied: { code: 'AccessDenied', status: 403 },
      throttled: { code: 'Throttling', status: 400 },
      validation: { code: 'ValidationError', status: 400 },
      internal: { code: 'ServiceFailure', status: 500 },
    },
  };
}

function createRole(
  runtime: Runtime,
  roles: Map<string, Role>,
  managed: ReadonlyMap<string, string>,
  { arguments: settings }: Resource<RoleArguments>,
): Attributes {
  const { name, path, assume_role_policy: trustPolicy, permissions_boundary: boundary } = settings;
  const arn = entityArn(runtime, 'role', path, name);
  if (roles.has(name)) throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
  if (sizeOf(trustPolicy) > quotas.trustPolicy) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${quotas.trustPolicy}`, 409);
  }
  runtime.iam.putRole({
    arn,
    name,
    trustPolicy,
    boundary: boundary === undefined ? undefined : limitBy(boundary, managed),
  });
  const created = runtime.clock.now();
  roles.set(name, { arn, created, settings, policies: new Map(), size: 0 });
  return { id: name, arn, unique_id: uniqueId('AROA', arn), create_date: iso(created) };
}

/** @throws AwsError `NoSuchEntity` */
function limitBy(arn: string, managed: ReadonlyMap<string, string>): { arn: string; document: string } {
  const document = managed.get(arn);
  if (document !== undefined) return { arn, document };
  const hint = 'The local runtime looks for a permissions boundary among the aws_iam_policy of all stacks';
  throw new AwsError('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable. (${hint})`, 404);
}

function createProvider(
  runtime: Runtime,
  { arguments: { url } }: Resource<z.output<typeof providerArguments>>,
): Attributes {
  const arn = entityArn(runtime, 'oidc-provider', '/', url.slice('https://'.length));
  return { id: arn, arn, thumbprint_list: [] };
}

function putRolePolicy(
  runtime: Runtime,
  find: (name: string) => Role,
  resource: Resource<z.output<typeof rolePolicyArguments>>,
): Attributes {
  const { name, role: roleName, policy } = resource.arguments;
  const role = find(roleName);
  if (role.policies.has(name))
    throw new AwsError('EntityAlreadyExists', `Role ${roleName} has two policies named ${name}.`, 409);
  if (role.size + sizeOf(policy) > quotas.inlinePolicies) {
    throw new AwsError(
      'LimitExceeded',
      `Maximum policy size of ${quotas.inlinePolicies} bytes exceeded for role ${roleName}`,
      409,
    );
  }
  runtime.iam.putRolePolicy(role.arn, name, policy);
  role.policies.set(name, policy);
  role.size += sizeOf(policy);
  return { id: `${roleName}:${name}` };
}

function managedPolicies(
  runtime: Runtime,
  find: (name: string) => Role,
  documents: Map<string, string>,
): Service['resources'] {
  return {
    aws_iam_policy: {
      arguments: policyArguments,
      create({ arguments: { name, path, policy } }: Resource<z.output<typeof policyArguments>>) {
        const arn = entityArn(runtime, 'policy', path, name);
        if (documents.has(arn))
          throw new AwsError(
            'EntityAlreadyExists',
            `A policy called ${name} already exists. Duplicate names are not allowed.`,
            409,
          );
        if (sizeOf(policy) > quotas.managedPolicy)
          throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${quotas.managedPolicy}`, 409);
        parsePolicy(policy, 'identity');
        documents.set(arn, policy);
        return { id: arn, arn, policy_id: uniqueId('ANPA', arn) };
      },
    },
    aws_iam_role_policy_attachment: {
      arguments: attachmentArguments,
      create({ arguments: { role, policy_arn } }: Resource<z.output<typeof attachmentArguments>>) {
        const document = documents.get(policy_arn);
        if (document === undefined)
          throw new AwsError('NoSuchEntity', `Policy ${policy_arn} does not exist or is not attachable.`, 404);
        runtime.iam.putRolePolicy(find(role).arn, policy_arn, document);
        return { id: `${role}/${policy_arn}` };
      },
    },
  };
}

function roleOperations(
  runtime: Runtime,
  roles: Map<string, Role>,
  find: (name: string) => Role,
): Record<string, Operation> {
  const onRole = (action: string) => (input: { RoleName: string }) => [
    { action: `iam:${action}`, resource: find(input.RoleName).arn },
  ];
  const page = { MaxItems: z.coerce.number().int().min(1).max(1000).default(100), Marker: z.string().optional() };
  return {
    ListRoles: {
      input: z.object({ PathPrefix: z.string().default('/'), ...page }),
      permissions: () => [{ action: 'iam:ListRoles', resource: entityArn(runtime, 'role', '/', '') }],
      run: ({ PathPrefix, MaxItems, Marker }) => {
        const matching = [...roles.values()]
          .filter(({ settings }) => settings.path.startsWith(PathPrefix))
          .sort(byName);
        const { items, next } = paginate(matching, MaxItems, Marker, 'ValidationError');
        return { Roles: items.map(describe), IsTruncated: next !== undefined, ...(next && { Marker: next }) };
      },
    },
    GetRole: {
      input: z.object({ RoleName: z.string() }),
      permissions: onRole('GetRole'),
      run: ({ RoleName }) => {
        const role = find(RoleName);
        const Tags = Object.entries(role.settings.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
        const PermissionsBoundaryArn = role.settings.permissions_boundary;
        return {
          Role: {
            ...describe(role),
            ...(PermissionsBoundaryArn && {
              PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn },
            }),
            ...(Tags.length > 0 && { Tags }),
          },
        };
      },
    },
    ListRolePolicies: {
      input: z.object({ RoleName: z.string(), ...page }),
      permissions: onRole('ListRolePolicies'),
      run: ({ RoleName, MaxItems, Marker }) => {
        const { items, next } = paginate(
          [...find(RoleName).policies.keys()].sort(),
          MaxItems,
          Marker,
          'ValidationError',
        );
        return { PolicyNames: items, IsTruncated: next !== undefined, ...(next && { Marker: next }) };
      },
    },
    GetRolePolicy: {
      input: z.object({ RoleName: z.string(), PolicyName: z.string() }),
      permissions: onRole('GetRolePolicy'),
      run: ({ RoleName, PolicyName }) => {
        const policy = find(RoleName).policies.get(PolicyName);
        if (policy === undefined)
          throw new AwsError('NoSuchEntity', `The role policy with name ${PolicyName} cannot be found.`, 404);
        return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(policy) };
      },
    },
  };
}

function describe({ arn, created, settings }: Role): Record<string, unknown> {
  return {
    Path: settings.path,
    RoleName: settings.name,
    RoleId: uniqueId('AROA', arn),
    Arn: arn,
    CreateDate: iso(created),
    AssumeRolePolicyDocument: encodeURIComponent(settings.assume_role_policy),
    ...(settings.description && { Description: settings.description }),
    MaxSessionDuration: settings.max_session_duration,
  };
}

function byName(left: Role, right: Role): number {
  return left.settings.name < right.settings.name ? -1 : 1;
}

function entityArn(runtime: Runtime, kind: 'oidc-provider' | 'policy' | 'role', path: string, name: string): string {
  return `arn:${runtime.partition}:iam::${runtime.accountId}:${kind}${path}${name}`;
}

function sizeOf(policy: string): number {
  return policy.replaceAll(/\s/g, '').length;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
