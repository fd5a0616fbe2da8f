import { toAwsError } from '../aws-error';
import type { Principal } from '../principal';
import { type Condition, compileCondition } from './conditions';
import { type Place, isKnownKey } from './context';
import { type PolicyDocument, type Principals, type Statement, malformed } from './document';
import { type Keys, type Matcher, compilePattern, variables } from './pattern';

/** A request as statements see it. */
export interface Asked {
  readonly principal: Principal;
  readonly accountId: string;
  /** In lower case. */
  readonly action: string;
  readonly resource: string;
  readonly keys: Keys;
  /** Whether a permissions boundary limits the principal. */
  readonly isBounded: boolean;
}

/**
 * How a statement names a principal: itself (a user, a session, or everybody), the role of the session, or only the account that it belongs
 * to. In an Allow the first is all that it takes, the second is limited by the role's permissions boundary, and the third leaves the decision
 * to the identity policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export type Naming = 'direct' | 'role' | 'account';

/** A statement compiled for matching. */
export interface CompiledStatement {
  readonly effect: 'Allow' | 'Deny';
  /** Its Sid, or its position in the document. */
  readonly label: string;
  /** Condition keys that its answer depends on, in lower case. */
  readonly keys: readonly string[];
  /** Whether it speaks of the request, and how it names who asks; statements of identity policies name directly. */
  applies(asked: Asked): Naming | undefined;
}

/**
 * Compiles the statements of a document.
 *
 * @throws AwsError `MalformedPolicyDocument` for conditions that AWS refuses, and for global condition keys that requests here
 *   have no value for
 */
export function compilePolicy(document: PolicyDocument, place: Place | undefined): CompiledStatement[] {
  return document.Statement.map((statement, index) => compileStatement(statement, String(index), place));
}

function compileStatement(statement: Statement, position: string, place: Place | undefined): CompiledStatement {
  const label = statement.Sid || position;
  const action = compileActions(statement.Action ?? statement.NotAction ?? [], statement.NotAction !== undefined);
  const resource = compileResources(statement.Resource ?? statement.NotResource, statement.NotResource !== undefined);
  const keys = keysUsed(statement);
  const condition = compileConditions(statement, label, keys, place);
  const { Principal: named, NotPrincipal: excepted } = statement;
  return {
    effect: statement.Effect,
    label,
    keys: keys.map((key) => key.toLowerCase()),
    applies(asked) {
      if (!action(asked.action) || !resource(asked.resource, asked.keys)) return undefined;
      const naming = named ? namingOf(named, asked) : excepted && excepts(excepted, asked) ? undefined : 'direct';
      return naming && condition(asked.keys) ? naming : undefined;
    },
  };
}

function compileActions(patterns: readonly string[], negated: boolean): (action: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)).map((pattern) => pattern.toLowerCase()));
  const wild = patterns
    .filter((pattern) => /[*?]/.test(pattern))
    .map((pattern) => compilePattern(pattern.toLowerCase(), 'wildcard'));
  return (action) => (exact.has(action) || wild.some((matches) => matches(action, () => undefined))) !== negated;
}

function compileResources(patterns: readonly string[] | undefined, negated: boolean): Matcher {
  if (!patterns) return () => true;
  const matchers = patterns.map((pattern) => compilePattern(pattern, 'wildcard'));
  return (resource, keys) => matchers.some((matches) => matches(resource, keys)) !== negated;
}

function keysUsed({ Condition: blocks, Resource, NotResource }: Statement): string[] {
  const wanted = Object.values(blocks);
  const names = wanted.flatMap((values) => Object.keys(values));
  const texts = [...wanted.flatMap((values) => Object.values(values).flat()), ...(Resource ?? NotResource ?? [])];
  return [...names, ...texts.flatMap(variables)];
}

function compileConditions(
  statement: Statement,
  label: string,
  used: readonly string[],
  place: Place | undefined,
): Condition {
  const entries = Object.entries(statement.Condition);
  const unknown = used.find((key) => !isKnownKey(key, place, statement.Action ?? []));
  if (unknown !== undefined) {
    throw malformed(
      `Statement ${label}: requests in the local runtime have no condition key ${unknown}; leave it out or use another.`,
    );
  }
  try {
    const conditions = entries.map(([operator, wanted]) => compileCondition(operator, wanted));
    return (keys) => conditions.every((condition) => condition(keys));
  } catch (error) {
    throw malformed(`Syntax errors in policy. (Statement ${label}, Condition: ${toAwsError(error).message})`);
  }
}

function namingOf(named: Principals, asked: Asked): Naming | undefined {
  if (named.AWS.includes('*')) return 'direct';
  const { principal } = asked;
  if (principal.kind === 'service') return named.Service.includes(principal.service) ? 'direct' : undefined;
  if (named.AWS.includes(principal.arn)) return 'direct';
  if (principal.kind === 'role' && named.AWS.includes(principal.roleArn)) return 'role';
  return named.AWS.some((name) => isAccount(name, asked.accountId)) ? 'account' : undefined;
}

/**
 * Whether a NotPrincipal leaves the principal alone: it must list all that the principal is, the account and the role of a session
 * included. A principal with a permissions boundary it never does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function excepts(excepted: Principals, asked: Asked): boolean {
  if (asked.isBounded) return false;
  if (excepted.AWS.includes('*')) return true;
  const { principal } = asked;
  if (principal.kind === 'service') return excepted.Service.includes(principal.service);
  return (
    excepted.AWS.some((name) => isAccount(name, asked.accountId)) &&
    excepted.AWS.includes(principal.arn) &&
    (principal.kind === 'user' || excepted.AWS.includes(principal.roleArn))
  );
}

function isAccount(name: string, accountId: string): boolean {
  return name === accountId || (name.endsWith(':root') && name.split(':')[4] === accountId);
}
