import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation } from '../../service';
import { type Bucket, type Buckets, addVersion, current, encryptionOf, etagOf, nextVersionId } from './bucket';
import { objectPermissions } from './permissions';

const refused = (what: string) => z.undefined({ error: `${what} is not modelled by the local runtime` }).optional();

/** Bucket and key of an object. */
export const objectAddress = {
  Bucket: z.string(),
  Key: z
    .string()
    .min(1)
    .refine((key) => Buffer.byteLength(key) <= 1024, 'is longer than 1024 bytes'),
  ExpectedBucketOwner: z.string().optional(),
};

const described = {
  CacheControl: z.string().optional(),
  ContentDisposition: z.string().optional(),
  ContentEncoding: z.string().optional(),
  ContentLanguage: z.string().optional(),
  ContentType: z.string().default('binary/octet-stream'),
  Expires: z.string().optional(),
};

const checksums = {
  ChecksumCRC32: z.string().optional(),
  ChecksumCRC32C: z.string().optional(),
  ChecksumCRC64NVME: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
};

const input = z.object({
  ...objectAddress,
  ...described,
  ...checksums,
  Body: z
    .union([z.string(), z.instanceof(Uint8Array)])
    .default('')
    .transform((body) => Buffer.from(body)),
  ContentMD5: z.string().optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.literal('*', 'only * is possible').optional(),
  Metadata: z.record(z.string(), z.string()).default({}),
  /** Without effect: buckets belong to one account and are never public. */
  ACL: z.enum(['private', 'bucket-owner-full-control', 'bucket-owner-read']).optional(),
  StorageClass: z.literal('STANDARD', 'only STANDARD is modelled').optional(),
  ServerSideEncryption: refused('encryption other than the default of the bucket'),
  SSEKMSKeyId: refused('encryption other than the default of the bucket'),
  SSECustomerAlgorithm: refused('encryption with a key of the client'),
  GrantFullControl: refused('GrantFullControl'),
  GrantRead: refused('GrantRead'),
  ObjectLockLegalHoldStatus: refused('object lock'),
  ObjectLockMode: refused('object lock'),
  Tagging: refused('Tagging'),
  WebsiteRedirectLocation: refused('WebsiteRedirectLocation'),
  WriteOffsetBytes: refused('WriteOffsetBytes'),
});

type PutObjectInput = z.output<typeof input>;

const sha = (name: string) => (body: Buffer) => createHash(name).update(body).digest('base64');

function crc(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** Digests that are verified; the others are kept as the client sent them. */
const digests = {
  ContentMD5: sha('md5'),
  ChecksumCRC32: crc,
  ChecksumSHA1: sha('sha1'),
  ChecksumSHA256: sha('sha256'),
};

function checkDigests(request: PutObjectInput): void {
  for (const [member, digest] of Object.entries(digests)) {
    const given = request[member as keyof typeof digests];
    if (given === undefined || given === digest(request.Body)) continue;
    const name = member.replace('Content', 'Content-').replace('Checksum', '');
    throw new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
  }
}

/** Conditions of a write. Source: S3 user guide, "How to prevent object overwrites with conditional writes". */
function checkConditions(bucket: Bucket, { Key: key, IfMatch: match, IfNoneMatch: noneMatch }: PutObjectInput): void {
  const before = current(bucket, key);
  const failed = (Condition: string) =>
    new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
      Condition,
    });
  if (noneMatch !== undefined && before) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!before) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  if (match.replaceAll('"', '') !== before.etag.replaceAll('"', '')) throw failed('If-Match');
}

function pick(request: PutObjectInput, names: readonly string[]): Record<string, string> {
  const entries = Object.entries(request).filter(([name, value]) => names.includes(name) && value !== undefined);
  return Object.fromEntries(entries);
}

/** PutObject. */
export function putObject(buckets: Buckets): Operation<PutObjectInput> {
  const { runtime } = buckets;
  return {
    input,
    permissions: ({ Bucket, Key, IfMatch }) => [
      ...objectPermissions(runtime, buckets.at(Bucket), Key, 's3:PutObject', ['kms:GenerateDataKey']),
      ...(IfMatch === undefined ? [] : [{ action: 's3:GetObject', resource: `${buckets.at(Bucket).arn}/${Key}` }]),
    ],
    run(request, call) {
      const { Bucket: name, Key: key, Body: body } = request;
      const bucket = buckets.at(name);
      checkDigests(request);
      checkConditions(bucket, request);
      const versionId = nextVersionId(runtime, bucket);
      const etag = etagOf(bucket, body);
      addVersion(bucket, {
        key,
        versionId,
        modified: runtime.clock.now(),
        body,
        etag,
        isDeleteMarker: false,
        headers: pick(request, Object.keys(described)),
        metadata: request.Metadata,
        checksums: pick(request, Object.keys(checksums)),
      });
      call.record({ resource: `${bucket.arn}/${key}`, summary: `${name}/${key}: ${body.length} bytes` });
      return {
        ETag: etag,
        ...encryptionOf(bucket),
        ...pick(request, Object.keys(checksums)),
        ...(versionId !== 'null' && { VersionId: versionId }),
      };
    },
  };
}
