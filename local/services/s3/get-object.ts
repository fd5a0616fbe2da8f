import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Call, Operation } from '../../service';
import { type Bucket, type Buckets, type StoredObject, current, encryptionOf } from './bucket';
import { objectPermissions } from './permissions';
import { objectAddress } from './put-object';

const refused = (what: string) => z.undefined({ error: `${what} is not modelled by the local runtime` }).optional();

const input = z.object({
  ...objectAddress,
  VersionId: z.string().optional(),
  Range: z.string().optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  ChecksumMode: z.literal('ENABLED').optional(),
  ResponseCacheControl: z.string().optional(),
  ResponseContentDisposition: z.string().optional(),
  ResponseContentEncoding: z.string().optional(),
  ResponseContentLanguage: z.string().optional(),
  ResponseContentType: z.string().optional(),
  ResponseExpires: z.string().optional(),
  IfModifiedSince: refused('IfModifiedSince'),
  IfUnmodifiedSince: refused('IfUnmodifiedSince'),
  PartNumber: refused('PartNumber'),
  SSECustomerAlgorithm: refused('encryption with a key of the client'),
});

type GetObjectInput = z.output<typeof input>;

/** Who may not list the bucket is not told what is missing from it (S3 API reference, GetObject, "Permissions"). */
function missing({ runtime }: Buckets, bucket: Bucket, key: string, call: Call, marker?: StoredObject): AwsError {
  const permission = { action: 's3:ListBucket', resource: bucket.arn };
  runtime.authorize(call.principal, permission, undefined, call.parents);
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, {
    Key: key,
    ...(marker && { deleteMarker: 'true', versionId: marker.versionId }),
  });
}

function find(buckets: Buckets, request: GetObjectInput, call: Call): StoredObject {
  const { Bucket: name, Key: key, VersionId: id } = request;
  const bucket = buckets.at(name);
  if (id === undefined) {
    const found = current(bucket, key);
    if (!found) throw missing(buckets, bucket, key, call, bucket.objects.get(key)?.at(-1));
    return found;
  }
  const version = bucket.objects.get(key)?.find(({ versionId }) => versionId === id);
  if (!version) throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key });
  if (version.isDeleteMarker) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
      deleteMarker: 'true',
      versionId: id,
    });
  }
  return version;
}

function checkConditions({ etag }: StoredObject, { IfMatch: match, IfNoneMatch: noneMatch }: GetObjectInput): void {
  const isSame = (given: string) => given === '*' || given.replaceAll('"', '') === etag.replaceAll('"', '');
  if (match !== undefined && !isSame(match)) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  if (noneMatch !== undefined && isSame(noneMatch)) throw new AwsError('NotModified', 'Not Modified', 304);
}

/** The part that `Range` asks for, as start and end (exclusive); undefined for all of it. RFC 9110, section 14. */
function rangeOf(range: string | undefined, size: number): readonly [number, number] | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  if (start >= size || end <= start)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, { ActualObjectSize: size });
  return [start, end];
}

function overrides(request: GetObjectInput): object {
  const entries = Object.entries(request).filter(([name, value]) => name.startsWith('Response') && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.slice('Response'.length), value]));
}

/** GetObject, and HeadObject, which leaves the body out. */
export function getObject(buckets: Buckets, isHead: boolean): Operation<GetObjectInput> {
  const { runtime } = buckets;
  return {
    input,
    permissions: ({ Bucket, Key, VersionId: id }) =>
      objectPermissions(runtime, buckets.at(Bucket), Key, id === undefined ? 's3:GetObject' : 's3:GetObjectVersion', [
        'kms:Decrypt',
      ]),
    run(request, call) {
      const found = find(buckets, request, call);
      checkConditions(found, request);
      const size = found.body.length;
      const range = rangeOf(request.Range, size);
      const [start, end] = range ?? [0, size];
      return {
        ...(!isHead && { Body: found.body.subarray(start, end) }),
        AcceptRanges: 'bytes',
        ContentLength: end - start,
        ...(range && { ContentRange: `bytes ${start}-${end - 1}/${size}` }),
        ETag: found.etag,
        LastModified: new Date(found.modified),
        Metadata: found.metadata,
        ...encryptionOf(buckets.at(request.Bucket)),
        ...found.headers,
        ...(!isHead && overrides(request)),
        ...(request.ChecksumMode && !range && found.checksums),
        ...(found.versionId !== 'null' && { VersionId: found.versionId }),
      };
    },
  };
}
