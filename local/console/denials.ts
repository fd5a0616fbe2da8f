import type { DecidedBy } from '../iam';
import type { Hop, Timeline } from '../timeline';

/** A call that IAM refused, and what would have allowed it. */
export interface Denial {
  readonly id: number;
  readonly time: number;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
  /** How often the same was denied. */
  readonly count: number;
  /** What to do, in a sentence. */
  readonly remedy: string;
  /** The statement that would have allowed it; none where a deny must go. */
  readonly statement?: Readonly<Record<string, unknown>>;
}

/** Denials shown: the last ones, equal ones once. */
const limit = 200;

/** What IAM denied, newest first. */
export function denialsIn(timeline: Timeline): Denial[] {
  const found = new Map<string, Denial>();
  const denied = timeline.hops.filter(({ outcome }) => outcome === 'denied');
  for (const hop of denied.toReversed()) {
    const key = `${hop.principal} ${String(hop.data?.action)} ${hop.resource}`;
    const known = found.get(key);
    if (known) found.set(key, { ...known, count: known.count + 1 });
    else if (found.size < limit) found.set(key, denialOf(hop));
  }
  return [...found.values()];
}

function denialOf({ id, time, principal = '', resource, summary, data }: Hop): Denial {
  const action = String(data?.action);
  const reason = /(?:because|with an explicit deny).*$/.exec(summary)?.[0] ?? summary;
  const common = { id, time, principal, action, resource, reason, count: 1 };
  if (summary.endsWith('a fault denies it')) return { ...common, remedy: 'A fault denies it: clear the fault.' };
  const by = data?.deniedBy as DecidedBy | undefined;
  if (by) {
    const remedy = `Statement ${by.statement} of ${by.policy} denies it, whatever else allows it: take it out or narrow it.`;
    return { ...common, remedy };
  }
  if (data?.boundary) {
    const remedy = `Put this into the permissions boundary of the role, ${data.boundary as string}.`;
    return { ...common, remedy, statement: { Effect: 'Allow', Action: action, Resource: resource } };
  }
  return { ...common, ...remedyFor({ principal, action, resource, sourceArn: data?.sourceArn as string | undefined }) };
}

interface Refused {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly sourceArn: string | undefined;
}

/** The narrowest statement, and the policy that it belongs to. */
function remedyFor({ principal, action, resource, sourceArn }: Refused): Pick<Denial, 'remedy' | 'statement'> {
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
  const allow = { Effect: 'Allow', Action: action };
  if (action === 'sts:AssumeRole') {
    return {
      remedy: `Put this into the trust policy of ${resource}.`,
      statement: { ...allow, Principal: { Service: principal } },
    };
  }
  if (role)
    return { remedy: `Put this into a policy of the role ${role}.`, statement: { ...allow, Resource: resource } };
  const Principal = principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
  return {
    remedy: `Put this into the policy of ${resource}.`,
    statement: {
      ...allow,
      Principal,
      Resource: resource,
      ...(sourceArn && { Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } } }),
    },
  };
}
