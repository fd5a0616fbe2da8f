import type { StreamRecord } from '../../../../local/services/dynamodb/record';
import { ordersTable } from '../dynamodb-fixture';
import { hour, put, streamed, withStream } from './streamed-table';

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
