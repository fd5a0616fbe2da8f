import * as fc from 'fast-check';
import { Database, databaseWith, inboxTable, isNew, key, ordersTable, put } from './dynamodb-fixture';

describe('what is not there or not right', () => {
  test('a table that is missing', async () => {
    const db = new Database();
    for (const [operation, input] of [
      ['PutItem', put('a')],
      [
        'Query',
        { TableName: 'inbox', KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } },
      ],
      ['BatchGetItem', { RequestItems: { inbox: { Keys: [{ id: { S: 'a' } }] } } }],
      ['TransactWriteItems', { TransactItems: [{ Put: put('a') }] }],
    ] as const) {
      expect(await db.refusal(operation, input)).toMatchObject({
        code: 'ResourceNotFoundException',
        message: 'Requested resource not found',
      });
    }
    expect((await db.refusal('DescribeTable', { TableName: 'inbox' })).message).toBe(
      'Requested resource not found: Table: inbox not found',
    );
  });

  const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ L: [inner] }), { S: 'x' });
  const malformed: readonly [string, string, unknown, string][] = [
    ['no table', 'PutItem', { Item: {} }, 'ValidationException'],
    ['no item', 'PutItem', { TableName: 'inbox' }, 'ValidationException'],
    ['no object', 'PutItem', 'x', 'ValidationException'],
    ['no input', 'Query', undefined, 'ValidationException'],
    ['table of a wrong type', 'PutItem', { TableName: 5, Item: {} }, 'SerializationException'],
    ['table name', 'GetItem', { TableName: 'a', Key: { id: { S: 'a' } } }, 'ValidationException'],
    ['item that is a list', 'PutItem', { TableName: 'inbox', Item: [] }, 'SerializationException'],
    ['null as value', 'PutItem', { TableName: 'inbox', Item: { id: null } }, 'ValidationException'],
    ['empty value', 'PutItem', { TableName: 'inbox', Item: { id: {} } }, 'ValidationException'],
    ['two types at once', 'PutItem', { TableName: 'inbox', Item: { id: { S: 'a', N: '1' } } }, 'ValidationException'],
    [
      'number as number',
      'PutItem',
      { TableName: 'inbox', Item: { id: { S: 'a' }, n: { N: 5 } } },
      'SerializationException',
    ],
    [
      'number that is none',
      'PutItem',
      { TableName: 'inbox', Item: { id: { S: 'a' }, n: { N: 'x' } } },
      'ValidationException',
    ],
    [
      '39 digits',
      'PutItem',
      { TableName: 'inbox', Item: { id: { S: 'a' }, n: { N: '1'.repeat(39) } } },
      'ValidationException',
    ],
    [
      'not base64',
      'PutItem',
      { TableName: 'inbox', Item: { id: { S: 'a' }, b: { B: '!' } } },
      'SerializationException',
    ],
    ['empty set', 'PutItem', { TableName: 'inbox', Item: { id: { S: 'a' }, s: { SS: [] } } }, 'ValidationException'],
    [
      'null in a list',
      'PutItem',
      { TableName: 'inbox', Item: { id: { S: 'a' }, l: { L: [null] } } },
      'ValidationException',
    ],
    [
      'null in a set',
      'PutItem',
      { TableName: 'inbox', Item: { id: { S: 'a' }, s: { NS: [null] } } },
      'ValidationException',
    ],
    ['too deep', 'PutItem', { TableName: 'inbox', Item: { id: { S: 'a' }, l: deep } }, 'ValidationException'],
    [
      '__proto__',
      'PutItem',
      JSON.parse('{"TableName":"inbox","Item":{"id":{"S":"a"},"__proto__":{"S":"x"}}}'),
      'ValidationException',
    ],
    ['no key', 'PutItem', { TableName: 'inbox', Item: { other: { S: 'a' } } }, 'ValidationException'],
    ['empty key', 'PutItem', put(''), 'ValidationException'],
    ['key of a wrong type', 'GetItem', { TableName: 'inbox', Key: { id: { N: '1' } } }, 'ValidationException'],
    ['too much key', 'GetItem', { TableName: 'inbox', Key: { id: { S: 'a' }, x: { S: 'a' } } }, 'ValidationException'],
    ['syntax', 'PutItem', put('a', { ConditionExpression: 'attribute_not_exists(' }), 'ValidationException'],
    [
      'reserved word',
      'PutItem',
      put('a', { ConditionExpression: 'attribute_not_exists(status)' }),
      'ValidationException',
    ],
    [
      'missing name',
      'PutItem',
      put('a', { ConditionExpression: '#a = :b', ExpressionAttributeValues: { ':b': { S: 'x' } } }),
      'ValidationException',
    ],
    ['missing value', 'PutItem', put('a', { ConditionExpression: 'a = :b' }), 'ValidationException'],
    [
      'unused value',
      'PutItem',
      put('a', { ...isNew, ExpressionAttributeValues: { ':b': { S: 'x' } } }),
      'ValidationException',
    ],
    [
      'null as value of an expression',
      'PutItem',
      put('a', { ConditionExpression: 'a = :b', ExpressionAttributeValues: { ':b': null } }),
      'ValidationException',
    ],
    ['unknown return values', 'PutItem', put('a', { ReturnValues: 'SOME' }), 'ValidationException'],
    [
      'unknown failure values',
      'PutItem',
      put('a', { ReturnValuesOnConditionCheckFailure: 'SOME' }),
      'ValidationException',
    ],
    [
      'legacy OR',
      'PutItem',
      put('a', { ConditionalOperator: 'OR', Expected: { a: { Exists: false }, b: { Exists: false } } }),
      'ValidationException',
    ],
    [
      'change of the key',
      'UpdateItem',
      { ...key('a'), UpdateExpression: 'SET id = :a', ExpressionAttributeValues: { ':a': { S: 'b' } } },
      'ValidationException',
    ],
    ['no key condition', 'Query', { TableName: 'inbox' }, 'ValidationException'],
    [
      'unknown index',
      'Query',
      {
        TableName: 'inbox',
        IndexName: 'nope',
        KeyConditionExpression: 'id = :a',
        ExpressionAttributeValues: { ':a': { S: 'a' } },
      },
      'ValidationException',
    ],
    ['null in the start key', 'Scan', { TableName: 'inbox', ExclusiveStartKey: { id: null } }, 'ValidationException'],
    ['limit 0', 'Scan', { TableName: 'inbox', Limit: 0 }, 'ValidationException'],
    ['no transaction', 'TransactWriteItems', {}, 'ValidationException'],
    ['null in a transaction', 'TransactWriteItems', { TransactItems: [null] }, 'ValidationException'],
    ['no update', 'TransactWriteItems', { TransactItems: [{ Update: key('a') }] }, 'ValidationException'],
    ['no get', 'TransactGetItems', { TransactItems: [{}] }, 'ValidationException'],
    [
      '26 writes',
      'BatchWriteItem',
      {
        RequestItems: {
          inbox: Array.from({ length: 26 }, (_, i) => ({ PutRequest: { Item: { id: { S: `${i}` } } } })),
        },
      },
      'ValidationException',
    ],
    [
      'the same item twice',
      'BatchWriteItem',
      {
        RequestItems: {
          inbox: [{ PutRequest: { Item: { id: { S: 'a' } } } }, { DeleteRequest: { Key: { id: { S: 'a' } } } }],
        },
      },
      'ValidationException',
    ],
    [
      'put and delete in one',
      'BatchWriteItem',
      {
        RequestItems: {
          inbox: [{ PutRequest: { Item: { id: { S: 'a' } } }, DeleteRequest: { Key: { id: { S: 'b' } } } }],
        },
      },
      'ValidationException',
    ],
    ['null in a batch', 'BatchWriteItem', { RequestItems: { inbox: [null] } }, 'ValidationException'],
    ['null in a batch of keys', 'BatchGetItem', { RequestItems: { inbox: { Keys: [null] } } }, 'ValidationException'],
    ['list without names', 'BatchGetItem', { RequestItems: [] }, 'SerializationException'],
    ['101 tables', 'ListTables', { Limit: 101 }, 'ValidationException'],
    ['no ARN', 'ListTagsOfResource', { ResourceArn: 'inbox' }, 'ValidationException'],
  ];

  test.each(malformed)('%s: %s', async (_fault, operation, input, code) => {
    const db = await databaseWith(inboxTable);
    expect(await db.refusal(operation, input)).toMatchObject({ code, status: 400 });
    expect(await db.items('inbox')).toEqual([]);
  });

  test('anything else that is malformed: never an internal error', async () => {
    const db = await databaseWith(inboxTable, ordersTable);
    const value = fc.oneof(
      fc.constantFrom(null, true, 1, 'inbox', 'orders', 'id = :a', ':a', '#a', '', 'ALL_OLD'),
      fc.constant({ S: 'a' }),
      fc.constant({ N: '1' }),
    );
    const names = [
      'TableName',
      'Item',
      'Key',
      'Keys',
      'id',
      ':a',
      'createdAt',
      'IndexName',
      'KeyConditionExpression',
      'ConditionExpression',
      'UpdateExpression',
      'ExpressionAttributeValues',
      'ExpressionAttributeNames',
      'TransactItems',
      'Put',
      'Get',
      'Update',
      'RequestItems',
      'inbox',
      'PutRequest',
      'DeleteRequest',
      'ExclusiveStartKey',
      'Expected',
      'AttributeUpdates',
      'KeyConditions',
      'Value',
      'Action',
      'S',
      'L',
      'M',
      'SS',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        value,
        fc.array(tie('tree'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const operation = fc.constantFrom(
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'GetItem',
      'Query',
      'Scan',
      'BatchGetItem',
      'BatchWriteItem',
      'TransactWriteItems',
      'TransactGetItems',
    );
    const input = fc
      .tuple(
        fc.dictionary(fc.constantFrom(...names), tree, { maxKeys: 6 }),
        fc.constantFrom({}, { TableName: 'inbox' }, key('a'), put('a'), {
          TableName: 'orders',
          IndexName: 'by-status',
        }),
      )
      .map((parts) => Object.assign({}, ...parts));
    await fc.assert(
      fc.asyncProperty(operation, input, async (name, body) => {
        const status = await db.call(name, body).then(
          () => 200,
          (error: { status: number }) => error.status,
        );
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 3000 },
    );
  });
});
