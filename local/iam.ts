import { z } from 'zod';
import { blocks } from './arguments';
import { AwsError } from './aws-error';
import { type Place, type Tags, keysOf } from './iam/context';
import { type PolicyKind, fromText, malformed, namedPrincipals, parsePolicy } from './iam/document';
import type { Keys } from './iam/pattern';
import { type Asked, type CompiledStatement, type Naming, compilePolicy } from './iam/statement';
import { type Principal, principalName } from './principal';
import type { Permission } from './service';

/** A request that policies are asked about. */
export interface AuthorizationRequest extends Permission {
  readonly principal: Principal;
}

/** The statement that decided. */
export interface DecidedBy {
  /** `AdministratorAccess`, name of a role and its policy (`role/relay: put-events`), or ARN of the resource whose policy it is. */
  readonly policy: string;
  /** Sid, or the statement's position in the document. */
  readonly statement: string;
}

/**
 * What policies say to a request. A denial's reason reads as the end of AWS's sentence.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export type Decision =
  | { readonly allowed: true; readonly by: DecidedBy }
  | {
      readonly allowed: false;
      readonly reason: string;
      /** The explicit deny, if there is one. */ readonly by?: DecidedBy;
      /** ARN of the permissions boundary, if only that does not allow it. */
      readonly boundary?: string;
    };

/** A role to add. */
export interface NewRole {
  readonly arn: string;
  readonly name: string;
  /** Who may assume it: a document, or its JSON. */
  readonly trustPolicy: unknown;
  /** The managed policy that says the most that the role may do. @default no limit */
  readonly boundary?: { readonly arn: string; readonly document: unknown } | undefined;
}

interface Policy {
  readonly name: string;
  readonly statements: readonly CompiledStatement[];
}

/** As much of a document as appending and removing statements needs. */
const written = z.looseObject({ Statement: blocks(z.looseObject({ Sid: z.string().optional() })) });

interface Role {
  readonly name: string;
  readonly trust: Policy;
  readonly boundary?: Policy;
  readonly policies: Map<string, Policy>;
}

interface ResourcePolicy extends Policy {
  readonly kind: 'resource' | 'key';
  /** The document as it was written. */
  readonly written: z.output<typeof written>;
}

/** What one policy or set of policies says: the first Deny, or the first Allow that names the principal in each way. */
type Verdict = { readonly deny: DecidedBy } | ({ readonly deny?: undefined } & Partial<Record<Naming, DecidedBy>>);

/** Decisions remembered at most; requests differ without bound where a condition looks at data. */
const rememberedDecisions = 10_000;

/** The policies of one account, and what they allow. */
export class Iam {
  /** Decisions by all that they depend on, since the last change of a policy. */
  private readonly decisions = new Map<string, Decision>();
  /** Condition keys, in lower case, that any policy looks at. */
  private readonly usedKeys = new Set<string>();
  private readonly roles = new Map<string, Role>();
  private readonly resourcePolicies = new Map<string, ResourcePolicy>();
  private readonly tags = new Map<string, Tags>();
  private readonly administrator: Policy;

  /** @param place fills in `aws:RequestedRegion`, `aws:CurrentTime`, `aws:EpochTime`. @default policies that use them are refused */
  constructor(
    readonly accountId: string,
    private readonly place?: Place,
  ) {
    const all = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    this.administrator = this.compile('AdministratorAccess', all, 'identity');
  }

  /**
   * Adds a role, which no policy allows anything yet.
   *
   * @throws AwsError `MalformedPolicyDocument`
   */
  putRole({ arn, name, trustPolicy, boundary }: NewRole): void {
    const trust = this.compile(arn, trustPolicy, 'trust');
    const policies = this.roles.get(arn)?.policies ?? new Map<string, Policy>();
    const limit = boundary && this.compile(boundary.arn, boundary.document, 'identity');
    this.roles.set(arn, { name, trust, policies, ...(limit && { boundary: limit }) });
  }

  /**
   * Adds or replaces an identity policy of a role.
   *
   * @param policyName name of an inline policy, or ARN of an attached one
   * @throws AwsError `NoSuchEntity`, `MalformedPolicyDocument`
   */
  putRolePolicy(roleArn: string, policyName: string, document: unknown): void {
    const role = this.roles.get(roleArn);
    if (!role)
      throw new AwsError(
        'NoSuchEntity',
        `The role with name ${roleArn.slice(roleArn.lastIndexOf('/') + 1)} cannot be found.`,
        404,
      );
    role.policies.set(policyName, this.compile(`role/${role.name}: ${policyName}`, document, 'identity'));
  }

  /** Whether there is a role of this ARN. */
  hasRole(arn: string): boolean {
    return this.roles.has(arn);
  }

  /**
   * Sets the policy of a resource, in place of the one it had.
   *
   * @param kind `key`: the policy of a KMS key, which must allow whatever identity policies say. @default resource
   * @throws AwsError `MalformedPolicyDocument`, for a role of this account that does not exist too
   */
  setResourcePolicy(resourceArn: string, document: unknown, kind: 'resource' | 'key' = 'resource'): void {
    const policy = this.compile(resourceArn, document, kind, resourceArn.split(':')[2]);
    this.resourcePolicies.set(resourceArn, { ...policy, kind, written: written.parse(fromText(document)) });
  }

  /** Sets the tags of a KMS key, which `aws:ResourceTag` in conditions looks at. */
  setTags(keyArn: string, tags: Tags): void {
    this.tags.set(keyArn, tags);
    this.decisions.clear();
  }

  /** The policy of a resource as it was set, with all statements appended since; undefined if it has none. */
  resourcePolicy(resourceArn: string): Readonly<Record<string, unknown>> | undefined {
    return this.resourcePolicies.get(resourceArn)?.written;
  }

  /**
   * Adds a statement to the policy of a resource, as Lambda's AddPermission does.
   *
   * @throws AwsError `MalformedPolicyDocument`; `ResourceConflictException` if the policy has the Sid already
   */
  appendResourceStatement(resourceArn: string, statement: Readonly<Record<string, unknown>>): void {
    const document = this.resourcePolicies.get(resourceArn)?.written ?? {
      Version: '2012-10-17',
      Id: 'default',
      Statement: [],
    };
    if (document.Statement.some((other) => other.Sid !== undefined && other.Sid === statement.Sid)) {
      const message = `The statement id (${String(statement.Sid)}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
      throw new AwsError('ResourceConflictException', message, 409);
    }
    this.setResourcePolicy(resourceArn, { ...document, Statement: [...document.Statement, statement] });
  }

  /** Takes a statement out of the policy of a resource; returns false if there was none with that Sid. */
  removeResourceStatement(resourceArn: string, sid: string): boolean {
    const document = this.resourcePolicies.get(resourceArn)?.written;
    const rest = document?.Statement.filter((statement) => statement.Sid !== sid);
    if (!document || !rest || rest.length === document.Statement.length) return false;
    this.decisions.clear();
    if (rest.length === 0) this.resourcePolicies.delete(resourceArn);
    else this.setResourcePolicy(resourceArn, { ...document, Statement: rest });
    return true;
  }

  /**
   * Decides as AWS does within one account. An explicit Deny anywhere wins. Otherwise the resource's policy allows by naming the
   * principal, or an identity policy allows; for a KMS key or a role to assume, an identity policy counts only if the resource's
   * policy names the account. What is allowed to a role, by its own policies or by name, its permissions boundary must allow too; what a
   * resource's policy allows to a session or to everybody, it need not.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  authorize(request: AuthorizationRequest): Decision {
    const { accountId, place } = this;
    const keys = keysOf({ ...request, accountId, place, tags: this.tags.get(request.resource) });
    const question = this.questionOf(request, keys);
    const known = this.decisions.get(question);
    if (known) return known;
    const decision = this.decide(request, keys);
    if (this.decisions.size >= rememberedDecisions) this.decisions.clear();
    this.decisions.set(question, decision);
    return decision;
  }

  /** All that a decision depends on, as text. */
  private questionOf({ principal, action, resource }: AuthorizationRequest, keys: Keys): string {
    let question = `${principal.kind} ${principalName(principal)} ${action} ${resource}`;
    for (const key of this.usedKeys) question += `\n${JSON.stringify(keys(key))}`;
    return question;
  }

  private decide(request: AuthorizationRequest, keys: Keys): Decision {
    const { principal, resource } = request;
    const { accountId } = this;
    const boundary = principal.kind === 'role' ? this.roles.get(principal.roleArn)?.boundary : undefined;
    const isBounded = boundary !== undefined;
    const asked: Asked = { principal, accountId, action: request.action.toLowerCase(), resource, keys, isBounded };
    const assumes = asked.action === 'sts:assumerole';
    const resourcePolicy = assumes ? this.roles.get(resource)?.trust : this.policyOf(resource);
    const isDecisive = assumes || isKey(resource) || this.resourcePolicies.get(resource)?.kind === 'key';
    const noun = assumes ? 'role trust policy' : 'resource-based policy';
    const identity = judge(this.identityPolicies(principal), asked);
    if (identity.deny) return denied('an identity-based policy', identity.deny);
    const limit = judge(boundary ? [boundary] : [], asked);
    if (limit.deny) return denied('a permissions boundary', limit.deny);
    const own = judge(resourcePolicy ? [resourcePolicy] : [], asked);
    if (own.deny) return denied(assumes ? `the ${noun}` : `a ${noun}`, own.deny);
    if (own.direct) return { allowed: true, by: own.direct };
    const none = (kind: string) =>
      ({ allowed: false, reason: `no ${kind} allows the ${request.action} action` }) as const;
    if (principal.kind === 'service' || (isDecisive && !own.role && !own.account)) return none(noun);
    const by = own.role ?? identity.direct;
    if (!by) return none('identity-based policy');
    if (boundary && !limit.direct) return { ...none('permissions boundary'), boundary: boundary.name };
    return { allowed: true, by };
  }

  private identityPolicies(principal: Principal): Iterable<Policy> {
    if (principal.kind === 'user') return [this.administrator];
    return principal.kind === 'role' ? (this.roles.get(principal.roleArn)?.policies.values() ?? []) : [];
  }

  /** Objects of a bucket are under the bucket's policy. */
  private policyOf(resource: string): ResourcePolicy | undefined {
    const owner = /^arn:[\w-]+:s3:/.test(resource) ? resource.split('/')[0]! : resource;
    return this.resourcePolicies.get(owner);
  }

  private compile(name: string, source: unknown, kind: PolicyKind, service?: string): Policy {
    const document = parsePolicy(source, kind, service);
    for (const named of document.Statement.flatMap(namedPrincipals)) {
      const isOurs = named.includes(`::${this.accountId}:role/`);
      if (isOurs && !this.roles.has(named)) throw malformed(`Invalid principal in policy: "AWS":"${named}"`);
    }
    const statements = compilePolicy(document, this.place);
    for (const key of statements.flatMap((statement) => statement.keys)) this.usedKeys.add(key);
    this.decisions.clear();
    return { name, statements };
  }
}

function judge(policies: Iterable<Policy>, asked: Asked): Verdict {
  const allows: Partial<Record<Naming, DecidedBy>> = {};
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (statement.effect === 'Allow' && allows.direct) continue;
      const naming = statement.applies(asked);
      if (!naming) continue;
      const by = { policy: policy.name, statement: statement.label };
      if (statement.effect === 'Deny') return { deny: by };
      allows[naming] ??= by;
    }
  }
  return allows;
}

function denied(by: string, statement: DecidedBy): Decision {
  return { allowed: false, reason: `with an explicit deny in ${by}`, by: statement };
}

/** Also of a key that has no policy: nobody may use it. */
function isKey(resource: string): boolean {
  return /^arn:[\w-]+:kms:[^:]*:\d+:key\//.test(resource);
}
