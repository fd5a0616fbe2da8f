import * as fc from 'fast-check';
import { type StreamRecord, recordParents } from '../../../local/services/dynamodb/record';
import { runUntil } from '../../../local/simulation';
import { Database, inboxTable, ordersTable } from './dynamodb-fixture';

const hour = 60 * 60_000;
const streamed = { ...inboxTable, stream_enabled: true, stream_view_type: 'NEW_AND_OLD_IMAGES' };
const put = (id: string, n: number) => ({ TableName: 'inbox', Item: { id: { S: id }, n: { N: String(n) } } });
const key = (id: string) => ({ TableName: 'inbox', Key: { id: { S: id } } });

async function withStream(table: object = streamed) {
  const db = new Database();
  const { stream_arn: arn } = await db.table(table);
  return { db, arn };
}

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

describe('reading', () => {
  const ids = ({ records }: { records: readonly StreamRecord[] }) =>
    records.map(({ dynamodb }) => dynamodb.Keys['id']!.S);

  test('each kind of iterator starts where it says', async () => {
    const { db, arn } = await withStream();
    const early = await db.iterator(arn, 'LATEST');
    for (const id of ['a', 'b', 'c']) await db.call('PutItem', put(id, 1));
    const second = (await db.records(arn))[1]!.dynamodb.SequenceNumber;
    expect(ids(await db.read(early))).toEqual(['a', 'b', 'c']);
    expect(ids(await db.read(await db.iterator(arn, 'LATEST')))).toEqual([]);
    expect(ids(await db.read(await db.iterator(arn, 'AT_SEQUENCE_NUMBER', second)))).toEqual(['b', 'c']);
    expect(ids(await db.read(await db.iterator(arn, 'AFTER_SEQUENCE_NUMBER', second)))).toEqual(['c']);
    const page = await db.read(await db.iterator(arn), 2);
    expect([ids(page), ids(await db.read(page.next))]).toEqual([['a', 'b'], ['c']]);
  });

  test('a read ends at 1 MB, and takes one record whatever its size', async () => {
    const { db, arn } = await withStream({ ...streamed, stream_view_type: 'NEW_IMAGE' });
    for (const id of ['a', 'b', 'c']) {
      await db.call('PutItem', { TableName: 'inbox', Item: { id: { S: id }, t: { S: 'x'.repeat(400_000) } } });
    }
    const page = await db.read(await db.iterator(arn));
    expect([ids(page), ids(await db.read(page.next))]).toEqual([['a', 'b'], ['c']]);
  });

  test('records go after 24 hours; who reads behind that is told', async () => {
    const { db, arn } = await withStream();
    await db.call('PutItem', put('a', 1));
    const [{ dynamodb: first }] = (await db.records(arn)) as [StreamRecord];
    db.clock.moveTo(db.clock.now() + 23.9 * hour);
    const old = await db.iterator(arn);
    await db.call('PutItem', put('b', 1));
    db.clock.moveTo(db.clock.now() + 0.1 * hour);
    expect(ids(await db.read(await db.iterator(arn)))).toEqual(['b']);
    expect((await db.refusal('GetRecords', { ShardIterator: old }, 'stream')).code).toBe('TrimmedDataAccessException');
    await expect(db.iterator(arn, 'AFTER_SEQUENCE_NUMBER', first.SequenceNumber)).rejects.toMatchObject({
      code: 'TrimmedDataAccessException',
      status: 400,
    });
  });

  test('an iterator lives for 15 minutes', async () => {
    const { db, arn } = await withStream();
    const iterator = await db.iterator(arn);
    db.clock.moveTo(db.clock.now() + hour / 4);
    const { next } = await db.read(iterator);
    db.clock.moveTo(db.clock.now() + 1);
    expect((await db.refusal('GetRecords', { ShardIterator: iterator }, 'stream')).code).toBe(
      'ExpiredIteratorException',
    );
    await db.read(next);
  });

  test('streams are listed and described', async () => {
    const { db, arn } = await withStream();
    await db.table(ordersTable);
    const listed = await db.stream('ListStreams', { TableName: 'inbox' });
    expect(listed).toEqual({
      Streams: [{ StreamArn: arn, TableName: 'inbox', StreamLabel: '2026-01-01T00:00:00.000' }],
    });
    const page = await db.stream('ListStreams', { Limit: 1 });
    expect(page['LastEvaluatedStreamArn']).toBe(arn);
    const rest = await db.stream('ListStreams', { ExclusiveStartStreamArn: arn });
    expect(rest['Streams']).toMatchObject([{ TableName: 'orders' }]);
    expect((await db.stream('DescribeStream', { StreamArn: arn }))['StreamDescription']).toMatchObject({
      StreamArn: arn,
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      TableName: 'inbox',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      Shards: [
        {
          ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{21}$/) },
        },
      ],
    });
  });

  test.each([
    ['no stream', 'DescribeStream', {}, 'ValidationException'],
    [
      'an unknown stream',
      'DescribeStream',
      { StreamArn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/x/stream/y' },
      'ResourceNotFoundException',
    ],
    ['an unknown kind', 'GetShardIterator', { ShardIteratorType: 'MIDDLE' }, 'ValidationException'],
    [
      'an unknown shard',
      'GetShardIterator',
      { ShardId: `shardId-${'0'.repeat(20)}-99999999`, ShardIteratorType: 'LATEST' },
      'ResourceNotFoundException',
    ],
    ['no number', 'GetShardIterator', { ShardIteratorType: 'AT_SEQUENCE_NUMBER' }, 'ValidationException'],
    [
      'a strange number',
      'GetShardIterator',
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: '9'.repeat(21) },
      'ValidationException',
    ],
    ['a broken iterator', 'GetRecords', { ShardIterator: 'x' }, 'ValidationException'],
    [
      'an iterator of another place',
      'GetRecords',
      { ShardIterator: 'arn|1|WyJzIiwxLDFd' },
      'ResourceNotFoundException',
    ],
    ['no iterator', 'GetRecords', {}, 'ValidationException'],
    ['an iterator that is a number', 'GetRecords', { ShardIterator: 1 }, 'SerializationException'],
    ['too many records', 'GetRecords', { ShardIterator: 'x', Limit: 1001 }, 'ValidationException'],
  ])('is refused: %s', async (_fault, operation, input, code) => {
    const { db, arn } = await withStream();
    const described = JSON.stringify(await db.stream('DescribeStream', { StreamArn: arn }));
    const [ShardId] = /shardId-[0-9a-f-]+/.exec(described)!;
    const base = operation === 'GetShardIterator' ? { StreamArn: arn, ShardId } : {};
    expect(await db.refusal(operation, { ...base, ...input }, 'stream')).toMatchObject({ code, status: 400 });
  });

  test('needs the permissions of DynamoDB, and the key of the table', async () => {
    const { db, arn } = await withStream({
      ...streamed,
      server_side_encryption: { enabled: true, kms_key_arn: 'arn:aws:kms:eu-central-1:000000000000:key/k' },
    });
    const needed = (operation: string, input: object) =>
      db.permissions(operation, input).map(({ action, resource }) => `${action} ${resource}`);
    expect(needed('DescribeStream', { StreamArn: arn })).toEqual([`dynamodb:DescribeStream ${arn}`]);
    expect(needed('GetRecords', { ShardIterator: await db.iterator(arn) })).toEqual([
      `dynamodb:GetRecords ${arn}`,
      'kms:Decrypt arn:aws:kms:eu-central-1:000000000000:key/k',
    ]);
    expect(needed('ListStreams', {})).toEqual(['dynamodb:ListStreams *']);
    expect(needed('ListStreams', { TableName: 'inbox' })).toEqual([
      'dynamodb:ListStreams arn:aws:dynamodb:eu-central-1:000000000000:table/inbox/stream/*',
    ]);
    expect(
      needed('GetShardIterator', {
        StreamArn: arn,
        ShardId: `shardId-${'0'.repeat(20)}-00000000`,
        ShardIteratorType: 'LATEST',
      }),
    ).toEqual([`dynamodb:GetShardIterator ${arn}`]);
  });
});

describe('time to live', () => {
  const expiring = { ...streamed, ttl: { attribute_name: 'expiresAt', enabled: true } };
  const write = (db: Database, id: string, second: number) =>
    db.call('PutItem', { TableName: 'inbox', Item: { id: { S: id }, expiresAt: { N: String(second) } } });

  test('expired items stay readable for a while and then go, by the service', async () => {
    const { db, arn } = await withStream(expiring);
    const now = db.clock.now() / 1000;
    await write(db, 'a', now + 60);
    await write(db, 'later', now + 40 * 24 * 3600);
    await write(db, 'text', now + 60);
    await db.call('PutItem', { TableName: 'inbox', Item: { id: { S: 'text' }, expiresAt: { S: String(now) } } });
    await write(db, 'ancient', now - 6 * 365 * 24 * 3600);
    db.clock.moveTo((now + 60) * 1000);
    expect((await db.call('GetItem', key('a'))).Item).toBeDefined();
    const gone = () => db.runtime.timeline.hops.some(({ operation }) => operation === 'expire');
    expect(await runUntil(db.runtime, db.clock, gone, hour)).toBe(true);
    expect((await db.items('inbox')).map((item) => item['id']!.S!).toSorted()).toEqual(['ancient', 'later', 'text']);
    const removed = (await db.records(arn)).filter(({ eventName }) => eventName === 'REMOVE');
    expect(removed).toEqual([
      expect.objectContaining({
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
        dynamodb: expect.objectContaining({ Keys: { id: { S: 'a' } } }),
      }),
    ]);
    const hop = db.runtime.timeline.hops.at(-1)!;
    expect(hop).toMatchObject({
      operation: 'expire',
      principal: 'dynamodb.amazonaws.com',
      parents: [1],
      summary: 'inbox id=a: REMOVE',
    });
    expect(removed[0]![recordParents]).toEqual([hop.id]);
    const rest = async () => (await db.items('inbox')).length;
    expect(await runUntil(db.runtime, db.clock, () => false, 41 * 24 * hour)).toBe(false);
    expect(await rest()).toBe(2);
  });

  test('an item that got more time stays; no timer runs while nothing can expire', async () => {
    const { db } = await withStream(expiring);
    const now = db.clock.now() / 1000;
    await write(db, 'a', now + 60);
    await write(db, 'a', now + 7200);
    await runUntil(db.runtime, db.clock, () => false, 2 * hour - 1);
    expect(await db.items('inbox')).toHaveLength(1);
    await db.call('DeleteItem', key('a'));
    expect(db.clock.step(Number.POSITIVE_INFINITY)).toBe(false);
  });
});
