import { z } from 'zod';
import type { Operation, Service } from '../../service';
import { paginate } from '../pages';
import { type Bucket, type Buckets, type StoredObject, current } from './bucket';

const refused = (what: string) => z.undefined({ error: `${what} is not modelled by the local runtime` }).optional();

/** Keys a page holds at most: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const pageSize = 1000;

const listInput = z.object({
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  EncodingType: z.literal('url').optional(),
  MaxKeys: z.coerce.number().int().min(0).default(pageSize),
  ContinuationToken: z.string().optional(),
  StartAfter: z.string().optional(),
  FetchOwner: z.enum(['true', 'false']).optional(),
  ExpectedBucketOwner: z.string().optional(),
});

type ListInput = z.output<typeof listInput>;

const bucketsInput = z.object({
  Prefix: z.string().default(''),
  MaxBuckets: refused('MaxBuckets'),
  ContinuationToken: refused('ContinuationToken'),
  BucketRegion: z.string().optional(),
});

const headInput = z.object({ Bucket: z.string(), ExpectedBucketOwner: z.string().optional() });

/** What a listing shows: an object, or what a group of keys begins with. */
type Line = { readonly name: string; readonly object?: StoredObject };

function linesOf(bucket: Bucket, { Prefix: prefix, Delimiter: delimiter, StartAfter: after = '' }: ListInput): Line[] {
  const lines = new Map<string, Line>();
  for (const key of bucket.objects.keys()) {
    const object = current(bucket, key);
    if (!object || !key.startsWith(prefix) || key <= after) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const name = end < 0 ? key : key.slice(0, end + delimiter!.length);
    lines.set(name, end < 0 ? { name, object } : { name });
  }
  return [...lines.values()].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function listObjects(buckets: Buckets): Operation<ListInput> {
  return {
    input: listInput,
    permissions: ({ Bucket, Prefix, Delimiter, MaxKeys }) => [
      {
        action: 's3:ListBucket',
        resource: buckets.at(Bucket).arn,
        context: {
          's3:prefix': Prefix,
          's3:max-keys': String(MaxKeys),
          ...(Delimiter && { 's3:delimiter': Delimiter }),
        },
      },
    ],
    run(request) {
      const limit = Math.min(request.MaxKeys, pageSize);
      const found = limit === 0 ? [] : linesOf(buckets.at(request.Bucket), request);
      const { items, next } = paginate(found, limit, request.ContinuationToken, 'InvalidArgument');
      const text = (name: string) => (request.EncodingType ? encodeURIComponent(name).replaceAll('%2F', '/') : name);
      return {
        Name: request.Bucket,
        Prefix: text(request.Prefix),
        ...(request.Delimiter && { Delimiter: text(request.Delimiter) }),
        ...(request.EncodingType && { EncodingType: request.EncodingType }),
        ...(request.StartAfter !== undefined && { StartAfter: text(request.StartAfter) }),
        ...(request.ContinuationToken !== undefined && { ContinuationToken: request.ContinuationToken }),
        MaxKeys: limit,
        KeyCount: items.length,
        IsTruncated: next !== undefined,
        ...(next !== undefined && { NextContinuationToken: next }),
        Contents: items.flatMap(({ name, object }) => (object ? [describe(text(name), object)] : [])),
        CommonPrefixes: items.flatMap(({ name, object }) => (object ? [] : [{ Prefix: text(name) }])),
      };
    },
  };
}

function describe(key: string, { modified, etag, body }: StoredObject) {
  return { Key: key, LastModified: new Date(modified), ETag: etag, Size: body.length, StorageClass: 'STANDARD' };
}

/** S3's operations that say what there is. */
export function listOperations(buckets: Buckets): Service['operations'] {
  const { runtime } = buckets;
  const listBuckets: Operation<z.output<typeof bucketsInput>> = {
    input: bucketsInput,
    permissions: () => [{ action: 's3:ListAllMyBuckets', resource: `arn:${runtime.partition}:s3:::*` }],
    run: ({ Prefix: prefix, BucketRegion: region = runtime.region }) => ({
      Owner: { ID: runtime.accountId },
      Buckets: buckets.all
        .filter(({ name }) => region === runtime.region && name.startsWith(prefix))
        .map(({ name, created }) => ({ Name: name, CreationDate: new Date(created), BucketRegion: region })),
    }),
  };
  const headBucket: Operation<z.output<typeof headInput>> = {
    input: headInput,
    permissions: ({ Bucket }) => [{ action: 's3:ListBucket', resource: buckets.at(Bucket).arn }],
    run: () => ({ BucketRegion: runtime.region }),
  };
  return { ListBuckets: listBuckets, HeadBucket: headBucket, ListObjectsV2: listObjects(buckets) };
}
