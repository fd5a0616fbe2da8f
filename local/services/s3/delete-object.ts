import { z } from 'zod';
import type { Operation } from '../../service';
import { type Buckets, addVersion, nextVersionId } from './bucket';
import { objectPermissions } from './permissions';
import { objectAddress } from './put-object';

const refused = (what: string) => z.undefined({ error: `${what} is not modelled by the local runtime` }).optional();

const input = z.object({
  ...objectAddress,
  VersionId: z.string().optional(),
  IfMatch: refused('IfMatch'),
  MFA: refused('MFA delete'),
});

type DeleteObjectInput = z.output<typeof input>;

/**
 * DeleteObject: deletes the version that is named; else, in a bucket that is or was versioned, hides the object behind a delete
 * marker. What does not exist counts as deleted.
 */
export function deleteObject(buckets: Buckets): Operation<DeleteObjectInput> {
  const { runtime } = buckets;
  return {
    input,
    permissions: ({ Bucket, Key, VersionId: id }) =>
      objectPermissions(
        runtime,
        buckets.at(Bucket),
        Key,
        id === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
      ),
    run({ Bucket: name, Key: key, VersionId: id }, call) {
      const bucket = buckets.at(name);
      const versions = bucket.objects.get(key) ?? [];
      const resource = `${bucket.arn}/${key}`;
      if (id !== undefined) {
        const version = versions.find(({ versionId }) => versionId === id);
        bucket.objects.set(
          key,
          versions.filter((one) => one !== version),
        );
        call.record({ resource, summary: `${name}/${key}: version ${id} is deleted` });
        return { VersionId: id, ...(version?.isDeleteMarker && { DeleteMarker: true }) };
      }
      if (bucket.versioning === 'Disabled') {
        bucket.objects.delete(key);
        call.record({ resource, summary: `${name}/${key} is deleted` });
        return {};
      }
      const versionId = nextVersionId(runtime, bucket);
      addVersion(bucket, {
        key,
        versionId,
        modified: runtime.clock.now(),
        body: Buffer.alloc(0),
        etag: '',
        isDeleteMarker: true,
        headers: {},
        metadata: {},
        checksums: {},
      });
      call.record({ resource, summary: `${name}/${key} is hidden by a delete marker` });
      return { DeleteMarker: true, VersionId: versionId };
    },
  };
}
