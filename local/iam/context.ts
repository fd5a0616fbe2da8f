import type { Clock } from '../clock';
import type { Principal } from '../principal';
import type { Permission } from '../service';
import type { Keys } from './pattern';

/** Where and when requests are made. */
export interface Place {
  readonly region: string;
  readonly clock: Clock;
}

/** What the global condition keys are worked out from. */
export interface KeySource extends Permission {
  readonly principal: Principal;
  readonly accountId: string;
  readonly place: Place | undefined;
  /** Tags of the resource, as far as they are modelled. */
  readonly tags?: Tags | undefined;
}

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

type Derive = (source: KeySource) => string | undefined;

const human: Derive = ({ principal }) => (principal.kind === 'service' ? undefined : '127.0.0.1');
const account: Derive = ({ principal, accountId }) => (principal.kind === 'service' ? undefined : accountId);

/**
 * The global condition keys that requests have here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const derived: Readonly<Record<string, Derive>> = {
  'aws:principalarn': ({ principal }) =>
    principal.kind === 'role' ? principal.roleArn : principal.kind === 'user' ? principal.arn : undefined,
  'aws:principalaccount': account,
  'aws:principaltype': ({ principal }) => ({ user: 'User', role: 'AssumedRole', service: undefined })[principal.kind],
  'aws:principalisawsservice': ({ principal }) => String(principal.kind === 'service'),
  'aws:principalservicename': ({ principal }) => (principal.kind === 'service' ? principal.service : undefined),
  'aws:username': ({ principal }) =>
    principal.kind === 'user' ? principal.arn.slice(principal.arn.lastIndexOf('/') + 1) : undefined,
  'aws:sourcearn': ({ principal }) => (principal.kind === 'service' ? principal.sourceArn : undefined),
  'aws:sourceaccount': ({ principal, accountId }) =>
    principal.kind === 'service' ? principal.sourceArn.split(':')[4] || accountId : undefined,
  'aws:sourceip': human,
  'aws:securetransport': () => 'true',
  'aws:viaawsservice': ({ context }) => String(context?.['kms:ViaService'] !== undefined),
  'aws:resourceaccount': ({ resource, accountId }) =>
    resource === '*' ? undefined : resource.split(':')[4] || accountId,
  'aws:requestedregion': ({ place }) => place?.region,
  'aws:currenttime': ({ place }) => place && new Date(place.clock.now()).toISOString(),
  'aws:epochtime': ({ place }) => place && String(Math.floor(place.clock.now() / 1000)),
  'kms:calleraccount': account,
};

/** Keys that requests never have here: there is no organization, VPC, federation or MFA device. */
const absent =
  /^aws:(principalorg(id|paths)|source(org(id|paths)|vpc(e|arn)?)|resourceorg(id|paths)|vpcsourceip|multifactorauth(age|present)|federatedprovider|referer)$/;

const needsPlace = /^aws:(requestedregion|currenttime|epochtime)$/;

const resourceTag = 'aws:resourcetag/';
const tagKeys = /^aws:(resourcetag|requesttag)\//;

/**
 * Whether requests can have a value for a condition key, or are known to have none. Keys of a service (`sqs:`, `kms:`) are that
 * service's to fill in and count as known. Tags are those of KMS keys: other services differ in where they look at them.
 *
 * @param actions of the statement that the key is in
 */
export function isKnownKey(key: string, place: Place | undefined, actions: readonly string[]): boolean {
  const name = key.toLowerCase();
  if (!name.startsWith('aws:')) return true;
  if (tagKeys.test(name)) return actions.length > 0 && actions.every((action) => /^kms:/i.test(action));
  return absent.test(name) || (name in derived && (place !== undefined || !needsPlace.test(name)));
}

/** The condition keys of a request; what its context says goes before what is worked out. */
export function keysOf(source: KeySource): Keys {
  const given = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(source.context ?? {})) {
    if (value !== undefined) given.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return (key) => {
    const own = given.get(key);
    if (own) return own;
    const value = key.startsWith(resourceTag)
      ? tagOf(source.tags, key.slice(resourceTag.length))
      : derived[key]?.(source);
    return value === undefined ? undefined : [value];
  };
}

/** @param name in lower case: condition keys do not tell cases apart */
function tagOf(tags: Tags = {}, name: string): string | undefined {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1];
}
