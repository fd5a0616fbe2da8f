import { actions } from '../../constructs/grants';
import { policies, synthesize, type Synthesized } from '../synthesis';

const repository = { OUTBOX_GITHUB_REPOSITORY: 'acme/shop' };

function access(env: Record<string, string> = {}): Synthesized {
  return (synthesize({ ...repository, ...env }) as Record<string, Synthesized>)['github-access']!;
}

const stack = access();

/** Statements of the policy with the given Terraform name. */
function statementsOf(name: string, of = stack): Record<string, any>[] {
  return policies(of).find(({ address, attribute }) => address.endsWith(`.${name}`) && attribute === 'policy')!
    .statements;
}

const read = statementsOf('read');
const apply = [...statementsOf('apply-permissions'), ...statementsOf('roles')];
const plan = statementsOf('plan-permissions');

const list = (value: string | string[]) => [value].flat();

test('exists for a repository only', () => {
  expect(Object.keys(synthesize())).not.toContain('github-access');
});

test('makes exactly these resources', () => {
  expect(stack.counts).toEqual({
    aws_iam_openid_connect_provider: 1,
    aws_iam_policy: 3,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_iam_role_policy_attachment: 3,
  });
  expect(access({ OUTBOX_GITHUB_PROVIDER: 'existing' }).counts).not.toHaveProperty('aws_iam_openid_connect_provider');
  expect(stack.json).toMatchSnapshot('github-access');
});

test.each([
  ['plan', 'repo:acme/shop:pull_request'],
  ['apply', 'repo:acme/shop:environment:prod'],
])('%s is assumed with a token for AWS and exactly this subject', (name, subject) => {
  const role = access({ OUTBOX_ENVIRONMENT: 'prod' }).one('aws_iam_role', name);
  const issuer = 'token.actions.githubusercontent.com';
  expect(role.name).toBe(`outbox-prod-github-${name}`);
  expect(JSON.parse(role.assume_role_policy).Statement).toEqual([
    {
      Effect: 'Allow',
      Sid: 'AssumedByWorkflow',
      Principal: { Federated: '${aws_iam_openid_connect_provider.github.arn}' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subject } },
    },
  ]);
});

test('an owner and a repository with ids are in the subject as they are', () => {
  const withIds = access({ OUTBOX_GITHUB_REPOSITORY: 'acme@123/shop@456' });
  const subjects = Object.values(withIds.all('aws_iam_role')).map(
    ({ assume_role_policy: policy }) => JSON.parse(policy).Statement[0].Condition,
  );
  const sub = 'token.actions.githubusercontent.com:sub';
  expect(subjects).toEqual([
    { StringEquals: expect.objectContaining({ [sub]: 'repo:acme@123/shop@456:environment:dev' }) },
    { StringEquals: expect.objectContaining({ [sub]: 'repo:acme@123/shop@456:pull_request' }) },
  ]);
});

test('an existing provider is taken by its ARN', () => {
  const { Principal } = JSON.parse(
    access({ OUTBOX_GITHUB_PROVIDER: 'existing' }).one('aws_iam_role', 'plan').assume_role_policy,
  ).Statement[0];
  expect(Principal.Federated).toMatch(/^arn:.*:iam::.*:oidc-provider\/token\.actions\.githubusercontent\.com$/);
});

test('nothing is allowed wholesale', () => {
  for (const { Action } of [...read, ...apply, ...plan]) {
    for (const action of list(Action)) expect(action).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+\*?$/);
  }
});

test('the plan reads settings and changes nothing but the lock', () => {
  const reading = /^[a-z0-9-]+:(Describe|Get|List|Validate)|^apigateway:GET$/;
  const data = /^(dynamodb:GetItem|dynamodb:GetRecords|s3:GetObject|logs:Get|sqs:Receive|kms:Decrypt)/;
  for (const { Action } of read) {
    for (const action of list(Action)) {
      expect(action).toMatch(reading);
      expect(action).not.toMatch(data);
    }
  }
  const writing = plan.flatMap(({ Action, Resource }) =>
    list(Action)
      .filter((action) => !reading.test(action))
      .map((action) => [action, Resource]),
  );
  const lock = expect.stringMatching(/:s3:::outbox-dev-terraform-state\/outbox\/dev\/\*\.tfstate\.tflock$/);
  expect(writing).toEqual([
    ['s3:DeleteObject', lock],
    ['s3:PutObject', lock],
    ['kms:Decrypt', expect.stringMatching(/:key\/\*$/)],
    ['kms:GenerateDataKey', expect.stringMatching(/:key\/\*$/)],
  ]);
  expect(read.flatMap(({ Action }) => list(Action))).toContain('states:ValidateStateMachineDefinition');
});

test('resources are limited by name; what has none, by tag, function or not at all', () => {
  const unlimited = new Set<string>();
  for (const { Sid, Effect, Resource, Condition } of [...read, ...apply]) {
    for (const resource of list(Resource)) {
      const named = /outbox-dev-/.test(resource) || /outbox-dev-/.test(JSON.stringify(Condition ?? {}));
      const tagged = /"aws:(Resource|Request)Tag\/environment":"dev"/.test(JSON.stringify(Condition ?? {}));
      if (Effect === 'Allow' && !named && !tagged) unlimited.add(Sid);
    }
  }
  expect([...unlimited].sort()).toEqual([
    'ReadApis',
    'ReadEventSources',
    'ReadWhatHasNoNames',
    'TagEventSources',
    'WriteApis',
    'WriteWhatHasNoNames',
  ]);
});

test('roles are passed to the services of these stacks only, and only those with the name of the environment', () => {
  const passing = apply.filter(({ Effect, Action }) => Effect === 'Allow' && list(Action).includes('iam:PassRole'));
  expect(passing).toEqual([
    expect.objectContaining({
      Resource: expect.stringMatching(/:role\/outbox-dev-\*$/),
      Condition: { StringEquals: { 'iam:PassedToService': expect.not.arrayContaining(['ec2.amazonaws.com']) } },
    }),
  ]);
  const assumed = Object.values(synthesize())
    .flatMap(({ all }) => Object.values(all('aws_iam_role')))
    .map(({ assume_role_policy: policy }) => JSON.parse(policy).Statement[0].Principal.Service);
  const passedTo = passing[0]!.Condition.StringEquals['iam:PassedToService'] as string[];
  expect(new Set(passedTo)).toEqual(new Set(assumed));
  expect(passedTo).toHaveLength(new Set(assumed).size);
});

test('roles are made and changed in the statements for roles only', () => {
  const about = apply.filter(({ Action }) => list(Action).some((action) => action.startsWith('iam:')));
  expect(about.map(({ Sid, Effect }) => `${Effect} ${Sid}`)).toEqual([
    'Allow Roles',
    'Allow BoundedRoles',
    'Allow PassRoles',
    'Deny NotRolesOfWorkflows',
    'Deny NotTheBoundary',
  ]);
  const changing = about.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? list(Action) : []));
  const ofWorkflows = about.find(({ Sid }) => Sid === 'NotRolesOfWorkflows')!;
  const roles = list(ofWorkflows.Resource).map((resource: string) => resource.split(':role/')[1]);
  expect(roles).toEqual(['outbox-dev-github-*', 'outbox-dev-*-github-apply', 'outbox-dev-*-github-plan']);
  expect(new Set(ofWorkflows.Action)).toEqual(new Set(changing));
});

test('neither role reaches the bucket of the state but for the states of the environment', () => {
  const buckets = [...read, ...apply, ...plan].flatMap(({ Effect, Action, Resource }) =>
    Effect === 'Allow' && list(Action).some((action) => action.startsWith('s3:')) ? list(Resource) : [],
  );
  const names = [...new Set(buckets.map((arn) => arn.split(':s3:::')[1]!))].sort((a, b) => (a < b ? -1 : 1));
  expect(names).toEqual([
    'outbox-dev-*-failures-*',
    'outbox-dev-*-payloads-*',
    'outbox-dev-terraform-state',
    'outbox-dev-terraform-state/outbox/dev/*.tfstate',
    'outbox-dev-terraform-state/outbox/dev/*.tfstate.tflock',
  ]);
  const cloud = access({ OUTBOX_STATE_BACKEND: 'cloud', OUTBOX_STATE_ORGANIZATION: 'acme' });
  expect(JSON.stringify(cloud.json.resource)).not.toContain('terraform-state');
  for (const { statements } of policies(cloud)) expect(statements).not.toEqual([]);
});

test('the apply role covers the services of all resources', () => {
  const services: Record<string, string> = {
    api: 'apigateway',
    cloudwatch: 'cloudwatch',
    dynamodb: 'dynamodb',
    iam: 'iam',
    kms: 'kms',
    lambda: 'lambda',
    pipes: 'pipes',
    s3: 's3',
    scheduler: 'scheduler',
    sfn: 'states',
    sns: 'sns',
    sqs: 'sqs',
  };
  const special: [RegExp, string][] = [
    [/^aws_cloudwatch_event_/, 'events'],
    [/^aws_cloudwatch_log_/, 'logs'],
  ];
  const used = Object.values(synthesize()).flatMap(({ counts }) =>
    Object.keys(counts).map((type) => special.find(([of]) => of.test(type))?.[1] ?? services[type.split('_')[1]!]),
  );
  const covered = apply.flatMap(({ Action }) => list(Action).map((action) => action.split(':')[0]!));
  expect(new Set(covered)).toEqual(new Set(used));
  const deliver = actions.logGroup.deliver.filter((action) => !action.includes(':Describe'));
  expect(apply.flatMap(({ Action }) => list(Action))).toEqual(expect.arrayContaining(deliver));
});

test('policies are within the limits of IAM, with the longest names too', () => {
  const { json } = access({
    OUTBOX_PROJECT: 'a'.repeat(20),
    OUTBOX_ENVIRONMENT: 'staging',
    OUTBOX_REGION: 'us-gov-west-1',
  });
  const sizeOf = (policy: string) =>
    policy.replaceAll(/\$\{data\.aws_partition[^}]*\}/g, 'aws-us-gov').replaceAll(/\$\{data[^}]*\}/g, '1'.repeat(12))
      .length;
  for (const { policy } of Object.values<any>(json.resource.aws_iam_policy))
    expect(sizeOf(policy)).toBeLessThanOrEqual(6144);
  for (const { policy } of Object.values<any>(json.resource.aws_iam_role_policy))
    expect(sizeOf(policy)).toBeLessThanOrEqual(10_240);
});
