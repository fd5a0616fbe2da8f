import { byNameOnly } from '../../deploy/selection';
import { compileCondition } from '../../local/iam/conditions';
import { compilePattern } from '../../local/iam/pattern';
import { synthesize, type Synthesized } from '../synthesis';

const env = { OUTBOX_ENVIRONMENT: 'staging', OUTBOX_GITHUB_REPOSITORY: 'acme/shop' };
const all = synthesize(env) as Record<string, Synthesized>;
const deployed = Object.entries(all).flatMap(([name, stack]) => (byNameOnly.includes(name) ? [] : [stack]));

type Statements = Record<string, any>[];

/** A text with the partition and the account that AWS would put in. */
function filled(text: string): string {
  return text.replaceAll(/\$\{data\.aws_partition[^}]*\}/g, 'aws').replaceAll(/\$\{data[^}]*\}/g, '123456789012');
}

const { aws_iam_policy: managed, aws_iam_role_policy: inline } = all['github-access']!.json.resource;
const statementsOf = (policy: string): Statements => JSON.parse(filled(policy)).Statement;
const read = statementsOf(managed.read.policy);
const plan = [...read, ...statementsOf(inline['plan-permissions'].policy)];
const apply = [...read, ...statementsOf(managed.roles.policy), ...statementsOf(inline['apply-permissions'].policy)];

type Context = Readonly<Record<string, string>>;

const list = (value: string | string[]) => [value].flat();

/** Whether a role with these statements may do an action: one allows it, and none denies it. */
function may(statements: Statements, action: string, resource: string, context: Context = {}): boolean {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value]]));
  const keys = (key: string) => values.get(key);
  const applying = statements.filter(({ Action, Resource, Condition = {} }) => {
    const matches = (patterns: string | string[], value: string) =>
      list(patterns).some((pattern) => compilePattern(pattern, 'wildcard')(value, keys));
    const conditions = Object.entries<Record<string, string | string[]>>(Condition).map(([operator, wanted]) =>
      compileCondition(operator, Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, list(value)]))),
    );
    return matches(Action, action) && matches(Resource, resource) && conditions.every((holds) => holds(keys));
  });
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;

/** As the request to make a role says it. */
const bounded = { 'iam:PermissionsBoundary': 'arn:aws:iam::123456789012:policy/outbox-staging-boundary' };

/** Of each type of resource with a name: its ARN, an action that reads it and one that makes it. */
const named: Record<string, [(args: any) => string, string, string]> = {
  aws_cloudwatch_event_archive: [
    ({ name }) => arn('events', `archive/${name}`),
    'events:DescribeArchive',
    'events:CreateArchive',
  ],
  aws_cloudwatch_event_bus: [
    ({ name }) => arn('events', `event-bus/${name}`),
    'events:DescribeEventBus',
    'events:CreateEventBus',
  ],
  aws_cloudwatch_event_rule: [
    ({ name }) => arn('events', `rule/outbox-staging-events/${name}`),
    'events:DescribeRule',
    'events:PutRule',
  ],
  aws_cloudwatch_log_group: [
    ({ name }) => arn('logs', `log-group:${name}`),
    'logs:ListTagsForResource',
    'logs:CreateLogGroup',
  ],
  aws_cloudwatch_metric_alarm: [
    ({ alarm_name: name }) => arn('cloudwatch', `alarm:${name}`),
    'cloudwatch:ListTagsForResource',
    'cloudwatch:PutMetricAlarm',
  ],
  aws_dynamodb_table: [
    ({ name }) => arn('dynamodb', `table/${name}`),
    'dynamodb:DescribeTable',
    'dynamodb:CreateTable',
  ],
  aws_iam_role: [({ name }) => `arn:aws:iam::123456789012:role/${name}`, 'iam:GetRole', 'iam:CreateRole'],
  aws_lambda_function: [
    ({ function_name: name }) => arn('lambda', `function:${name}`),
    'lambda:GetFunction',
    'lambda:CreateFunction',
  ],
  aws_pipes_pipe: [({ name }) => arn('pipes', `pipe/${name}`), 'pipes:DescribePipe', 'pipes:CreatePipe'],
  aws_s3_bucket: [({ bucket }) => `arn:aws:s3:::${filled(bucket)}`, 's3:GetBucketVersioning', 's3:CreateBucket'],
  aws_scheduler_schedule: [
    ({ name }) => arn('scheduler', `schedule/${name}/${name}`),
    'scheduler:GetSchedule',
    'scheduler:CreateSchedule',
  ],
  aws_scheduler_schedule_group: [
    ({ name }) => arn('scheduler', `schedule-group/${name}`),
    'scheduler:GetScheduleGroup',
    'scheduler:CreateScheduleGroup',
  ],
  aws_sfn_state_machine: [
    ({ name }) => arn('states', `stateMachine:${name}`),
    'states:DescribeStateMachine',
    'states:CreateStateMachine',
  ],
  aws_sns_topic: [({ name }) => arn('sns', name), 'sns:GetTopicAttributes', 'sns:CreateTopic'],
  aws_sqs_queue: [({ name }) => arn('sqs', name), 'sqs:GetQueueAttributes', 'sqs:CreateQueue'],
};

test.each(Object.entries(named))('each %s of all stacks can be planned and applied', (type, [arnOf, reads, makes]) => {
  const arns = deployed.flatMap((stack) => Object.values(stack.all(type)).map((args) => arnOf(args)));
  expect(arns.length).toBeGreaterThan(0);
  expect(arns.filter((one) => !may(plan, reads, one) || !may(apply, reads, one))).toEqual([]);
  expect(arns.filter((one) => !may(apply, makes, one, bounded))).toEqual([]);
  expect(arns.filter((one) => may(plan, makes, one, bounded))).toEqual([]);
});

test('no other type of resource has a name that its ARN is made of', () => {
  const types = deployed.flatMap(({ json }) =>
    Object.entries<Record<string, any>>(json.resource).flatMap(([type, resources]) =>
      Object.values(resources).some(({ name, bucket, function_name: of, alarm_name: alarm }) =>
        [name, bucket, of, alarm].some((text) => /^(?!\$\{).*outbox-staging-/.test(text)),
      )
        ? [type]
        : [],
    ),
  );
  // An API is known by its id, an alias by its key as well.
  const others = ['aws_api_gateway_rest_api', 'aws_kms_alias'];
  expect([...new Set(types)].sort()).toEqual([...Object.keys(named), ...others].sort());
});

test('what belongs to a bucket can be applied, and a bucket with versions emptied', () => {
  const actions: Record<string, string> = {
    aws_s3_bucket: 's3:DeleteBucket',
    aws_s3_bucket_lifecycle_configuration: 's3:PutLifecycleConfiguration',
    aws_s3_bucket_policy: 's3:PutBucketPolicy',
    aws_s3_bucket_public_access_block: 's3:PutBucketPublicAccessBlock',
    aws_s3_bucket_server_side_encryption_configuration: 's3:PutEncryptionConfiguration',
    aws_s3_bucket_versioning: 's3:PutBucketVersioning',
  };
  const types = new Set(
    deployed.flatMap(({ counts }) => Object.keys(counts).filter((type) => type.startsWith('aws_s3_'))),
  );
  expect([...types].sort()).toEqual(Object.keys(actions).sort());
  const bucket = 'arn:aws:s3:::outbox-staging-claim-payloads-123456789012';
  const emptying = ['s3:ListBucketVersions', 's3:PutBucketTagging', 's3:TagResource'];
  for (const action of [...Object.values(actions), ...emptying])
    expect([action, may(apply, action, bucket)]).toEqual([action, true]);
  for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion'])
    expect([action, may(apply, action, `${bucket}/a/b`)]).toEqual([action, true]);
});

test("the states of the administrator's stacks are not written by a deployment, those of all others are", () => {
  const written = Object.keys(all).filter((stack) =>
    may(apply, 's3:PutObject', `arn:aws:s3:::outbox-staging-terraform-state/outbox/staging/${stack}.tfstate`),
  );
  expect(written).toEqual(Object.keys(all).filter((stack) => !byNameOnly.includes(stack)));
  expect(written.length).toBeGreaterThan(0);
});

const key = arn('kms', 'key/11111111-2222-3333-4444-555555555555');
const ours = { project: 'outbox', environment: 'staging' };
const prefixed = (prefix: string, tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:${prefix}Tag/${tag}`, value]));

test('a key is made with the tags of the environment only', () => {
  for (const action of ['kms:CreateKey', 'kms:TagResource']) {
    expect(may(apply, action, '*', prefixed('Request', { ...ours, stack: 'outbox-core' }))).toBe(true);
    expect(may(apply, action, '*', prefixed('Request', { project: 'outbox' }))).toBe(false);
  }
});

const changes = ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:TagResource', 'kms:UntagResource'];

test.each(changes)('%s is for keys of the environment, but not for the key of the state', (action) => {
  // As if the request gave the tags of the environment, which makes a key of others ours if it is allowed.
  const allowed = (tags: Record<string, string>) =>
    may(apply, action, key, { ...prefixed('Request', ours), ...prefixed('Resource', tags) });
  expect(allowed({ ...ours, stack: 'outbox-core' })).toBe(true);
  expect(allowed({})).toBe(false);
  expect(allowed({ project: 'outbox' })).toBe(false);
  expect(allowed({ environment: 'staging' })).toBe(false);
  expect(allowed({ ...ours, environment: 'prod' })).toBe(false);
  expect(allowed({ ...ours, project: 'shop' })).toBe(false);
  expect(allowed({ ...ours, stack: 'state-backend' })).toBe(false);
});
