import * as fc from 'fast-check';
import { recordParents, type StreamRecord } from '../../../../local/services/dynamodb/record';
import { inboxTable, key, ordersTable } from '../dynamodb-fixture';
import { put, streamed, withStream } from './streamed-table';

describe('records', () => {
  test('say what happened, in order, with the hop that wrote them', async () => {
    const { db, arn } = await withStream(ordersTable);
    const keys = { id: { S: 'a' }, createdAt: { N: '1' } };
    db.clock.moveTo(db.clock.now() + 1999);
    await db.call('PutItem', { TableName: 'orders', Item: { ...keys, n: { N: '1' } } });
    await db.call('PutItem', { TableName: 'orders', Item: { ...keys, n: { N: '2' } } });
    await db.call('DeleteItem', { TableName: 'orders', Key: keys });
    const records = await db.records(arn);
    expect(records).toEqual([
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-central-1',
        dynamodb: {
          ApproximateCreationDateTime: Date.UTC(2026, 0, 1) / 1000 + 1,
          Keys: keys,
          NewImage: { ...keys, n: { N: '1' } },
          SequenceNumber: expect.stringMatching(/^\d{21}$/),
          SizeBytes: 31,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        [recordParents]: [1],
      },
      expect.objectContaining({ eventName: 'MODIFY', [recordParents]: [2] }),
      expect.objectContaining({ eventName: 'REMOVE', [recordParents]: [3] }),
    ]);
    expect(records[1]!.dynamodb).toMatchObject({ OldImage: { n: { N: '1' } }, NewImage: { n: { N: '2' } } });
    expect(records[2]!.dynamodb).toMatchObject({ OldImage: { n: { N: '2' } } });
    expect(records[2]!.dynamodb).not.toHaveProperty('NewImage');
    expect(JSON.stringify(records[0]!)).not.toContain('recordParents');
    expect(() => Object.assign(records[0]!.dynamodb.NewImage!, { n: 1 })).toThrow(TypeError);
  });

  test.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
    ['NEW_AND_OLD_IMAGES', true, true],
  ])('%s shows what it says', async (view, newImage, oldImage) => {
    const { db, arn } = await withStream({ ...streamed, stream_view_type: view });
    await db.call('PutItem', put('a', 1));
    await db.call('PutItem', put('a', 2));
    const [, { dynamodb }] = (await db.records(arn)) as [StreamRecord, StreamRecord];
    expect(dynamodb.StreamViewType).toBe(view);
    expect(dynamodb.Keys).toEqual({ id: { S: 'a' } });
    expect(dynamodb.NewImage).toEqual(newImage ? put('a', 2).Item : undefined);
    expect(dynamodb.OldImage).toEqual(oldImage ? put('a', 1).Item : undefined);
  });

  test('there is none for a write that changed nothing, was refused, or went to a table without stream', async () => {
    const { db, arn } = await withStream();
    await db.table({ ...inboxTable, name: 'plain' });
    const sets = (SS: string[]) => ({
      TableName: 'inbox',
      Item: { id: { S: 's' }, tags: { SS }, m: { M: { a: { L: [{ N: '1' }] } } } },
    });
    await db.call('PutItem', sets(['x', 'y']));
    expect(await db.records(arn)).toHaveLength(1);
    await db.call('PutItem', sets(['y', 'x']));
    await db.call('UpdateItem', { ...key('s'), UpdateExpression: 'REMOVE nothing' });
    await db.call('DeleteItem', key('none'));
    await db.refusal('PutItem', { ...put('s', 1), ConditionExpression: 'attribute_not_exists(id)' });
    await db.refusal('TransactWriteItems', {
      TransactItems: [
        { Put: put('b', 1) },
        { ConditionCheck: { ...key('none'), ConditionExpression: 'attribute_exists(id)' } },
      ],
    });
    await db.call('PutItem', { ...put('a', 1), TableName: 'plain' });
    expect(await db.records(arn)).toHaveLength(1);
  });

  test('readers are told after each commit, once for a transaction', async () => {
    const { db, arn } = await withStream();
    const seen: number[] = [];
    db.runtime.onSignal(arn, () => seen.push(db.runtime.timeline.hops.length));
    await db.call('PutItem', put('a', 1));
    await db.call('TransactWriteItems', { TransactItems: [{ Put: put('b', 1) }, { Put: put('c', 1) }] });
    await db.call('PutItem', put('c', 1));
    expect(seen).toEqual([1, 3]);
  });

  test('replayed, they make the table that is there', async () => {
    const write = fc.record({
      operation: fc.constantFrom('PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'),
      id: fc.constantFrom('a', 'b', 'c'),
      n: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (writes, limit) => {
        const { db, arn } = await withStream();
        for (const { operation, id, n } of writes) {
          const update = { UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: String(n) } } };
          if (operation === 'PutItem') await db.call(operation, put(id, n));
          if (operation === 'UpdateItem') await db.call(operation, { ...key(id), ...update });
          if (operation === 'DeleteItem') await db.call(operation, key(id));
          const both = [{ Put: put(id, n) }, { Delete: key(id === 'a' ? 'b' : 'a') }];
          if (operation === 'TransactWriteItems') await db.call(operation, { TransactItems: both });
        }
        const replayed = new Map<string, unknown>();
        let last = '';
        for (let next = await db.iterator(arn); ;) {
          const page = await db.read(next, limit);
          for (const { eventName, dynamodb } of page.records) {
            const { Keys, OldImage, NewImage, SequenceNumber } = dynamodb;
            expect(SequenceNumber > last).toBe(true);
            expect(replayed.get(Keys['id']!.S!)).toEqual(OldImage);
            expect(NewImage).not.toEqual(OldImage);
            expect(eventName).toBe(NewImage ? (OldImage ? 'MODIFY' : 'INSERT') : 'REMOVE');
            if (NewImage) replayed.set(Keys['id']!.S!, NewImage);
            else replayed.delete(Keys['id']!.S!);
            last = SequenceNumber;
          }
          if (page.records.length < limit) break;
          next = page.next;
        }
        const items = await db.items('inbox');
        expect(new Map(items.map((item) => [item['id']!.S, item]))).toEqual(replayed);
      }),
      { numRuns: 100 },
    );
  });
});
