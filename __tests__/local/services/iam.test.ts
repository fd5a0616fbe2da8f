import { Runtime } from '../../../local/runtime';
import { iam } from '../../../local/services/iam';
import { seededRandom } from '../../../local/random';
import { simulatedClock } from '../../../local/clock';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
});
const publish = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' },
});

function setUp() {
  const runtime = new Runtime({
    clock: simulatedClock(),
    random: seededRandom(1),
    region: 'eu-central-1',
    accountId: '123456789012',
  });
  const service = iam(runtime);
  runtime.register(service);
  const create = async (type: string, name: string, given: Record<string, unknown>) => {
    const resource = service.resources[type]!;
    return resource.create({
      address: `core/${type}.${name}`,
      stack: 'core',
      type,
      name,
      arguments: resource.arguments.parse(given),
    });
  };
  const role = (more: Record<string, unknown> = {}) =>
    create('aws_iam_role', 'relay', { name: 'relay', assume_role_policy: trust, ...more });
  const call = (operation: string, input: Record<string, unknown> = {}) =>
    runtime.call({ service: 'iam', operation, input, principal: runtime.administrator });
  const canPublish = (roleArn: string) =>
    runtime.iam.authorize({
      principal: { kind: 'role', roleArn, arn: `${roleArn}/one` },
      action: 'sns:Publish',
      resource: '*',
    }).allowed;
  return { runtime, create, role, call, canPublish };
}

const relayArn = 'arn:aws:iam::123456789012:role/relay';

describe('roles', () => {
  test('have the attributes that others refer to', async () => {
    const { role, runtime } = setUp();
    expect(await role()).toEqual({
      id: 'relay',
      arn: relayArn,
      unique_id: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      create_date: '2026-01-01T00:00:00Z',
    });
    expect(runtime.iam.hasRole(relayArn)).toBe(true);
  });

  test('may have a path', async () => {
    const { role } = setUp();
    expect(await role({ path: '/pipes/' })).toMatchObject({
      id: 'relay',
      arn: 'arn:aws:iam::123456789012:role/pipes/relay',
    });
  });

  test('give sessions to those whom they trust', async () => {
    const { role, runtime } = setUp();
    runtime.register({ ...iam(runtime), name: 'sts' });
    await role();
    const functionArn = runtime.arn('lambda', 'function:f');
    expect(runtime.assumeRole(relayArn, 'lambda.amazonaws.com', functionArn, 'one')).toMatchObject({
      roleArn: relayArn,
    });
    expect(() => runtime.assumeRole(relayArn, 'pipes.amazonaws.com', functionArn, 'one')).toThrow(
      `User: pipes.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${relayArn} because no role trust policy allows the sts:AssumeRole action`,
    );
  });

  test('have names of their own', async () => {
    const { role } = setUp();
    await role();
    await expect(role()).rejects.toMatchObject({
      code: 'EntityAlreadyExists',
      message: 'Role with name relay already exists.',
    });
  });

  test.each<[Record<string, unknown>, string]>([
    [{ inline_policy: [] }, 'write inline policies as aws_iam_role_policy'],
    [{ managed_policy_arns: ['a'] }, 'aws_iam_role_policy_attachment'],
    [{ permissions_boundary: 'arn:aws:iam::aws:policy/PowerUserAccess' }, 'PowerUserAccess into an aws_iam_policy'],
    [{ name: undefined }, 'generated names are not modelled'],
    [{ name: 'a b' }, 'must have 1 to 64'],
    [{ path: 'pipes' }, 'must begin and end with /'],
    [{ max_session_duration: 60 }, 'expected number to be >=3600'],
    [{ color: 'red' }, 'Unrecognized key'],
  ])('refuse %j', async (more, message) => {
    await expect(setUp().role(more)).rejects.toThrow(message);
  });

  test('refuse a trust policy that AWS refuses', async () => {
    await expect(setUp().role({ assume_role_policy: publish })).rejects.toMatchObject({
      code: 'MalformedPolicyDocument',
    });
    const long = JSON.stringify({ ...JSON.parse(trust), Id: 'x'.repeat(2000) });
    await expect(setUp().role({ assume_role_policy: long })).rejects.toMatchObject({
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    });
  });
});

describe('policies of roles', () => {
  test('allow what they say', async () => {
    const { role, create, canPublish } = setUp();
    await role();
    expect(canPublish(relayArn)).toBe(false);
    expect(await create('aws_iam_role_policy', 'p', { name: 'publish', role: 'relay', policy: publish })).toEqual({
      id: 'relay:publish',
    });
    expect(canPublish(relayArn)).toBe(true);
  });

  test('need their role, a name of their own and room', async () => {
    const { role, create } = setUp();
    const put = (more: Record<string, unknown> = {}) =>
      create('aws_iam_role_policy', 'p', { name: 'publish', role: 'relay', policy: publish, ...more });
    await expect(put()).rejects.toMatchObject({
      code: 'NoSuchEntity',
      message: 'The role with name relay cannot be found.',
    });
    await role();
    await put();
    await expect(put()).rejects.toMatchObject({ code: 'EntityAlreadyExists' });
    await expect(put({ name: 'other', policy: '{}' })).rejects.toMatchObject({ code: 'MalformedPolicyDocument' });
    const long = JSON.stringify({ ...JSON.parse(publish), Id: 'x'.repeat(10_200) });
    await expect(put({ name: 'long', policy: long })).rejects.toThrow(
      'Maximum policy size of 10240 bytes exceeded for role relay',
    );
  });

  test('may be managed by the customer', async () => {
    const { role, create, canPublish } = setUp();
    await role();
    const policyArn = 'arn:aws:iam::123456789012:policy/publish';
    await expect(
      create('aws_iam_role_policy_attachment', 'a', { role: 'relay', policy_arn: policyArn }),
    ).rejects.toMatchObject({ code: 'NoSuchEntity' });
    const created = await create('aws_iam_policy', 'p', { name: 'publish', policy: publish });
    expect(created).toEqual({ id: policyArn, arn: policyArn, policy_id: expect.stringMatching(/^ANPA/) });
    expect(canPublish(relayArn)).toBe(false);
    await create('aws_iam_role_policy_attachment', 'a', { role: 'relay', policy_arn: policyArn });
    expect(canPublish(relayArn)).toBe(true);
    await expect(create('aws_iam_policy', 'q', { name: 'publish', policy: publish })).rejects.toMatchObject({
      code: 'EntityAlreadyExists',
    });
    await expect(create('aws_iam_policy', 'r', { name: 'bad', policy: trust })).rejects.toThrow(
      'Policy statement must contain resources.',
    );
  });

  test('managed by AWS are refused by name', async () => {
    const { role, create } = setUp();
    await role();
    const policy_arn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await expect(create('aws_iam_role_policy_attachment', 'a', { role: 'relay', policy_arn })).rejects.toThrow(
      /AWSLambdaBasicExecutionRole into an aws_iam_role_policy/,
    );
  });
});

describe('permissions boundaries', () => {
  const boundary = 'arn:aws:iam::123456789012:policy/limit';
  const nothing = publish.replace('sns:Publish', 'sns:Subscribe');

  test('limit what a role may do, and are told of it', async () => {
    const { role, create, call, canPublish } = setUp();
    await create('aws_iam_policy', 'b', { name: 'limit', policy: nothing });
    await role({ permissions_boundary: boundary });
    await create('aws_iam_role_policy', 'p', { name: 'publish', role: 'relay', policy: publish });
    expect(canPublish(relayArn)).toBe(false);
    const { Role } = await call('GetRole', { RoleName: 'relay' });
    expect(Role.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: boundary,
    });
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
    expect((await call('ListRoles')).Roles[0]).not.toHaveProperty('PermissionsBoundary');
  });

  test('allow nothing by themselves', async () => {
    const { role, create, canPublish } = setUp();
    await create('aws_iam_policy', 'b', { name: 'limit', policy: publish });
    await role({ permissions_boundary: boundary });
    expect(canPublish(relayArn)).toBe(false);
    await create('aws_iam_role_policy', 'p', { name: 'publish', role: 'relay', policy: publish });
    expect(canPublish(relayArn)).toBe(true);
  });

  test('must be there before the role, and where they are looked for is said', async () => {
    await expect(setUp().role({ permissions_boundary: boundary })).rejects.toMatchObject({
      code: 'NoSuchEntity',
      message: expect.stringMatching(
        /^Scope ARN: arn:aws:iam::123456789012:policy\/limit does not exist or is not attachable\. \(.*aws_iam_policy of all stacks\)$/,
      ),
    });
  });
});

test('a provider of identities has the ARN of its address', async () => {
  const { create, role } = setUp();
  const url = 'https://token.actions.githubusercontent.com';
  const arn = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
  const given = { url, client_id_list: ['sts.amazonaws.com'] };
  expect(await create('aws_iam_openid_connect_provider', 'g', given)).toMatchObject({ id: arn, arn });
  await expect(create('aws_iam_openid_connect_provider', 'g', { ...given, url: 'http://x' })).rejects.toThrow(
    'must begin with https://',
  );
  const Statement = { Effect: 'Allow', Principal: { Federated: arn }, Action: 'sts:AssumeRoleWithWebIdentity' };
  const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement });
  expect(await role({ assume_role_policy: trustPolicy })).toMatchObject({ arn: relayArn });
});

describe('operations', () => {
  test('tell of roles', async () => {
    const { role, call } = setUp();
    await role({ description: 'relays', tags: { stack: 'core' } });
    const described = {
      Path: '/',
      RoleName: 'relay',
      RoleId: expect.stringMatching(/^AROA/),
      Arn: relayArn,
      CreateDate: '2026-01-01T00:00:00Z',
      AssumeRolePolicyDocument: encodeURIComponent(trust),
      Description: 'relays',
      MaxSessionDuration: 3600,
    };
    expect(await call('GetRole', { RoleName: 'relay' })).toEqual({
      Role: { ...described, Tags: [{ Key: 'stack', Value: 'core' }] },
    });
    expect(await call('ListRoles')).toEqual({ Roles: [described], IsTruncated: false });
    expect(await call('ListRoles', { PathPrefix: '/pipes/' })).toEqual({ Roles: [], IsTruncated: false });
    await expect(call('GetRole', { RoleName: 'gone' })).rejects.toMatchObject({ code: 'NoSuchEntity', status: 404 });
  });

  test('tell of roles page by page', async () => {
    const { role, call } = setUp();
    for (const name of ['c', 'a', 'b']) await role({ name });
    const first = await call('ListRoles', { MaxItems: '2' });
    expect(first).toMatchObject({ Roles: [{ RoleName: 'a' }, { RoleName: 'b' }], IsTruncated: true });
    expect(await call('ListRoles', { MaxItems: 2, Marker: first.Marker })).toMatchObject({
      Roles: [{ RoleName: 'c' }],
      IsTruncated: false,
    });
    await expect(call('ListRoles', { Marker: 'x' })).rejects.toMatchObject({ code: 'ValidationError' });
  });

  test('tell of inline policies', async () => {
    const { role, create, call } = setUp();
    await role();
    await create('aws_iam_role_policy', 'p', { name: 'publish', role: 'relay', policy: publish });
    expect(await call('ListRolePolicies', { RoleName: 'relay' })).toEqual({
      PolicyNames: ['publish'],
      IsTruncated: false,
    });
    expect(await call('GetRolePolicy', { RoleName: 'relay', PolicyName: 'publish' })).toEqual({
      RoleName: 'relay',
      PolicyName: 'publish',
      PolicyDocument: encodeURIComponent(publish),
    });
    await expect(call('GetRolePolicy', { RoleName: 'relay', PolicyName: 'x' })).rejects.toThrow(
      'The role policy with name x cannot be found.',
    );
  });

  test('are for those who may', async () => {
    const { role, runtime } = setUp();
    await role();
    const principal = { kind: 'role', roleArn: relayArn, arn: `${relayArn}/one` } as const;
    await expect(
      runtime.call({ service: 'iam', operation: 'GetRole', input: { RoleName: 'relay' }, principal }),
    ).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: expect.stringContaining('because no identity-based policy allows the iam:GetRole action'),
    });
  });
});
