import { UsersTable } from './users-table';

const ada = { username: 'ada', email: 'ada@example.com', newsletter: true };
const origin = { correlationId: 'signup-1', causationId: 'request-1' };
const traceparent = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';

let users: UsersTable;
beforeEach(async () => {
  users = await new UsersTable().make();
});

describe('create', () => {
  test('writes the user with its first version and why', async () => {
    expect(await users.store.create('1', ada, { ...origin, traceparent })).toEqual({
      id: '1',
      version: 1,
      created: true,
    });
    expect(await users.items()).toEqual([
      {
        id: { S: '1' },
        username: { S: 'ada' },
        email: { S: 'ada@example.com' },
        newsletter: { BOOL: true },
        version: { N: '1' },
        createdAt: { N: expect.any(String) },
        updatedAt: { N: expect.any(String) },
        correlationId: { S: 'signup-1' },
        causationId: { S: 'request-1' },
        traceparent: { S: traceparent },
      },
    ]);
  });

  test('a repetition is a success and writes nothing', async () => {
    await users.store.create('1', ada, origin);
    expect(await users.store.create('1', ada, { ...origin, causationId: 'request-2' })).toEqual({
      id: '1',
      version: 1,
      created: false,
    });
    expect(await users.records()).toHaveLength(1);
  });

  test.each([
    ['another value', { ...ada, email: 'eve@example.com' }],
    ['a field more', { ...ada, locale: 'en' }],
    ['a field less', { username: 'ada', email: 'ada@example.com' }],
  ])('%s is another user, which the id does not allow', async (_what, other) => {
    await users.store.create('1', ada, origin);
    await expect(users.store.create('1', other, origin)).rejects.toMatchObject({ name: 'UserExists' });
    expect(await users.records()).toHaveLength(1);
  });

  test('what DynamoDB refuses otherwise is passed on', async () => {
    const failure = new Error('slow down');
    users.before = async () => Promise.reject(failure);
    await expect(users.store.create('1', ada, origin)).rejects.toBe(failure);
  });
});

describe('update', () => {
  test('sets, removes and counts', async () => {
    await users.store.create('1', { ...ada, locale: 'en' }, { ...origin, traceparent });
    const changes = { email: 'ada@example.org', locale: null, displayName: undefined };
    expect(await users.store.update('1', changes, { ...origin, causationId: 'request-2' })).toEqual({
      id: '1',
      version: 2,
    });
    const [item] = await users.items();
    expect(item).toMatchObject({
      email: { S: 'ada@example.org' },
      username: { S: 'ada' },
      causationId: { S: 'request-2' },
    });
    // The trace of the last change must not pass for that of this one.
    for (const gone of ['locale', 'displayName', 'traceparent']) expect(item).not.toHaveProperty(gone);
  });

  test('there must be such a user', async () => {
    const update = users.store.update('1', { locale: 'en' }, origin);
    await expect(update).rejects.toMatchObject({ name: 'UserNotFound', message: 'There is no user 1' });
    await expect(users.store.update('1', { locale: 'en' }, origin, 1)).rejects.toMatchObject({ name: 'UserNotFound' });
    expect(await users.items()).toEqual([]);
  });

  test('changes the version that is expected and no other', async () => {
    await users.store.create('1', ada, origin);
    await users.store.update('1', { locale: 'en' }, origin, 1);
    await expect(users.store.update('1', { locale: 'de' }, origin, 1)).rejects.toMatchObject({
      name: 'VersionConflict',
      message: 'The user 1 has version 2, expected: 1',
    });
    expect(await users.items()).toEqual([expect.objectContaining({ locale: { S: 'en' }, version: { N: '2' } })]);
  });
});

describe('delete', () => {
  test('deletes; a repetition is a success', async () => {
    await users.store.create('1', ada, origin);
    expect(await users.store.delete('1', origin)).toEqual({ id: '1', deleted: true });
    expect(await users.store.delete('1', origin)).toEqual({ id: '1', deleted: false });
    expect(await users.items()).toEqual([]);
  });

  test('the stream tells why', async () => {
    await users.store.create('1', ada, { ...origin, traceparent });
    await users.store.delete('1', { correlationId: 'goodbye', causationId: 'request-2' });
    const last = (await users.records()).at(-1)!;
    expect(last).toMatchObject({
      eventName: 'REMOVE',
      dynamodb: { OldImage: { correlationId: { S: 'goodbye' }, causationId: { S: 'request-2' }, version: { N: '2' } } },
    });
    expect(last.dynamodb!.OldImage).not.toHaveProperty('traceparent');
  });

  test('does not delete what somebody else changes meanwhile', async () => {
    await users.store.create('1', ada, origin);
    users.before = async (operation) => {
      if (operation !== 'DeleteItem') return;
      users.before = async () => {};
      await users.store.update('1', { locale: 'en' }, origin);
    };
    await expect(users.store.delete('1', origin)).rejects.toMatchObject({ name: 'VersionConflict' });
    expect(await users.items()).toHaveLength(1);
  });

  test('is a success if another deletion was faster', async () => {
    await users.store.create('1', ada, origin);
    users.before = async (operation) => {
      if (operation !== 'DeleteItem') return;
      users.before = async () => {};
      await users.database.call('DeleteItem', { TableName: 'users', Key: { id: { S: '1' } } });
    };
    expect(await users.store.delete('1', origin)).toEqual({ id: '1', deleted: true });
  });
});
