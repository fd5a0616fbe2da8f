/** Where an operation of S3 is found. Source: botocore 1.43, service model of s3. */
export interface S3Route {
  readonly operation: string;
  readonly method: string;
  /** What the path names: nothing, a bucket, or an object. */
  readonly level: 'service' | 'bucket' | 'object';
  /** Query parameter that tells the operation from others. */
  readonly marker?: { readonly name: string; readonly value: string };
  /** Query parameter -> member of the input; any other parameter is of an operation that is not run here. */
  readonly query: Readonly<Record<string, string>>;
  /** Root element of the answer. @default the answer has no document */
  readonly result?: string;
  /** Status of a success. @default 200 */
  readonly status?: number;
}

const version = { versionId: 'VersionId' };
const overrides = {
  'response-cache-control': 'ResponseCacheControl',
  'response-content-disposition': 'ResponseContentDisposition',
  'response-content-encoding': 'ResponseContentEncoding',
  'response-content-language': 'ResponseContentLanguage',
  'response-content-type': 'ResponseContentType',
  'response-expires': 'ResponseExpires',
  partNumber: 'PartNumber',
};

/** All operations of S3 that the gateway can find. */
export const s3Routes: readonly S3Route[] = [
  {
    operation: 'ListBuckets',
    method: 'GET',
    level: 'service',
    query: {
      'max-buckets': 'MaxBuckets',
      'continuation-token': 'ContinuationToken',
      prefix: 'Prefix',
      'bucket-region': 'BucketRegion',
    },
    result: 'ListAllMyBucketsResult',
  },
  {
    operation: 'ListObjectsV2',
    method: 'GET',
    level: 'bucket',
    marker: { name: 'list-type', value: '2' },
    query: {
      delimiter: 'Delimiter',
      'encoding-type': 'EncodingType',
      'max-keys': 'MaxKeys',
      prefix: 'Prefix',
      'continuation-token': 'ContinuationToken',
      'fetch-owner': 'FetchOwner',
      'start-after': 'StartAfter',
    },
    result: 'ListBucketResult',
  },
  { operation: 'HeadBucket', method: 'HEAD', level: 'bucket', query: {} },
  { operation: 'PutObject', method: 'PUT', level: 'object', query: {} },
  { operation: 'GetObject', method: 'GET', level: 'object', query: { ...version, ...overrides } },
  { operation: 'HeadObject', method: 'HEAD', level: 'object', query: { ...version, ...overrides } },
  { operation: 'DeleteObject', method: 'DELETE', level: 'object', query: version, status: 204 },
];

/** Begins the headers that are an object's own metadata. */
export const metadataPrefix = 'x-amz-meta-';

/** Header, in lower case -> member of inputs and outputs. */
export const headerMembers: Readonly<Record<string, string>> = {
  'accept-ranges': 'AcceptRanges',
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-length': 'ContentLength',
  'content-md5': 'ContentMD5',
  'content-range': 'ContentRange',
  'content-type': 'ContentType',
  etag: 'ETag',
  expires: 'Expires',
  'if-match': 'IfMatch',
  'if-modified-since': 'IfModifiedSince',
  'if-none-match': 'IfNoneMatch',
  'if-unmodified-since': 'IfUnmodifiedSince',
  'last-modified': 'LastModified',
  range: 'Range',
  'x-amz-acl': 'ACL',
  'x-amz-bucket-region': 'BucketRegion',
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-crc32c': 'ChecksumCRC32C',
  'x-amz-checksum-crc64nvme': 'ChecksumCRC64NVME',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
  'x-amz-checksum-type': 'ChecksumType',
  'x-amz-delete-marker': 'DeleteMarker',
  'x-amz-expected-bucket-owner': 'ExpectedBucketOwner',
  'x-amz-grant-full-control': 'GrantFullControl',
  'x-amz-grant-read': 'GrantRead',
  'x-amz-mfa': 'MFA',
  'x-amz-object-lock-legal-hold': 'ObjectLockLegalHoldStatus',
  'x-amz-object-lock-mode': 'ObjectLockMode',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-server-side-encryption-bucket-key-enabled': 'BucketKeyEnabled',
  'x-amz-server-side-encryption-customer-algorithm': 'SSECustomerAlgorithm',
  'x-amz-storage-class': 'StorageClass',
  'x-amz-tagging': 'Tagging',
  'x-amz-version-id': 'VersionId',
  'x-amz-website-redirect-location': 'WebsiteRedirectLocation',
  'x-amz-write-offset-bytes': 'WriteOffsetBytes',
};
