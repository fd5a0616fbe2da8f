import { recordParents } from '../../../../local/services/dynamodb/record';
import { runUntil } from '../../../../local/simulation';
import { type Database, key } from '../dynamodb-fixture';
import { hour, streamed, withStream } from './streamed-table';

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
