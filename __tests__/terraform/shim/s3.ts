import { type Answer, type Gap } from './gap';

const bucketPolicy = /^\/([^/?]+)\/?\?(?:[^#]*&)?policy(?:=?$|=?&)/;

/**
 * The mock obeys the policy of a bucket without looking at its conditions, so that `TlsOnly` would shut everybody out.
 * Here the policy is kept and given back.
 */
export function bucketPolicies(): Gap {
  const kept = new Map<string, Buffer>();
  const done = (status: number, body: Buffer = Buffer.alloc(0)): Answer => ({ status, headers: {}, body });
  return async (asked, next) => {
    const [, bucket] = bucketPolicy.exec(asked.path) ?? [];
    if (!bucket) return next(asked);
    const policy = kept.get(bucket);
    if (asked.method === 'PUT') kept.set(bucket, asked.body);
    else if (asked.method === 'DELETE') kept.delete(bucket);
    else return policy ? { ...done(200, policy), headers: { 'content-type': 'application/json' } } : next(asked);
    return done(204);
  };
}
