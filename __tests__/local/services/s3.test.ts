import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import type { Resource } from '../../../local/service';
import { kms } from '../../../local/services/kms';
import { s3 } from '../../../local/services/s3';

const name = 'state';
const arn = 'arn:aws:s3:::state';

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
  expect(await call('GetObject', { Key: 'a' })).toEqual({ Body: '2' });
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
  expect(await runtime.call({ ...request, principal })).toEqual({ Body: '1' });
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
