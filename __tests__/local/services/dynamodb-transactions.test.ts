import * as fc from 'fast-check';
import { databaseWith, inboxTable, isNew, key, order, ordersTable, put } from './dynamodb-fixture';

describe('transactions', () => {
  const transact = (...TransactItems: object[]) => ({ TransactItems });

  test('a failed condition cancels all of it, with a reason for each action', async () => {
    const db = await databaseWith(inboxTable, ordersTable);
    await db.call('PutItem', put('a', { Item: { id: { S: 'a' }, n: { N: '1' } } }));
    const error = await db.refusal(
      'TransactWriteItems',
      transact(
        { Put: { TableName: 'orders', Item: order('o') } },
        { Put: put('a', { ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }) },
        { ConditionCheck: { ...key('b'), ConditionExpression: 'attribute_exists(id)' } },
      ),
    );
    expect(error).toMatchObject({ code: 'TransactionCanceledException', status: 400 });
    expect(error.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
    );
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    expect(error.fields).toEqual({
      CancellationReasons: [{ Code: 'None' }, { ...failed, Item: { id: { S: 'a' }, n: { N: '1' } } }, failed],
    });
    expect(await db.items('orders')).toEqual([]);
  });

  test('an update that cannot be done is a reason as well; a wrong key cancels before conditions', async () => {
    const db = await databaseWith(inboxTable);
    await db.call('PutItem', put('a'));
    const add = { UpdateExpression: 'ADD id2 :x SET m.x = :x', ExpressionAttributeValues: { ':x': { N: '1' } } };
    const wrongPath = await db.refusal(
      'TransactWriteItems',
      transact({ Put: put('b') }, { Update: { ...key('a'), ...add } }),
    );
    expect(wrongPath.fields['CancellationReasons']).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The document path provided in the update expression is invalid for update' },
    ]);
    const wrongKey = await db.refusal(
      'TransactWriteItems',
      transact({ Put: put('a', isNew) }, { Delete: { TableName: 'inbox', Key: { id: { N: '1' } } } }),
    );
    expect(wrongKey.message).toContain('[None, ValidationError]');
    expect(await db.items('inbox')).toEqual([{ id: { S: 'a' } }]);
  });

  test.each([
    [
      'no two actions on one item',
      transact({ Put: put('a') }, { Delete: key('a') }),
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'at most 100 actions',
      transact(...Array.from({ length: 101 }, (_, i) => ({ Put: put(`i${i}`) }))),
      'Member must have length less than or equal to 100',
    ],
    ['at least one', transact(), 'Member must have length greater than or equal to 1'],
    [
      'one action per entry',
      transact({ Put: put('a'), Delete: key('b') }),
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    ['not none', transact({}), 'TransactItems can only contain one of Check, Put, Update or Delete'],
    [
      'a condition in a check',
      transact({ ConditionCheck: key('a') }),
      "Value null at 'transactItems.1.member.conditionCheck.conditionExpression' failed to satisfy constraint: Member must not be null",
    ],
    [
      '4 MB',
      transact(
        ...Array.from({ length: 11 }, (_, i) => ({
          Put: put(`i${i}`, { Item: { id: { S: `i${i}` }, t: { S: 'x'.repeat(400_000) } } }),
        })),
      ),
      '4 MB',
    ],
  ])('are refused: %s', async (_rule, input, message) => {
    const db = await databaseWith(inboxTable);
    const error = await db.refusal('TransactWriteItems', input);
    expect(error).toMatchObject({ code: 'ValidationException', status: 400 });
    expect(error.message).toContain(message);
    expect(await db.items('inbox')).toEqual([]);
  });

  test('a token makes a repetition a success without effect, for ten minutes', async () => {
    const db = await databaseWith(inboxTable);
    const count = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    const input = { ClientRequestToken: 't1', ...transact({ Update: { ...key('a'), ...count } }) };
    await db.call('TransactWriteItems', input);
    await db.call('TransactWriteItems', { TransactItems: input.TransactItems, ClientRequestToken: 't1' });
    expect(await db.items('inbox')).toEqual([{ id: { S: 'a' }, n: { N: '1' } }]);
    expect(db.runtime.timeline.hops.at(-1)).toMatchObject({ operation: 'TransactWriteItems', outcome: 'duplicate' });
    const other = await db.refusal('TransactWriteItems', { ...input, ...transact({ Put: put('b') }) });
    expect(other.code).toBe('IdempotentParameterMismatchException');
    db.clock.moveTo(db.clock.now() + 10 * 60_000);
    await db.call('TransactWriteItems', input);
    expect(await db.items('inbox')).toEqual([{ id: { S: 'a' }, n: { N: '2' } }]);
  });

  test('a token of a cancelled transaction may be used again', async () => {
    const db = await databaseWith(inboxTable);
    const input = {
      ClientRequestToken: 't1',
      ...transact({ ConditionCheck: { ...key('a'), ConditionExpression: 'attribute_exists(id)' } }, { Put: put('b') }),
    };
    expect((await db.refusal('TransactWriteItems', input)).code).toBe('TransactionCanceledException');
    await db.call('PutItem', put('a'));
    await db.call('TransactWriteItems', input);
    expect(await db.items('inbox')).toHaveLength(2);
  });

  test('reads answer in the order of the request', async () => {
    const db = await databaseWith(inboxTable);
    await db.call('PutItem', put('b'));
    const { Responses } = await db.call('TransactGetItems', transact({ Get: key('a') }, { Get: key('b') }));
    expect(Responses).toEqual([{}, { Item: { id: { S: 'b' } } }]);
  });

  test('are all or nothing, as a plain map would be', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const action = fc.record({
      kind: fc.constantFrom('Put', 'Update', 'Delete', 'ConditionCheck'),
      n: fc.integer({ min: 0, max: 9 }),
      exists: fc.constantFrom(true, false, undefined),
    });
    const transaction = fc.dictionary(fc.constantFrom(...ids), action, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { maxLength: 20 }), async (transactions) => {
        const db = await databaseWith(inboxTable);
        const model = new Map<string, number>();
        for (const actions of transactions) {
          const entries = Object.entries(actions);
          const expected = entries.map(
            ([id, { kind, exists = kind === 'ConditionCheck' ? true : undefined }]) =>
              exists === undefined || exists === model.has(id),
          );
          const TransactItems = entries.map(
            ([id, { kind, n, exists = kind === 'ConditionCheck' ? true : undefined }]) => {
              const condition =
                exists === undefined ? {} : { ConditionExpression: `attribute_${exists ? '' : 'not_'}exists(id)` };
              const value = { ExpressionAttributeValues: { ':n': { N: String(n) } } };
              if (kind === 'Put')
                return { Put: put(id, { Item: { id: { S: id }, n: { N: String(n) } }, ...condition }) };
              if (kind === 'Update')
                return { Update: { ...key(id), UpdateExpression: 'ADD n :n', ...value, ...condition } };
              return { [kind]: { ...key(id), ...condition } };
            },
          );
          const done = await db.call('TransactWriteItems', { TransactItems }).then(
            () => true,
            (error: unknown) => {
              expect(error).toMatchObject({
                fields: {
                  CancellationReasons: expected.map((ok) => ({ Code: ok ? 'None' : 'ConditionalCheckFailed' })),
                },
              });
              return false;
            },
          );
          expect(done).toBe(expected.every(Boolean));
          if (!done) continue;
          for (const [id, { kind, n }] of entries) {
            if (kind === 'Put') model.set(id, n);
            if (kind === 'Update') model.set(id, (model.get(id) ?? 0) + n);
            if (kind === 'Delete') model.delete(id);
          }
        }
        const items = await db.items('inbox');
        expect(new Map(items.map((item) => [item['id']!.S, Number(item['n']!.N)]))).toEqual(model);
      }),
      { numRuns: 150 },
    );
  });
});
