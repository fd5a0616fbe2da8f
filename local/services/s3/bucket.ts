import { createHash } from 'node:crypto';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';

/** A version of an object. */
export interface StoredObject {
  readonly key: string;
  /** `null` for what was put while versioning was not enabled. */
  readonly versionId: string;
  /** In epoch milliseconds. */
  readonly modified: number;
  readonly body: Buffer;
  readonly etag: string;
  /** Marks the object as deleted, and has no content. */
  readonly isDeleteMarker: boolean;
  /** `ContentType` and its like, as the API names them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Checksums that the client sent, by member: `ChecksumCRC32`. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** A bucket and what is in it. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** In epoch milliseconds. */
  readonly created: number;
  readonly encryption: {
    algorithm: string;
    /** Customer managed key that objects are encrypted with. */
    keyArn?: string;
    isBucketKeyEnabled: boolean;
  };
  /** Versions of each object, oldest first. */
  readonly objects: Map<string, StoredObject[]>;
  versioning: 'Disabled' | 'Enabled' | 'Suspended';
}

/** The buckets of the runtime. */
export class Buckets {
  private readonly byName = new Map<string, Bucket>();

  constructor(readonly runtime: Runtime) {}

  /** All buckets, by name. */
  get all(): readonly Bucket[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws AwsError `NoSuchBucket` */
  at(name: string): Bucket {
    const bucket = this.byName.get(name);
    if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    return bucket;
  }

  /** @throws Error if the name is taken */
  add(name: string): Bucket {
    if (this.byName.has(name)) throw new Error(`the bucket ${name} exists already: give one of the two another name`);
    const bucket: Bucket = {
      name,
      arn: `arn:${this.runtime.partition}:s3:::${name}`,
      created: this.runtime.clock.now(),
      encryption: { algorithm: 'AES256', isBucketKeyEnabled: false },
      objects: new Map(),
      versioning: 'Disabled',
    };
    this.byName.set(name, bucket);
    return bucket;
  }
}

/** The version that a key stands for now; undefined if there is none or it is deleted. */
export function current(bucket: Bucket, key: string): StoredObject | undefined {
  const last = bucket.objects.get(key)?.at(-1);
  return last?.isDeleteMarker ? undefined : last;
}

/** Adds a version. Without versioning enabled it takes the place of the one whose id is `null`. */
export function addVersion(bucket: Bucket, version: StoredObject): void {
  const before = bucket.objects.get(version.key) ?? [];
  const kept = version.versionId === 'null' ? before.filter(({ versionId }) => versionId !== 'null') : before;
  bucket.objects.set(version.key, [...kept, version]);
}

/** Id of the next version: 32 characters if versioning is enabled. */
export function nextVersionId(runtime: Runtime, bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? runtime.random.uuid().replaceAll('-', '') : 'null';
}

/** The entity tag: MD5 of the body, unless a KMS key encrypts it (S3 API reference, "Object", ETag). */
export function etagOf(bucket: Bucket, body: Buffer): string {
  const secret = bucket.encryption.algorithm === 'aws:kms' ? bucket.arn : '';
  return `"${createHash('md5').update(secret).update(body).digest('hex')}"`;
}

/** What answers about an object say of its encryption. */
export function encryptionOf({ encryption: { algorithm, keyArn, isBucketKeyEnabled } }: Bucket): object {
  return {
    ServerSideEncryption: algorithm,
    ...(keyArn && { SSEKMSKeyId: keyArn }),
    ...(isBucketKeyEnabled && { BucketKeyEnabled: true }),
  };
}
