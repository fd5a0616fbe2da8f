import { z } from 'zod';
import { AwsError, toAwsError } from '../aws-error';

/** Where a policy stands: on a role or user, on a resource, on a KMS key, or as the trust policy of a role. */
export type PolicyKind = 'identity' | 'resource' | 'key' | 'trust';

const strings = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.union([scalar.transform((value) => [value]), z.array(scalar).min(1)]);
const principals = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'], Federated: [] as string[], Service: [] as string[] })),
  z.strictObject({ AWS: strings.default([]), Federated: strings.default([]), Service: strings.default([]) }),
]);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principals.optional(),
  NotPrincipal: principals.optional(),
  Action: strings.optional(),
  NotAction: strings.optional(),
  Resource: strings.optional(),
  NotResource: strings.optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
});

const document = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([statement.transform((value) => [value]), z.array(statement).min(1)]),
});

/** A statement in its normal form: lists where one or many may be written. */
export type Statement = z.output<typeof statement>;

/** Whom a statement names, in its normal form. */
export type Principals = z.output<typeof principals>;

/** A policy document in its normal form. */
export type PolicyDocument = z.output<typeof document>;

/** Says of a statement what AWS would say if it refused it. */
type Check = (statement: Statement, kind: PolicyKind, service: string | undefined) => string | false | undefined;

const principalKinds =
  /^(\*|\d{12}|arn:[\w-]+:iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]+)|arn:[\w-]+:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+)$/;
/** An identity provider of the account. Nobody has a session by way of one here. */
const provider = /^arn:[\w-]+:iam::\d{12}:oidc-provider\/[\w.:/-]+$/;
const serviceName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/;
const trustActions =
  /^sts:(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity|SetContext)$/i;

const checks: readonly Check[] = [
  (it) =>
    ((it.Action && it.NotAction) || (it.Resource && it.NotResource) || (it.Principal && it.NotPrincipal)) &&
    'Syntax errors in policy.',
  (it) => actionsOf(it).length === 0 && 'Policy statement must contain actions.',
  (it, kind) => kind !== 'trust' && resourcesOf(it).length === 0 && 'Policy statement must contain resources.',
  (it, kind) => kind === 'trust' && (it.Resource ?? it.NotResource) && 'Has prohibited field Resource',
  (it, kind) =>
    kind === 'identity' && (it.Principal ?? it.NotPrincipal) && 'Policy document should not specify a principal.',
  (it, kind) => kind !== 'identity' && !(it.Principal ?? it.NotPrincipal) && 'Missing required field Principal',
  (it) => it.NotPrincipal && it.Effect === 'Allow' && 'NotPrincipal can only be used with the effect Deny.',
  (it, kind) =>
    kind === 'identity' &&
    !/^[0-9A-Za-z]*$/.test(it.Sid ?? '') &&
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  (it) => first(actionsOf(it), badAction),
  (it, kind) =>
    kind === 'trust' &&
    actionsOf(it).some((action) => !trustActions.test(action)) &&
    'AssumeRole policy may only specify STS AssumeRole actions.',
  (it, _kind, service) =>
    service !== undefined &&
    actionsOf(it).some((action) => action !== '*' && vendorOf(action) !== service) &&
    'Policy statement action out of service scope!',
  (it) => first(resourcesOf(it), badResource),
  (it) =>
    first(namedPrincipals(it), (name) => !principalKinds.test(name) && `Invalid principal in policy: "AWS":"${name}"`),
  (it, kind) =>
    first(
      (it.Principal ?? it.NotPrincipal)?.Federated ?? [],
      (name) => !(kind === 'trust' && provider.test(name)) && `Invalid principal in policy: "FEDERATED":"${name}"`,
    ),
  (it) =>
    first(
      (it.Principal ?? it.NotPrincipal)?.Service ?? [],
      (name) => !serviceName.test(name) && `Invalid principal in policy: "SERVICE":"${name}"`,
    ),
];

function first<T>(items: readonly T[], fault: (item: T) => string | false): string | undefined {
  for (const item of items) {
    const message = fault(item);
    if (message) return message;
  }
  return undefined;
}

function badAction(action: string): string | false {
  if (action === '*') return false;
  const parts = action.split(':');
  if (parts.length === 1) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  if (parts.length > 2) return 'Actions/Condition can contain only one colon.';
  return !/^[a-zA-Z0-9.-]+$/.test(parts[0]!)
    ? `Vendor ${parts[0]} is not valid`
    : !/^[\w*?]+$/.test(parts[1]!) && 'Syntax errors in policy.';
}

function badResource(resource: string): string | false {
  if (resource === '*') return false;
  const [scheme, partition, vendor = '', ...rest] = resource.replaceAll(/\$\{[^}]*\}/g, '').split(':');
  if (scheme !== 'arn' || rest.length < 3) return `Resource ${resource} must be in ARN format or "*".`;
  if (!/^aws(-[a-z-]+)?$/.test(partition!)) return `Partition "${partition}" is not valid for resource "${resource}".`;
  return /[*?]/.test(vendor) && 'Resource vendor must be fully qualified and cannot contain regexes.';
}

function actionsOf(it: Statement): readonly string[] {
  return it.Action ?? it.NotAction ?? [];
}

function resourcesOf(it: Statement): readonly string[] {
  return it.Resource ?? it.NotResource ?? [];
}

function vendorOf(action: string): string {
  return action.split(':')[0]!.toLowerCase();
}

/** Accounts and ARNs that a statement names. */
export function namedPrincipals(it: Statement): readonly string[] {
  return (it.Principal ?? it.NotPrincipal)?.AWS ?? [];
}

/** The error with which AWS refuses a policy. */
export function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}

/**
 * Reads and checks a policy document.
 *
 * @param source JSON text, or what it parses to
 * @param service for the policy of a resource, the IAM prefix that its actions must have
 * @throws AwsError `MalformedPolicyDocument` for what AWS refuses, and for what is not modelled here (version 2008-10-17,
 *   canonical users, and federated ones but those of an OIDC provider in the trust policy of a role)
 */
export function parsePolicy(source: unknown, kind: PolicyKind, service?: string): PolicyDocument {
  const parsed = document.safeParse(fromText(source));
  if (!parsed.success) {
    const details = parsed.error.issues.flatMap((issue) => describe(issue));
    throw malformed(`Syntax errors in policy. (${details.join('; ')})`);
  }
  if (parsed.data.Version !== '2012-10-17') throw malformed('Policy document must be version 2012-10-17 or greater.');
  for (const it of parsed.data.Statement) {
    const message = first(checks, (check) => check(it, kind, service) || false);
    if (message) throw malformed(message);
  }
  const sids = parsed.data.Statement.flatMap((it) => (it.Sid ? [it.Sid] : []));
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  return parsed.data;
}

/**
 * Parses a document that is given as JSON text.
 *
 * @throws AwsError `MalformedPolicyDocument`
 */
export function fromText(source: unknown): unknown {
  if (typeof source !== 'string') return source;
  try {
    return JSON.parse(source);
  } catch (error) {
    throw malformed(`Syntax errors in policy. (${toAwsError(error).message})`);
  }
}

/** The issue, or those of the union's branch that got furthest. */
function describe(issue: z.core.$ZodIssue, path: readonly PropertyKey[] = []): string[] {
  const here = [...path, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return [`${here.join('.') || 'document'}: ${issue.message}`];
  const depth = (branch: readonly z.core.$ZodIssue[]) => Math.max(...branch.map((inner) => inner.path.length));
  const furthest = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
  return furthest.flatMap((inner) => describe(inner, here));
}
