import type { Item } from '../../../local/services/dynamodb/item';
import { databaseWith, inboxTable, isNew, key, order, ordersTable, put } from './dynamodb-fixture';

describe('single items', () => {
  test('are written, read, changed and deleted', async () => {
    const db = await databaseWith(inboxTable);
    await db.call('PutItem', { TableName: 'inbox', Item: { id: { S: 'a' }, n: { N: '01.50' } } });
    expect((await db.call('GetItem', key('a'))).Item).toEqual({ id: { S: 'a' }, n: { N: '1.5' } });
    const update = { UpdateExpression: 'ADD n :one SET m = :m', ReturnValues: 'ALL_NEW' };
    const values = { ExpressionAttributeValues: { ':one': { N: '1' }, ':m': { M: { x: { BOOL: true } } } } };
    const { Attributes } = await db.call('UpdateItem', { ...key('a'), ...update, ...values });
    expect(Attributes).toEqual({ id: { S: 'a' }, n: { N: '2.5' }, m: { M: { x: { BOOL: true } } } });
    expect((await db.call('DeleteItem', { ...key('a'), ReturnValues: 'ALL_OLD' })).Attributes).toEqual(Attributes);
    expect(await db.call('GetItem', key('a'))).toEqual({});
  });

  test('cannot be changed through what was sent or answered', async () => {
    const db = await databaseWith(inboxTable);
    const list = ['x'];
    await db.call('PutItem', { TableName: 'inbox', Item: { id: { S: 'a' }, tags: { SS: list } } });
    list.push('y');
    const answer = (await db.call('GetItem', key('a'))).Item!;
    expect(() => Object.assign(answer, { n: { N: '1' } })).toThrow(TypeError);
    expect(() => Object.assign(answer['tags']!, { SS: [] })).toThrow(TypeError);
    expect((await db.call('GetItem', key('a'))).Item).toEqual({ id: { S: 'a' }, tags: { SS: ['x'] } });
  });

  test('a failed condition shows the old item to who asks for it', async () => {
    const db = await databaseWith(inboxTable);
    await db.call('PutItem', put('a'));
    const silent = await db.refusal('PutItem', put('a', isNew));
    expect(silent).toMatchObject({ code: 'ConditionalCheckFailedException', status: 400, fields: {} });
    expect(silent.message).toBe('The conditional request failed');
    const wanted = { ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    expect((await db.refusal('PutItem', put('a', wanted))).fields).toEqual({ Item: { id: { S: 'a' } } });
    expect(
      (await db.refusal('DeleteItem', { ...key('b'), ...wanted, ConditionExpression: 'attribute_exists(id)' })).fields,
    ).toEqual({});
  });

  test('conditions that were parsed before take the new values', async () => {
    const db = await databaseWith(inboxTable);
    await db.call('PutItem', { TableName: 'inbox', Item: { id: { S: 'a' }, n: { N: '5' } } });
    const condition = (n: string) => ({
      ...key('a'),
      UpdateExpression: 'SET seen = :n',
      ConditionExpression: '#n = :n AND attribute_exists(id)',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':n': { N: n } },
    });
    expect((await db.refusal('UpdateItem', condition('4'))).code).toBe('ConditionalCheckFailedException');
    await db.call('UpdateItem', condition('5'));
    expect((await db.refusal('UpdateItem', condition('6'))).code).toBe('ConditionalCheckFailedException');
    const unused = { ...condition('5'), ExpressionAttributeNames: { '#n': 'n', '#m': 'm' } };
    expect((await db.refusal('UpdateItem', unused)).message).toContain('unused in expressions: keys: {#m}');
    const otherName = { ...condition('5'), ExpressionAttributeNames: { '#n': 'other' } };
    expect((await db.refusal('UpdateItem', otherName)).code).toBe('ConditionalCheckFailedException');
  });

  test('400 KB is counted in bytes, not in characters', async () => {
    const db = await databaseWith(inboxTable);
    const big = (text: string) => ({ TableName: 'inbox', Item: { id: { S: 'a' }, t: { S: text } } });
    await db.call('PutItem', big('x'.repeat(409_600 - 4)));
    expect((await db.refusal('PutItem', big('x'.repeat(409_600 - 3)))).message).toBe(
      'Item size has exceeded the maximum allowed size',
    );
    expect((await db.refusal('PutItem', big('ä'.repeat(300_000)))).code).toBe('ValidationException');
    const grow = { UpdateExpression: 'SET u = :u', ExpressionAttributeValues: { ':u': { S: 'x' } } };
    expect((await db.refusal('UpdateItem', { ...key('a'), ...grow })).message).toBe(
      'Item size to update has exceeded the maximum allowed size',
    );
  });

  test('each write is a hop that names the table and the key', async () => {
    const db = await databaseWith(ordersTable);
    await db.call('PutItem', { TableName: 'orders', Item: order('a', 17) });
    await db.call('PutItem', { TableName: 'orders', Item: order('a', 17) });
    await db.call('DeleteItem', { TableName: 'orders', Key: order('a', 17) });
    await db.call('DeleteItem', { TableName: 'orders', Key: order('a', 17) });
    expect(db.runtime.timeline.hops.map(({ operation, summary }) => `${operation} ${summary}`)).toEqual([
      'PutItem orders id=a createdAt=17: INSERT',
      'PutItem orders id=a createdAt=17: unchanged',
      'DeleteItem orders id=a createdAt=17: REMOVE',
      'DeleteItem orders id=a createdAt=17: unchanged',
    ]);
    expect(db.runtime.timeline.hops[0]!).toMatchObject({
      resource: 'arn:aws:dynamodb:eu-central-1:000000000000:table/orders',
      data: { keys: order('a', 17), eventName: 'INSERT' },
    });
  });
});

describe('searches', () => {
  const byStatus = {
    TableName: 'orders',
    IndexName: 'by-status',
    KeyConditionExpression: '#s = :s',
    ExpressionAttributeNames: { '#s': 'status' },
    ExpressionAttributeValues: { ':s': { S: 'FAILED' } },
  };

  test('a query by an index follows inserts, changes and deletions', async () => {
    const db = await databaseWith(ordersTable);
    for (const n of [3, 1, 2])
      await db.call('PutItem', { TableName: 'orders', Item: order(`o${n}`, n, { status: { S: 'FAILED' } }) });
    await db.call('PutItem', { TableName: 'orders', Item: order('none', 9) });
    const found = async (more: object = {}) =>
      (await db.call('Query', { ...byStatus, ...more })).Items!.map((item) => item['id']!.S);
    expect(await found()).toEqual(['o1', 'o2', 'o3']);
    expect(await found({ ScanIndexForward: false, Limit: 2 })).toEqual(['o3', 'o2']);
    await db.call('UpdateItem', {
      TableName: 'orders',
      Key: order('o2', 2),
      UpdateExpression: 'SET #s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: 'SENT' } },
    });
    await db.call('DeleteItem', { TableName: 'orders', Key: order('o1', 1) });
    expect(await found()).toEqual(['o3']);
  });

  test('pages of an index give every item once, whatever the page size and direction', async () => {
    const db = await databaseWith({
      ...ordersTable,
      global_secondary_index: [{ name: 'by-status', hash_key: 'status', projection_type: 'KEYS_ONLY' }],
    });
    const ids = Array.from({ length: 60 }, (_, i) => `o${i}`);
    for (const id of ids)
      await db.call('PutItem', {
        TableName: 'orders',
        Item: order(id, 1, { status: { S: 'FAILED' }, total: { N: '1' } }),
      });
    for (const [Limit, ScanIndexForward] of [
      [1, true],
      [7, true],
      [7, false],
      [60, true],
    ] as const) {
      const seen: string[] = [];
      let ExclusiveStartKey: Item | undefined;
      do {
        const page = await db.call('Query', { ...byStatus, Limit, ScanIndexForward, ExclusiveStartKey });
        seen.push(...page.Items!.map((item) => item['id']!.S!));
        expect(page.Items!.every((item) => !item['total'])).toBe(true);
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey && seen.length <= ids.length);
      expect(seen.toSorted()).toEqual(ids.toSorted());
    }
  });

  test('a query by range, a filter, a projection and a count', async () => {
    const db = await databaseWith(ordersTable);
    for (const n of [-5, 2, 10, 9.5, 100])
      await db.call('PutItem', { TableName: 'orders', Item: order('a', n, { n: { N: String(n) } }) });
    const query = (more: object, values: object) =>
      db.call('Query', {
        TableName: 'orders',
        KeyConditionExpression: 'id = :id AND createdAt BETWEEN :from AND :to',
        ...more,
        ExpressionAttributeValues: { ':id': { S: 'a' }, ':from': { N: '-5' }, ':to': { N: '10' }, ...values },
      });
    const all = await query({ ProjectionExpression: 'createdAt' }, {});
    expect(all.Items).toEqual(['-5', '2', '9.5', '10'].map((N) => ({ createdAt: { N } })));
    const few = await query({ FilterExpression: 'n > :n', Select: 'COUNT' }, { ':n': { N: '2' } });
    expect(few).toEqual({ Count: 2, ScannedCount: 4 });
  });

  test('a scan in segments gives every item once', async () => {
    const db = await databaseWith(inboxTable);
    const ids = Array.from({ length: 50 }, (_, i) => `i${i}`);
    for (const id of ids) await db.call('PutItem', put(id));
    const segments = await Promise.all(
      [0, 1, 2].map(async (Segment) => db.call('Scan', { TableName: 'inbox', Segment, TotalSegments: 3 })),
    );
    expect(segments.flatMap(({ Items }) => Items!.map((item) => item['id']!.S!)).toSorted()).toEqual(ids.toSorted());
  });
});

describe('batches', () => {
  test('write and read items of several tables', async () => {
    const db = await databaseWith(inboxTable, ordersTable);
    await db.call('PutItem', put('old'));
    const requests = [
      ...['a', 'b'].map((id) => ({ PutRequest: { Item: { id: { S: id } } } })),
      { DeleteRequest: { Key: { id: { S: 'old' } } } },
    ];
    const written = await db.call('BatchWriteItem', {
      RequestItems: { inbox: requests, orders: [{ PutRequest: { Item: order('o') } }] },
    });
    expect(written).toEqual({ UnprocessedItems: {} });
    const Keys = ['a', 'b', 'old'].map((id) => ({ id: { S: id } }));
    const { Responses } = await db.call('BatchGetItem', {
      RequestItems: { inbox: { Keys }, orders: { Keys: [order('o')], ProjectionExpression: 'id' } },
    });
    expect(Responses).toEqual({
      inbox: expect.arrayContaining([{ id: { S: 'a' } }, { id: { S: 'b' } }]),
      orders: [{ id: { S: 'o' } }],
    });
  });

  test('leave unprocessed what does not fit into 16 MB', async () => {
    const db = await databaseWith(inboxTable);
    const ids = Array.from({ length: 50 }, (_, i) => `i${i}`);
    for (const id of ids) await db.call('PutItem', put(id, { Item: { id: { S: id }, t: { S: 'x'.repeat(400_000) } } }));
    const output = await db.call('BatchGetItem', {
      RequestItems: { inbox: { Keys: ids.map((id) => ({ id: { S: id } })), ProjectionExpression: 'id, t' } },
    });
    const left = output['UnprocessedKeys'];
    expect(left).toEqual({
      inbox: { Keys: ids.slice(41).map((id) => ({ id: { S: id } })), ProjectionExpression: 'id, t' },
    });
    expect(output.Responses).toMatchObject({ inbox: { length: 41 } });
  });
});
