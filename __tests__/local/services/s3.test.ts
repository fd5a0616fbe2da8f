import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import type { Resource } from '../../../local/service';
import { kms } from '../../../local/services/kms';
import { s3 } from '../../../local/services/s3';

const name = 'state';
const arn = 'arn:aws:s3:::state';

/** A session of a role that may do what is given, and nothing else. */
function roleThatMay(runtime: Runtime, ...statements: object[]) {
  const roleArn = 'arn:aws:iam::000000000000:role/caller';
  const document = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  runtime.iam.putRole({ arn: roleArn, name: 'caller', trustPolicy: document([trust]) });
  const allowed = statements.map((statement) => Object.assign(statement, { Effect: 'Allow' }));
  runtime.iam.putRolePolicy(roleArn, 'objects', document(allowed));
  return { kind: 'role', roleArn, arn: `${roleArn}/session` } as const;
}

/** A runtime with an empty bucket, and what makes more of it. */
async function setUp() {
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region: 'eu-central-1' });
  const services = [s3(runtime), kms(runtime)];
  for (const service of services) runtime.register(service);
  const types = Object.assign({}, ...services.map(({ resources }) => resources));
  const make = async (type: string, args: object) => {
    const resource: Resource<unknown> = {
      address: `test/${type}.it`,
      stack: 'test',
      type,
      name: 'it',
      arguments: types[type].arguments.parse(args),
    };
    return types[type].create(resource);
  };
  const call = async (operation: string, input: object, context = {}) =>
    runtime.call({
      service: 's3',
      operation,
      input: { Bucket: name, ...input },
      principal: runtime.administrator,
      context,
    });
  expect(await make('aws_s3_bucket', { bucket: name })).toMatchObject({ id: name, arn });
  return { runtime, make, call };
}

test('what was put last is got', async () => {
  const { call } = await setUp();
  await call('PutObject', { Key: 'a', Body: '1' });
  await call('PutObject', { Key: 'a', Body: '2' });
  expect(await call('GetObject', { Key: 'a' })).toMatchObject({ Body: Buffer.from('2'), ContentLength: 1 });
});

test('a missing bucket and a missing object are named', async () => {
  const { call } = await setUp();
  await expect(call('GetObject', { Key: 'a' })).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
  await expect(call('GetObject', { Bucket: 'other', Key: 'a' })).rejects.toMatchObject({ code: 'NoSuchBucket' });
});

test('the policy of the bucket rules its objects', async () => {
  const { make, call } = await setUp();
  const Statement = [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ];
  await make('aws_s3_bucket_policy', { bucket: name, policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
  await call('PutObject', { Key: 'a', Body: '1' });
  await expect(call('GetObject', { Key: 'a' }, { 'aws:SecureTransport': 'false' })).rejects.toMatchObject({
    code: 'AccessDenied',
    status: 403,
  });
});

test('an encrypted bucket needs the right to use its key', async () => {
  const { runtime, make, call } = await setUp();
  const allow = (statement: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const Principal = { AWS: 'arn:aws:iam::000000000000:root' };
  const key = await make('aws_kms_key', {
    policy: JSON.stringify(allow({ Principal, Action: 'kms:*', Resource: '*' })),
  });
  const rule = { apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: key.arn } };
  await make('aws_s3_bucket_server_side_encryption_configuration', { bucket: name, rule: [rule] });
  await call('PutObject', { Key: 'a', Body: '1' });

  const roleArn = 'arn:aws:iam::000000000000:role/reader';
  const trust = allow({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  runtime.iam.putRole({ arn: roleArn, name: 'reader', trustPolicy: trust });
  runtime.iam.putRolePolicy(roleArn, 'objects', allow({ Action: 's3:*', Resource: `${arn}/*` }));
  const request = { service: 's3', operation: 'GetObject', input: { Bucket: name, Key: 'a' } };
  const principal = { kind: 'role', roleArn, arn: `${roleArn}/session` } as const;
  await expect(runtime.call({ ...request, principal })).rejects.toThrow(/not authorized to perform: kms:Decrypt/);
  runtime.iam.putRolePolicy(roleArn, 'key', allow({ Action: 'kms:Decrypt', Resource: key.arn }));
  expect(await runtime.call({ ...request, principal })).toMatchObject({ Body: Buffer.from('1') });
});

test.each([
  ['aws_s3_bucket', { bucket: 'Not_A_Bucket' }],
  ['aws_s3_bucket', { bucket: 'b-1', acl: 'public-read' }],
  ['aws_s3_bucket_public_access_block', { bucket: name, block_public_acls: false }],
  ['aws_s3_bucket_versioning', { bucket: name, versioning_configuration: { status: 'On' } }],
])('%s refuses %j', async (type, args) => {
  const { make } = await setUp();
  await expect(make(type, args)).rejects.toMatchObject({ name: 'ZodError' });
});

test('parts of a bucket that does not exist, and a second bucket of one name, are refused', async () => {
  const { make } = await setUp();
  const versioning = { bucket: 'other', versioning_configuration: { status: 'Enabled' } };
  await expect(make('aws_s3_bucket_versioning', versioning)).rejects.toThrow('The specified bucket does not exist');
  await expect(make('aws_s3_bucket', { bucket: name })).rejects.toThrow('exists already');
});

test('bytes come back as they were put, with what describes them', async () => {
  const { call } = await setUp();
  const Body = Uint8Array.from([0, 255, 128, 10]);
  const put = await call('PutObject', { Key: 'a', Body, ContentType: 'x/y', Metadata: { order: '17' } });
  expect(put).toMatchObject({ ServerSideEncryption: 'AES256' });
  const got = await call('GetObject', { Key: 'a' });
  expect(got).toMatchObject({ ContentType: 'x/y', Metadata: { order: '17' }, ETag: put.ETag });
  expect(got.Body.equals(Body)).toBe(true);
  expect(await call('HeadObject', { Key: 'a' })).not.toHaveProperty('Body');
  expect((await call('GetObject', { Key: 'a', Range: 'bytes=1-2' })).ContentRange).toBe('bytes 1-2/4');
  expect((await call('GetObject', { Key: 'a', Range: 'bytes=-1' })).Body).toEqual(Buffer.from([10]));
  await expect(call('GetObject', { Key: 'a', Range: 'bytes=9-' })).rejects.toMatchObject({ status: 416 });
});

test('conditions', async () => {
  const { call } = await setUp();
  await expect(call('PutObject', { Key: 'a', IfMatch: '"x"' })).rejects.toMatchObject({ code: 'NoSuchKey' });
  const { ETag } = await call('PutObject', { Key: 'a', Body: '1', IfNoneMatch: '*' });
  const failed = { code: 'PreconditionFailed', status: 412 };
  await expect(call('PutObject', { Key: 'a', Body: '2', IfNoneMatch: '*' })).rejects.toMatchObject(failed);
  await expect(call('PutObject', { Key: 'a', Body: '2', IfMatch: '"x"' })).rejects.toMatchObject(failed);
  await call('PutObject', { Key: 'a', Body: '2', IfMatch: ETag });
  await expect(call('GetObject', { Key: 'a', IfMatch: ETag })).rejects.toMatchObject(failed);
  const { ETag: now } = await call('HeadObject', { Key: 'a' });
  await expect(call('GetObject', { Key: 'a', IfNoneMatch: now })).rejects.toMatchObject({ status: 304 });
});

test('a digest that does not fit the body is refused', async () => {
  const { call } = await setUp();
  const good = { Key: 'a', Body: '123456789', ChecksumCRC32: 'y/Q5Jg==', ContentMD5: 'JfnnlDI7RTiF9RgfG2JNCw==' };
  expect(await call('PutObject', good)).toMatchObject({ ETag: '"25f9e794323b453885f5181f1b624d0b"' });
  expect(await call('GetObject', { Key: 'a', ChecksumMode: 'ENABLED' })).toMatchObject({ ChecksumCRC32: 'y/Q5Jg==' });
  await expect(call('PutObject', { ...good, Body: '12345678' })).rejects.toMatchObject({ code: 'BadDigest' });
});

test('a version stays until it is named: deleting hides the object', async () => {
  const { make, call } = await setUp();
  await make('aws_s3_bucket_versioning', { bucket: name, versioning_configuration: { status: 'Enabled' } });
  const { VersionId: first } = await call('PutObject', { Key: 'a', Body: '1' });
  await call('PutObject', { Key: 'a', Body: '2' });
  const { VersionId: marker } = await call('DeleteObject', { Key: 'a' });
  await expect(call('GetObject', { Key: 'a' })).rejects.toMatchObject({ code: 'NoSuchKey' });
  expect((await call('ListObjectsV2', {})).KeyCount).toBe(0);
  expect((await call('GetObject', { Key: 'a', VersionId: first })).Body.toString()).toBe('1');
  await expect(call('GetObject', { Key: 'a', VersionId: marker })).rejects.toMatchObject({ status: 405 });
  await expect(call('GetObject', { Key: 'a', VersionId: 'x' })).rejects.toMatchObject({ code: 'NoSuchVersion' });
  expect(await call('DeleteObject', { Key: 'a', VersionId: marker })).toEqual({
    VersionId: marker,
    DeleteMarker: true,
  });
  expect((await call('GetObject', { Key: 'a' })).Body.toString()).toBe('2');
});

test('while versioning is suspended, a put replaces the version null and no other', async () => {
  const { make, call } = await setUp();
  const versioning = async (status: string) =>
    make('aws_s3_bucket_versioning', { bucket: name, versioning_configuration: { status } });
  await versioning('Enabled');
  const { VersionId: first } = await call('PutObject', { Key: 'a', Body: '1' });
  await versioning('Suspended');
  expect(await call('PutObject', { Key: 'a', Body: '2' })).not.toHaveProperty('VersionId');
  await call('PutObject', { Key: 'a', Body: '3' });
  expect((await call('GetObject', { Key: 'a', VersionId: 'null' })).Body.toString()).toBe('3');
  expect((await call('GetObject', { Key: 'a', VersionId: first })).Body.toString()).toBe('1');
});

test('listings are sorted by bytes, grouped by delimiter, and come in pages', async () => {
  const { call } = await setUp();
  for (const Key of ['b/2', 'b/1', 'a', 'ß', 'b/c/3', 'Z']) await call('PutObject', { Key, Body: 'x' });
  const keys = ({ Contents }: any) => Contents.map(({ Key }: any) => Key);
  expect(keys(await call('ListObjectsV2', {}))).toEqual(['Z', 'a', 'b/1', 'b/2', 'b/c/3', 'ß']);
  const grouped = await call('ListObjectsV2', { Prefix: 'b/', Delimiter: '/' });
  expect(keys(grouped)).toEqual(['b/1', 'b/2']);
  expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'b/c/' }]);
  const first = await call('ListObjectsV2', { MaxKeys: 4 });
  expect(first).toMatchObject({ KeyCount: 4, IsTruncated: true });
  const rest = await call('ListObjectsV2', { MaxKeys: 4, ContinuationToken: first.NextContinuationToken });
  expect(keys(first).concat(keys(rest))).toEqual(['Z', 'a', 'b/1', 'b/2', 'b/c/3', 'ß']);
  expect(rest.IsTruncated).toBe(false);
  expect(keys(await call('ListObjectsV2', { StartAfter: 'b/2', EncodingType: 'url' }))).toEqual(['b/c/3', '%C3%9F']);
});

test('who may not list is not told whether an object is missing', async () => {
  const { runtime } = await setUp();
  const get = { service: 's3', operation: 'GetObject', input: { Bucket: name, Key: 'a' } };
  const reader = roleThatMay(runtime, { Action: 's3:GetObject', Resource: `${arn}/*` });
  await expect(runtime.call({ ...get, principal: reader })).rejects.toMatchObject({
    code: 'AccessDenied',
    status: 403,
  });
  const lister = roleThatMay(runtime, { Action: ['s3:GetObject', 's3:ListBucket'], Resource: [arn, `${arn}/*`] });
  await expect(runtime.call({ ...get, principal: lister })).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
});

test('a listing may be allowed for a prefix', async () => {
  const { runtime } = await setUp();
  const Condition = { StringLike: { 's3:prefix': 'mine/*' } };
  const principal = roleThatMay(runtime, { Action: 's3:ListBucket', Resource: arn, Condition });
  const list = async (Prefix: string) =>
    runtime.call({ service: 's3', operation: 'ListObjectsV2', input: { Bucket: name, Prefix }, principal });
  expect(await list('mine/')).toMatchObject({ KeyCount: 0 });
  await expect(list('')).rejects.toMatchObject({ code: 'AccessDenied' });
});

test.each([{ Tagging: 'a=b' }, { ACL: 'public-read' }, { StorageClass: 'GLACIER' }, { IfNoneMatch: '"x"' }])(
  'PutObject refuses %j',
  async (more) => {
    const { call } = await setUp();
    await expect(call('PutObject', { Key: 'a', Body: '1', ...more })).rejects.toMatchObject({ code: 'InvalidRequest' });
  },
);
