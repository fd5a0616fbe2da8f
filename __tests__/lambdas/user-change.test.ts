import type { DynamoDBRecord } from 'aws-lambda';
import { userEventOf } from '../../lambdas/users/user-change';
import { UsersTable } from './users-table';

const ada = { username: 'ada', email: 'ada@example.com', newsletter: true };
const traceparent = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
const origin = (causationId: string) => ({ correlationId: 'signup-1', causationId });

/** A record as the stream has it when a user is created. */
async function created(change: (record: any) => void = () => {}): Promise<DynamoDBRecord> {
  const users = await new UsersTable().make();
  await users.store.create('1', ada, origin('request-1'));
  const [record] = JSON.parse(JSON.stringify(await users.records()));
  change(record);
  return record;
}

test('a user who comes, changes and goes makes three events', async () => {
  const users = await new UsersTable().make();
  await users.store.create('1', { ...ada, locale: 'en' }, { ...origin('request-1'), traceparent });
  await users.store.update('1', { locale: null, email: 'ada@example.org', username: 'ada' }, origin('request-2'));
  await users.store.delete('1', origin('request-3'));
  const records = await users.records();
  const metadata = (index: number, type: string, causationId: string) => ({
    id: records[index]!.eventID,
    source: 'user.event',
    type,
    subject: '1',
    time: new Date(records[index]!.dynamodb!.ApproximateCreationDateTime! * 1000).toISOString(),
    dataversion: '1',
    correlationId: 'signup-1',
    causationId,
  });
  expect(records.map(userEventOf)).toEqual([
    {
      metadata: { ...metadata(0, 'UserCreated', 'request-1'), traceparent },
      data: { id: '1', version: 1, ...ada, locale: 'en' },
    },
    {
      metadata: metadata(1, 'UserUpdated', 'request-2'),
      data: { id: '1', version: 2, changes: { locale: null, email: 'ada@example.org' } },
    },
    // The deletion notes why it happens: a change of no field.
    undefined,
    { metadata: metadata(3, 'UserDeleted', 'request-3'), data: { id: '1', version: 3 } },
  ]);
});

test('attributes that are no part of the profile are not published', async () => {
  const record = await created(({ dynamodb }) => (dynamodb.NewImage.passwordHash = { S: 'hunter2' }));
  expect(JSON.stringify(userEventOf(record))).not.toContain('hunter2');
});

test('a user whom no function of ours wrote is its own cause', async () => {
  const record = await created(({ dynamodb }) => {
    for (const name of ['correlationId', 'causationId']) delete dynamodb.NewImage[name];
  });
  const { eventID } = record;
  expect(userEventOf(record)!.metadata).toMatchObject({ correlationId: eventID, causationId: eventID });
});

test.each<[string, (record: any) => void, string]>([
  ['no e-mail address', ({ dynamodb }) => delete dynamodb.NewImage.email, 'data.email: missing'],
  [
    'a wrong type',
    ({ dynamodb }) => (dynamodb.NewImage.username = { N: '1' }),
    'data.username: breaks the rule "type"',
  ],
  ['no version', ({ dynamodb }) => delete dynamodb.NewImage.version, 'data.version: missing'],
  ['no id', (record) => delete record.eventID, 'metadata.id: missing'],
  ['no time', ({ dynamodb }) => delete dynamodb.ApproximateCreationDateTime, 'metadata.time: missing'],
  ['no images', ({ dynamodb }) => delete dynamodb.NewImage, 'data.username: missing'],
  ['nothing', (record) => delete record.dynamodb, 'metadata.subject: missing'],
])('a record with %s is refused, naming the member', async (_what, change, fault) => {
  const record = await created(change);
  expect(() => userEventOf(record)).toThrow(
    expect.objectContaining({ name: 'UnexpectedEvent', message: expect.stringContaining(fault) }),
  );
});
