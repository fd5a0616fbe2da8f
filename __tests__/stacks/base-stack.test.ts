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
