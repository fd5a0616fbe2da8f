import { type AuthorizationRequest, type Decision, Iam } from '../../../local/iam';
import { simulatedClock } from '../../../local/clock';
import type { Principal } from '../../../local/principal';

export const account = '123456789012';
export const region = 'eu-central-1';
export const queue = `arn:aws:sqs:${region}:${account}:orders`;
export const key = `arn:aws:kms:${region}:${account}:key/5f2c1a`;
export const roleArn = `arn:aws:iam::${account}:role/relay`;
export const sessionArn = `arn:aws:sts::${account}:assumed-role/relay/one`;
export const otherRoleArn = `arn:aws:iam::${account}:role/service/other`;
export const root = `arn:aws:iam::${account}:root`;
export const ruleArn = `arn:aws:events:${region}:${account}:rule/bus/created`;

/** A session of the role. */
export const role: Principal = { kind: 'role', roleArn, arn: sessionArn };
/** The administrator. */
export const user: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/developer` };
/** EventBridge, for the rule. */
export const events: Principal = { kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn };

/** A statement of a policy. */
export type Statement = Record<string, unknown>;

/** A policy of these statements. */
export const policy = (...statements: Statement[]) => ({ Version: '2012-10-17', Statement: statements });

/** A statement that allows sending to the queue; `more` goes over it. */
export const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: queue,
  ...more,
});

/** A statement that denies sending to the queue; `more` goes over it. */
export const deny = (more: Statement = {}): Statement => ({
  Effect: 'Deny',
  Action: 'sqs:SendMessage',
  Resource: queue,
  ...more,
});

/** A statement of a trust policy. */
export const trust = (more: Statement): Statement => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...more });
/** Part of a statement of a resource-based policy. */
export const everybody = { Principal: '*' };

/** The statements of each policy: of the role, of the queue, of the key, and of who may assume the role. */
export interface World {
  identity?: Statement[];
  resource?: Statement[];
  key?: Statement[];
  trust?: Statement[];
}

/** An account with two roles, a queue and a key. */
export function world({ identity, resource, key: keyPolicy, trust: trusts }: World): Iam {
  const iam = new Iam(account, { region, clock: simulatedClock() });
  const trustPolicy = policy(trust({ Principal: { Service: 'pipes.amazonaws.com' } }));
  iam.putRole({ arn: roleArn, name: 'relay', trustPolicy });
  iam.putRole({ arn: otherRoleArn, name: 'other', trustPolicy });
  if (trusts) iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: policy(...trusts.map(trust)) });
  if (identity) iam.putRolePolicy(roleArn, 'inline', policy(...identity));
  if (resource) iam.setResourcePolicy(queue, policy(...resource));
  if (keyPolicy) iam.setResourcePolicy(key, policy(...keyPolicy), 'key');
  return iam;
}

/** Decides a request; it is the role that sends to the queue unless told otherwise. */
export function ask(setting: World, request: Partial<AuthorizationRequest> = {}): Decision {
  return world(setting).authorize({ principal: role, action: 'sqs:SendMessage', resource: queue, ...request });
}

/** `allowed`, or why it is denied. */
export const reasonOf = (decision: Decision) => (decision.allowed ? 'allowed' : decision.reason);
/** The reason when a policy of the queue or key denies. */
export const resourceDeny = 'with an explicit deny in a resource-based policy';
