import { Database, databaseWith, inboxTable, ordersTable } from './dynamodb-fixture';

const table = 'arn:aws:dynamodb:eu-central-1:000000000000:table';
const kmsKey = 'arn:aws:kms:eu-central-1:000000000000:key/k';
const order = { id: { S: 'a' }, createdAt: { N: '1' } };

describe('aws_dynamodb_table', () => {
  test('has the attributes that others refer to', async () => {
    const db = new Database();
    expect(await db.table(ordersTable)).toEqual({
      id: 'orders',
      name: 'orders',
      arn: `${table}/orders`,
      stream_arn: `${table}/orders/stream/2026-01-01T00:00:00.000`,
      stream_label: '2026-01-01T00:00:00.000',
    });
    expect(await db.table(inboxTable)).toMatchObject({ stream_arn: '', stream_label: '' });
    await expect(db.table(inboxTable)).rejects.toThrow('A table named inbox exists already');
  });

  test('is described as on AWS', async () => {
    const db = await databaseWith({
      ...ordersTable,
      server_side_encryption: [{ enabled: true, kms_key_arn: kmsKey }],
      point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 7 }],
      ttl: [{ attribute_name: 'expiresAt', enabled: true }],
      local_secondary_index: [
        { name: 'by-total', range_key: 'total', projection_type: 'INCLUDE', non_key_attributes: ['vat'] },
      ],
      attribute: [...ordersTable.attribute, { name: 'total', type: 'N' }],
      deletion_protection_enabled: true,
      tags: { stack: 'core' },
    });
    const all = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'kms:*',
      Resource: '*',
    };
    db.runtime.iam.setResourcePolicy(kmsKey, { Version: '2012-10-17', Statement: [all] }, 'key');
    await db.call('PutItem', { TableName: 'orders', Item: order });
    const stream = `${table}/orders/stream/2026-01-01T00:00:00.000`;
    expect((await db.call('DescribeTable', { TableName: 'orders' }))['Table']).toMatchObject({
      TableArn: `${table}/orders`,
      TableStatus: 'ACTIVE',
      ItemCount: 1,
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'createdAt', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: 'by-status', IndexStatus: 'ACTIVE', ItemCount: 0, Projection: { ProjectionType: 'ALL' } },
      ],
      LocalSecondaryIndexes: [
        { IndexName: 'by-total', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['vat'] } },
      ],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      LatestStreamArn: stream,
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: kmsKey },
      DeletionProtectionEnabled: true,
    });
    expect(await db.call('DescribeTimeToLive', { TableName: 'orders' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
    expect(
      (await db.call('DescribeContinuousBackups', { TableName: 'orders' }))['ContinuousBackupsDescription'],
    ).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 },
    });
    expect(await db.call('ListTagsOfResource', { ResourceArn: `${table}/orders` })).toEqual({
      Tags: [{ Key: 'stack', Value: 'core' }],
    });
    await db.table(inboxTable);
    expect(await db.call('ListTables', {})).toEqual({ TableNames: ['inbox', 'orders'] });
    expect(await db.call('ListTables', { Limit: 1 })).toEqual({
      TableNames: ['inbox'],
      LastEvaluatedTableName: 'inbox',
    });
    expect(await db.call('ListTables', { ExclusiveStartTableName: 'inbox' })).toEqual({ TableNames: ['orders'] });
  });

  test.each([
    [
      'an attribute that no key uses',
      { attribute: [...inboxTable.attribute, { name: 'x', type: 'S' }] },
      'attribute x is no key of the table or of an index',
    ],
    ['a key without attribute', { range_key: 'createdAt' }, 'key createdAt needs an attribute block'],
    ['a stream without view', { stream_enabled: true }, 'stream_enabled needs a stream_view_type'],
    ['a view without stream', { stream_view_type: 'KEYS_ONLY' }, 'stream_view_type needs stream_enabled'],
    ['a TTL without attribute', { ttl: { enabled: true } }, 'ttl needs an attribute_name'],
    ['a key that is off', { server_side_encryption: { enabled: false, kms_key_arn: kmsKey } }, 'kms_key_arn needs'],
    ['no capacity', { billing_mode: 'PROVISIONED' }, 'needs read_capacity'],
    ['capacity on demand', { read_capacity: 5, write_capacity: 5 }, 'takes no read_capacity'],
    [
      'an index of a local kind',
      { local_secondary_index: { name: 'idx', range_key: 'id', projection_type: 'ALL' } },
      'needs a table with a range_key',
    ],
    [
      'a projection of nothing',
      { global_secondary_index: { name: 'idx', hash_key: 'id', projection_type: 'INCLUDE' } },
      'non_key_attributes',
    ],
    [
      'the key_schema of newer providers',
      { global_secondary_index: { name: 'idx', key_schema: [], projection_type: 'ALL' } },
      'key_schema',
    ],
    ['replicas', { replica: [{ region_name: 'eu-west-1' }] }, 'replica'],
  ])('is refused: %s', async (_fault, more, message) => {
    await expect(new Database().table({ ...inboxTable, ...more })).rejects.toThrow(message);
  });

  test('projects what its indexes say', async () => {
    const index = (name: string, more: object) => ({ name, hash_key: 'status', ...more });
    const db = await databaseWith({
      ...ordersTable,
      global_secondary_index: [
        index('keys', { projection_type: 'KEYS_ONLY' }),
        index('some', { projection_type: 'INCLUDE', non_key_attributes: ['total', 'none'] }),
      ],
    });
    await db.call('PutItem', {
      TableName: 'orders',
      Item: { ...order, status: { S: 'X' }, total: { N: '1' }, more: { S: 'y' } },
    });
    const found = async (IndexName: string) => (await db.call('Scan', { TableName: 'orders', IndexName })).Items;
    expect(await found('keys')).toEqual([{ ...order, status: { S: 'X' } }]);
    expect(await found('some')).toEqual([{ ...order, status: { S: 'X' }, total: { N: '1' } }]);
    const empty = { TableName: 'orders', Item: { ...order, status: { S: '' } } };
    expect((await db.refusal('PutItem', empty)).message).toContain('IndexName: keys, IndexKey: status');
  });
});

describe('permissions', () => {
  const inbox = { TableName: 'inbox', Key: { id: { S: 'k' } } };
  const orders = { TableName: 'orders', Key: order };
  const set = { UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } } };
  const byStatus = {
    TableName: 'orders',
    KeyConditionExpression: 'id = :a',
    ExpressionAttributeValues: { ':a': { S: 'a' } },
  };
  const byIndex = {
    ...byStatus,
    IndexName: 'by-status',
    KeyConditionExpression: '#s = :a',
    ExpressionAttributeNames: { '#s': 'status' },
  };

  test.each([
    ['PutItem', { TableName: 'orders', Item: order }, ['PutItem orders a']],
    ['GetItem', orders, ['GetItem orders a']],
    ['UpdateItem', { ...orders, ...set }, ['UpdateItem orders a']],
    ['DeleteItem', inbox, ['DeleteItem inbox k']],
    ['Query', byStatus, ['Query orders a']],
    ['Query', byIndex, ['Query orders/index/by-status a']],
    ['Scan', { TableName: 'orders' }, ['Scan orders -']],
    ['Scan', { TableName: 'orders', IndexName: 'by-status' }, ['Scan orders/index/by-status -']],
    [
      'BatchWriteItem',
      {
        RequestItems: {
          inbox: [{ DeleteRequest: { Key: inbox.Key } }, { PutRequest: { Item: { id: { S: 'l' } } } }],
          orders: [{ PutRequest: { Item: order } }],
        },
      },
      ['BatchWriteItem inbox k,l', 'BatchWriteItem orders a'],
    ],
    ['BatchGetItem', { RequestItems: { inbox: { Keys: [inbox.Key] } } }, ['BatchGetItem inbox k']],
    ['TransactGetItems', { TransactItems: [{ Get: inbox }, { Get: orders }] }, ['GetItem inbox k', 'GetItem orders a']],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'inbox', Item: { id: { S: 'p' } } } },
          { Put: { TableName: 'inbox', Item: { id: { S: 'q' } } } },
          { Update: { ...orders, ...set } },
          { Delete: inbox },
          {
            ConditionCheck: {
              TableName: 'inbox',
              Key: { id: { S: 'c' } },
              ConditionExpression: 'attribute_exists(id)',
            },
          },
        ],
      },
      ['PutItem inbox p,q', 'UpdateItem orders a', 'DeleteItem inbox k', 'ConditionCheckItem inbox c'],
    ],
    ['DescribeTable', { TableName: 'orders' }, ['DescribeTable orders -']],
    ['DescribeTimeToLive', { TableName: 'orders' }, ['DescribeTimeToLive orders -']],
    ['DescribeContinuousBackups', { TableName: 'orders' }, ['DescribeContinuousBackups orders -']],
    ['ListTagsOfResource', { ResourceArn: `${table}/orders` }, ['ListTagsOfResource orders -']],
    ['PutItem', { TableName: 'missing', Item: order }, ['PutItem missing -']],
  ])('%s: %j', async (operation, input, expected) => {
    const db = await databaseWith(inboxTable, ordersTable);
    const needed = db.permissions(operation, input).map(({ action, resource, context }) => {
      const leading = context?.['dynamodb:LeadingKeys'];
      const keys = Array.isArray(leading) ? leading.join(',') : '-';
      return `${action.replace('dynamodb:', '')} ${resource.replace(`${table}/`, '')} ${keys}`;
    });
    expect(needed).toEqual(expected);
  });

  test('speak of attributes, of the enclosing transaction, and of what is asked back', async () => {
    const db = await databaseWith(inboxTable, ordersTable);
    const [write] = db.permissions('TransactWriteItems', {
      TransactItems: [{ Update: { ...inbox, ...set, ConditionExpression: 'm.x = :n' } }],
    });
    expect(write!.context).toMatchObject({
      'dynamodb:Attributes': ['id', 'm', 'n'],
      'dynamodb:EnclosingOperation': 'TransactWriteItems',
    });
    const [query] = db.permissions('Query', { ...byStatus, Select: 'COUNT', ReturnConsumedCapacity: 'TOTAL' });
    expect(query!.context).toMatchObject({
      'dynamodb:Attributes': ['id'],
      'dynamodb:Select': 'COUNT',
      'dynamodb:ReturnConsumedCapacity': 'TOTAL',
    });
  });

  test('include the use of a customer key, once per table, for whatever touches items', async () => {
    const sse = { server_side_encryption: { enabled: true, kms_key_arn: kmsKey } };
    const db = await databaseWith({ ...inboxTable, ...sse }, ordersTable);
    const actions = (operation: string, input: object) => db.permissions(operation, input).map(({ action }) => action);
    const both = {
      TransactItems: [
        { Put: { TableName: 'orders', Item: order } },
        { Put: { TableName: 'inbox', Item: { id: { S: 'p' } } } },
        { Delete: inbox },
      ],
    };
    expect(actions('TransactWriteItems', both)).toEqual([
      'dynamodb:PutItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'kms:Decrypt',
    ]);
    expect(actions('GetItem', inbox)).toEqual(['dynamodb:GetItem', 'kms:Decrypt']);
    expect(actions('GetItem', orders)).toEqual(['dynamodb:GetItem']);
    expect(actions('DescribeTable', { TableName: 'inbox' })).toEqual(['dynamodb:DescribeTable']);
    expect(db.permissions('Scan', { TableName: 'inbox' })[1]).toMatchObject({
      resource: kmsKey,
      context: {
        'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com',
        'kms:EncryptionContext:aws:dynamodb:tableName': 'inbox',
      },
    });
  });

  test('decide: a role with leading keys may write its own partition and no other', async () => {
    const db = await databaseWith(inboxTable);
    const roleArn = 'arn:aws:iam::000000000000:role/tenant';
    db.runtime.iam.putRole({
      arn: roleArn,
      name: 'tenant',
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    });
    db.runtime.iam.putRolePolicy(roleArn, 'own', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'dynamodb:PutItem',
          Resource: `${table}/inbox`,
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } },
        },
      ],
    });
    const role = { kind: 'role', roleArn, arn: 'arn:aws:sts::000000000000:assumed-role/tenant/s' } as const;
    const put = async (id: string) => db.call('PutItem', { TableName: 'inbox', Item: { id: { S: id } } }, role);
    await put('mine');
    await expect(put('yours')).rejects.toMatchObject({ code: 'AccessDeniedException', status: 400 });
    await expect(db.call('GetItem', inbox, role)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(await db.items('inbox')).toEqual([{ id: { S: 'mine' } }]);
  });
});
