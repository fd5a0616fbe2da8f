import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, synthProcess } from '../synth-process';
import { policies, synthesize } from '../synthesis';

const stacks = Object.entries(synthesize());

test.each(stacks)('%s matches its snapshot', (name, { json }) => {
  expect(json).toMatchSnapshot(name);
});

test.each(stacks)('%s tags everything and works with both majors of the provider', (name, { json }) => {
  expect(json.provider.aws[0].default_tags).toEqual([{ tags: { project: 'outbox', environment: 'dev', stack: name } }]);
  expect(json.terraform.required_providers.aws.version).toBe('>= 5.100, < 7');
  expect(json.terraform.required_version).toBe('>= 1.10');
});

test('state lies in S3 with native locking, one key per environment and stack', () => {
  for (const [name, { json }] of stacks.filter(([id]) => id !== 'state-backend')) {
    expect(json.terraform.backend.s3).toEqual({
      bucket: 'outbox-dev-terraform-state',
      key: `outbox/dev/${name}.tfstate`,
      region: 'eu-central-1',
      use_lockfile: true,
    });
  }
});

test('state lies in a workspace per environment and stack with the cloud backend', () => {
  const { json } = synthesize({ OUTBOX_STATE_BACKEND: 'cloud', OUTBOX_STATE_ORGANIZATION: 'acme' })['outbox-core'];
  expect(json.terraform.cloud).toMatchObject({ organization: 'acme', workspaces: { name: 'outbox-dev-outbox-core' } });
});

test('with the cloud backend workspaces lie in the project that is named, and else in the default one', () => {
  const cloud = { OUTBOX_STATE_BACKEND: 'cloud', OUTBOX_STATE_ORGANIZATION: 'acme' };
  const workspaces = (env: Record<string, string>) =>
    synthesize({ ...cloud, ...env })['user-events'].json.terraform.cloud;
  expect(workspaces({}).workspaces).toEqual({ name: 'outbox-dev-user-events' });
  expect(workspaces({ OUTBOX_STATE_PROJECT: 'Shop' }).workspaces).toEqual({
    name: 'outbox-dev-user-events',
    project: 'Shop',
  });
});

test('state lies in a file per environment and stack with the local backend', () => {
  for (const [name, { json }] of Object.entries(synthesize({ OUTBOX_STATE_BACKEND: 'local' })))
    expect(json.terraform.backend).toEqual({ local: { path: `../../../outbox-dev-${name}.tfstate` } });
});

test.each([
  ['s3', {}, 's3', { bucket: 'outbox-dev-terraform-state', key: 'outbox/dev/outbox-core.tfstate' }],
  [
    'cloud',
    { OUTBOX_STATE_ORGANIZATION: 'acme' },
    'remote',
    { organization: 'acme', workspaces: { name: 'outbox-dev-outbox-core' } },
  ],
  ['local', {}, 'local', { path: '../../../outbox-dev-outbox-core.tfstate' }],
])(
  'with %s the outputs of the core are read where it keeps its state',
  (OUTBOX_STATE_BACKEND, env, backend, config) => {
    const all = synthesize({ OUTBOX_STATE_BACKEND, ...env });
    for (const name of ['order-consumers', 'user-events', 'notifications'] as const) {
      const [core] = Object.values<any>(all[name].json.data.terraform_remote_state);
      expect(core).toMatchObject({ backend, config });
    }
  },
);

test('with the cloud backend a stack refers to nothing outside its folder, which has all that it needs', async () => {
  const env = { OUTBOX_STATE_BACKEND: 'cloud', OUTBOX_STATE_ORGANIZATION: 'acme' };
  const { code, folder } = synthProcess(env);
  expect(code).toBe(0);
  const files = Object.keys(filesIn(folder));
  const archives = files.flatMap((file) => {
    const stack = /^(stacks\/(?!state-backend)[^/]+)\/cdk\.tf\.json$/.exec(file)?.[1];
    if (!stack) return [];
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).not.toContain('../');
    expect(text).not.toContain(folder);
    expect(text).not.toContain(process.cwd());
    const { archive_file: found = {} } = JSON.parse(text).data as Record<string, Record<string, any>>;
    return Object.values(found).map(({ source_dir: source }) => source.replace('${path.module}', stack));
  });
  expect(archives.length).toBeGreaterThan(5);
  for (const archive of archives) expect(files).toContain(join(archive, 'index.js'));
  rmSync(folder, { recursive: true });
});

test.each(stacks)('%s grants no action and no resource wholesale, but where AWS has no finer level', (_name, stack) => {
  const wide = policies(stack).flatMap(({ address, statements }) =>
    statements
      .filter(({ Effect, Action, Resource }) => {
        const actions = [Action].flat() as string[];
        return (
          Effect === 'Allow' && ([Resource].flat().includes('*') || actions.some((a) => a.endsWith(':*') || a === '*'))
        );
      })
      .map(({ Sid }) => `${address.split('.')[0]} ${Sid}`),
  );
  const allowed = new Set([
    'aws_kms_key AlarmsToTopic',
    'aws_kms_key EventBridgeToQueues',
    'aws_kms_key LogGroups',
    'aws_kms_key RolesByTheirOwnPolicies',
    'aws_iam_role_policy DeliverLogs',
    'aws_iam_role_policy Trace',
  ]);
  expect(wide.filter((entry) => !allowed.has(entry))).toEqual([]);
});

test.each(stacks)('%s has an alarm on each dead-letter queue', (_name, stack) => {
  const watched = Object.values(stack.all('aws_cloudwatch_metric_alarm')).map((alarm) => alarm.dimensions.QueueName);
  const deadLetterQueues = Object.entries(stack.all('aws_sqs_queue')).filter(([, args]) => args.name.endsWith('-dlq'));
  for (const [key] of deadLetterQueues) expect(watched).toContain(`\${aws_sqs_queue.${key}.name}`);
});
