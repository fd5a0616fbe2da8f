import { runCommand, type World } from './command-run';

const cloud = { OUTBOX_STATE_BACKEND: 'cloud', OUTBOX_STATE_ORGANIZATION: 'acme' };

const refusals: [string, string[], Record<string, string>, World, string][] = [
  [
    'no Terraform',
    ['diff'],
    {},
    { terraform: null },
    'terraform is not on the PATH: install Terraform 1.10 or later, which locks state in S3 by itself',
  ],
  [
    'an old Terraform',
    ['diff'],
    {},
    { terraform: '1.9.8' },
    'terraform is version 1.9.8: install Terraform 1.10 or later, which locks state in S3 by itself',
  ],
  [
    'no credentials',
    ['diff'],
    {},
    { credentials: false },
    'There are no AWS credentials: looked at AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_PROFILE and the profile default in ~/.aws/credentials and ~/.aws/config, AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, AWS_CONTAINER_CREDENTIALS_*_URI, and whether this is EC2; sign in, or set one of them',
  ],
  [
    'half of the credentials',
    ['diff'],
    { AWS_ACCESS_KEY_ID: 'id' },
    { credentials: false },
    'There are no AWS credentials',
  ],
  [
    'an unknown profile',
    ['diff'],
    { AWS_PROFILE: 'work' },
    { home: { '.aws/config': '[default]\n[profile play]\n' } },
    'AWS_PROFILE is "work", which is not in ~/.aws/credentials or ~/.aws/config: there are default, play',
  ],
  [
    'no token for HCP Terraform',
    ['diff'],
    cloud,
    {},
    'There is no token for app.terraform.io: looked at TF_TOKEN_app_terraform_io, ~/.terraformrc and ~/.terraform.d/credentials.tfrc.json; run terraform login',
  ],
  [
    'no bucket',
    ['deploy', '--auto-approve'],
    { OUTBOX_ENVIRONMENT: 'staging' },
    { bucket: { status: 404 } },
    'There is no bucket outbox-staging-terraform-state for the state: make it with OUTBOX_ENVIRONMENT=staging npm run deploy -- state-backend',
  ],
  [
    'no bucket for prod',
    ['deploy', '--confirm', 'prod', '--auto-approve'],
    { OUTBOX_ENVIRONMENT: 'prod' },
    { bucket: { status: 404 } },
    'There is no bucket outbox-prod-terraform-state for the state: make it with OUTBOX_ENVIRONMENT=prod npm run deploy -- state-backend --confirm prod',
  ],
  [
    'a bucket elsewhere',
    ['diff'],
    {},
    { bucket: { status: 301, headers: { 'x-amz-bucket-region': 'us-east-1' } } },
    'The bucket outbox-dev-terraform-state is in us-east-1, not in eu-central-1: set OUTBOX_STATE_BUCKET to another name, or OUTBOX_REGION',
  ],
  [
    'an unknown stack',
    ['deploy', 'outbox', '--auto-approve'],
    {},
    {},
    'There is no stack outbox: there are outbox-core, claim-check, notifications, order-consumers, state-backend, user-events',
  ],
  [
    'a stack that a setting makes',
    ['diff', 'github-access'],
    {},
    {},
    'There is no stack github-access (github-access exists once OUTBOX_GITHUB_REPOSITORY is set): there are',
  ],
  [
    'prod without a confirmation',
    ['destroy', '--auto-approve'],
    { OUTBOX_ENVIRONMENT: 'prod' },
    {},
    'This would destroy prod: add --confirm prod if you mean it',
  ],
  [
    'a confirmation of something else',
    ['deploy', '--confirm', 'prod'],
    {},
    {},
    '--confirm prod does not fit: OUTBOX_ENVIRONMENT is dev',
  ],
  [
    'a confirmation of nothing',
    ['deploy', '--confirm'],
    { OUTBOX_ENVIRONMENT: 'prod' },
    {},
    '--confirm wants the environment that is meant: --confirm prod',
  ],
  [
    'nobody to approve',
    ['deploy'],
    {},
    {},
    'Nobody can approve here: add --auto-approve to deploy without being asked',
  ],
  [
    'a destruction in CI',
    ['destroy'],
    { CI: 'true' },
    {},
    'Nobody can approve here: add --auto-approve to destroy without being asked',
  ],
  [
    'the destruction of what others read',
    ['destroy', 'outbox-core', '--auto-approve'],
    {},
    {},
    'claim-check, notifications, order-consumers, user-events read outputs of what would be destroyed: name them too, or add --ignore-missing-stack-dependencies if they are gone',
  ],
  [
    'a wrong setting',
    ['diff'],
    { OUTBOX_REGION: 'frankfurt' },
    {},
    '1 wrong setting:\n  OUTBOX_REGION: got "frankfurt"',
  ],
  ['no such command', ['undeploy'], {}, {}, '"undeploy" is no command: use deploy, diff, destroy'],
];

test.each(refusals)('%s ends it before anything starts', async (_name, args, env, world, message) => {
  const { code, stderr, stdout, calls } = await runCommand(args, env, world);
  expect({ code, stdout, calls }).toEqual({ code: 1, stdout: '', calls: [] });
  expect(stderr.slice(0, message.length)).toBe(message);
  if (!message.includes('\n')) expect(stderr.split('\n')).toHaveLength(1);
});

const accepted: [string, Record<string, string>, World][] = [
  [
    'a profile of the shared files',
    { AWS_PROFILE: 'work' },
    { home: { '.aws/config': '[profile work]\nregion = x\n' } },
  ],
  ['the profile default', {}, { home: { '.aws/credentials': '[default]\naws_access_key_id = x\n' } }],
  ['a web identity', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: 'arn:aws:iam::1:role/x' }, {}],
  ['the role of a container', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x' }, {}],
  ['a token for HCP Terraform', { ...cloud, TF_TOKEN_app_terraform_io: 'x' }, {}],
  [
    'a login to HCP Terraform',
    cloud,
    { home: { '.terraform.d/credentials.tfrc.json': '{"credentials": {"app.terraform.io": {}}}' } },
  ],
  [
    'a bucket that may not be looked into',
    { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    { bucket: { status: 403 } },
  ],
];

test.each(accepted)('%s will do', async (_name, env, world) => {
  const { code, stderr } = await runCommand(['diff', 'outbox-core'], env, { credentials: false, ...world });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a bucket that cannot be looked up is said, and left to Terraform', async () => {
  const { code, stderr, calls } = await runCommand(['diff', 'outbox-core'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect({ code, calls: calls.length }).toEqual({ code: 0, calls: 1 });
  expect(stderr).toMatch(
    /^Whether the bucket outbox-dev-terraform-state exists could not be looked up at http.*:1: \S/,
  );
});
