import type { Runtime } from '../runtime';
import type { Service } from '../service';
import { Buckets } from './s3/bucket';
import { deleteObject } from './s3/delete-object';
import { getObject } from './s3/get-object';
import { listOperations } from './s3/list';
import { putObject } from './s3/put-object';
import { bucketResources } from './s3/resources';

/** Amazon S3: objects that are put in one piece, versions, conditions, listings, policy and encryption. */
export function s3(runtime: Runtime): Service {
  const buckets = new Buckets(runtime);
  return {
    name: 's3',
    operations: {
      PutObject: putObject(buckets),
      GetObject: getObject(buckets, false),
      HeadObject: getObject(buckets, true),
      DeleteObject: deleteObject(buckets),
      ...listOperations(buckets),
    },
    resources: bucketResources(buckets),
    errors: {
      accessDenied: { code: 'AccessDenied', status: 403 },
      throttled: { code: 'SlowDown', status: 503 },
      validation: { code: 'InvalidRequest', status: 400 },
      internal: { code: 'InternalError', status: 500 },
    },
  };
}
