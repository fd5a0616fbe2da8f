import { ServiceRole } from '../../constructs/service-role';
import { Table, type TableProps } from '../../constructs/table';
import { encryptedStack, statementsOf } from './stack';

function table(props: Partial<TableProps> = {}, env: Record<string, string> = {}) {
  const it = encryptedStack(env);
  const all = {
    name: 'things',
    hashKey: { name: 'id', type: 'S' as const },
    encryptionKey: it.encryptionKey,
    ...props,
  };
  return { ...it, table: new Table(it.stack, 'table', all) };
}
const argumentsOf = (...given: Parameters<typeof table>) =>
  table(...given)
    .synthesized()
    .one('aws_dynamodb_table');

test('is encrypted with the key, and restorable', () => {
  expect(argumentsOf()).toMatchObject({
    name: 'outbox-dev-things',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    server_side_encryption: { enabled: true, kms_key_arn: expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/) },
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: false,
  });
});

test('has only what it is asked to have', () => {
  expect(argumentsOf()).not.toMatchObject({ range_key: expect.anything() });
  for (const absent of ['ttl', 'stream_enabled', 'read_capacity', 'global_secondary_index'])
    expect(argumentsOf()).not.toHaveProperty(absent);
  expect(argumentsOf({ ttlAttribute: 'expiresAt' }).ttl).toEqual({ attribute_name: 'expiresAt', enabled: true });
  expect(argumentsOf({ stream: true })).toMatchObject({ stream_enabled: true, stream_view_type: 'NEW_AND_OLD_IMAGES' });
  expect(argumentsOf({ rangeKey: { name: 'day', type: 'N' } })).toMatchObject({
    range_key: 'day',
    attribute: [
      { name: 'id', type: 'S' },
      { name: 'day', type: 'N' },
    ],
  });
});

test('an index has its own key attribute and holds what it is told beside the keys', () => {
  const index = { name: 'by-status', hashKey: { name: 'status', type: 'S' as const }, attributes: ['day'] };
  expect(argumentsOf({ indexes: [index] })).toMatchObject({
    attribute: [
      { name: 'id', type: 'S' },
      { name: 'status', type: 'S' },
    ],
    global_secondary_index: [
      { name: 'by-status', hash_key: 'status', projection_type: 'INCLUDE', non_key_attributes: ['day'] },
    ],
  });
  const [provisioned] = argumentsOf(
    { indexes: [index] },
    { OUTBOX_TABLE_BILLING: 'PROVISIONED' },
  ).global_secondary_index;
  expect(provisioned).toMatchObject({ read_capacity: 5, write_capacity: 5 });
});

test('a role that may query an index may not read the table', () => {
  const it = table();
  const role = new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com' });
  it.table.grantQuery(role, 'by-status');
  const statements = statementsOf(it.synthesized().one('aws_iam_role_policy').policy);
  expect(Object.keys(statements)).toEqual(['QueryIndex', 'DecryptInDynamodb']);
  expect(statements.QueryIndex).toMatchObject({
    Action: ['dynamodb:Query'],
    Resource: expect.stringMatching(/^\$\{aws_dynamodb_table\.\w+\.arn\}\/index\/by-status$/),
  });
});

test('follows the settings in billing and protection', () => {
  expect(argumentsOf({}, { OUTBOX_TABLE_BILLING: 'PROVISIONED', OUTBOX_REMOVAL_PROTECTION: 'true' })).toMatchObject({
    billing_mode: 'PROVISIONED',
    read_capacity: 5,
    write_capacity: 5,
    deletion_protection_enabled: true,
  });
});

test.each([
  ['grantGet', 'GetItems', ['dynamodb:GetItem'], 'arn'],
  ['grantPut', 'PutItems', ['dynamodb:PutItem'], 'arn'],
  ['grantUpdate', 'UpdateItems', ['dynamodb:UpdateItem'], 'arn'],
  ['grantDelete', 'DeleteItems', ['dynamodb:DeleteItem'], 'arn'],
  [
    'grantReadStream',
    'ReadStream',
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    'stream_arn',
  ],
] as const)('%s allows a role that, and to decrypt through DynamoDB', (grant, sid, actions, attribute) => {
  const it = table({ stream: true });
  it.table[grant](new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com' }));
  const statements = statementsOf(it.synthesized().one('aws_iam_role_policy').policy);
  expect(Object.keys(statements)).toEqual([sid, 'DecryptInDynamodb']);
  expect(statements[sid].Action).toEqual(actions);
  expect(statements[sid].Resource).toMatch(new RegExp(`^\\$\\{aws_dynamodb_table\\.\\w+\\.${attribute}\\}$`));
  expect(statements.DecryptInDynamodb).toMatchObject({
    Action: ['kms:Decrypt'],
    Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' } },
  });
});

test('grants of two tables to one role share their statements', () => {
  const it = table();
  const role = new ServiceRole(it.stack, 'role', { name: 'worker', service: 'lambda.amazonaws.com' });
  const other = new Table(it.stack, 'other', {
    name: 'others',
    hashKey: { name: 'id', type: 'S' },
    encryptionKey: it.encryptionKey,
  });
  it.table.grantPut(role);
  other.grantPut(role);
  const statements = statementsOf(it.synthesized().one('aws_iam_role_policy').policy);
  expect(Object.keys(statements)).toEqual(['PutItems', 'DecryptInDynamodb']);
  expect(statements.PutItems.Resource).toHaveLength(2);
});
