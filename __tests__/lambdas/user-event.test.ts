import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { auditEntry } from '../../lambdas/users/audit-entry';
import metadataSchema from '../../lambdas/shared/event-metadata.v1.schema.json';
import createdSchema from '../../lambdas/users/events/user-created.v1.schema.json';
import deletedSchema from '../../lambdas/users/events/user-deleted.v1.schema.json';
import updatedSchema from '../../lambdas/users/events/user-updated.v1.schema.json';
import { profileFields } from '../../lambdas/users/user';
import { checks, dataversion, type UserCreated, userCreatedOf } from '../../lambdas/users/user-event';
import { userEvents } from '../../lambdas/users/user-event-type';
import { welcome } from '../../lambdas/users/welcome';

const detail: UserCreated = {
  metadata: {
    id: 'record-1',
    source: 'user.event',
    type: 'UserCreated',
    subject: '1',
    time: '2026-01-01T00:00:00.000Z',
    dataversion: '1',
    correlationId: 'signup-1',
    causationId: 'request-1',
  },
  data: { id: '1', version: 1, username: 'ada', email: 'ada@example.com' },
};
const event = { source: 'user.event', 'detail-type': 'UserCreated', detail };
const schemas = { UserCreated: createdSchema, UserUpdated: updatedSchema, UserDeleted: deletedSchema };

describe('the schemas', () => {
  test('there is one for each type, named after type and version', () => {
    const kebab = (type: string) => type.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
    const expected = Object.keys(checks).map((type) => `${kebab(type)}.v${dataversion}.schema.json`);
    expect(readdirSync(join(__dirname, '../../lambdas/users/events')).sort()).toEqual(expected.sort());
  });

  test.each(Object.entries(schemas))('%s is a valid schema that says so itself', (type, schema) => {
    const ajv = new Ajv({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      formats: { email: true, 'date-time': true },
    });
    ajv.addSchema(metadataSchema);
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
    expect(schema.$id).toBe(`urn:outbox:user.event:${type}:${dataversion}`);
    const { source, type: named, dataversion: version } = schema.properties.metadata.properties;
    expect([source.const, named.const, version.const]).toEqual([userEvents.source, type, dataversion]);
  });

  test('they document every field that is published, and no other', () => {
    const created = Object.keys(createdSchema.properties.data.properties);
    expect(created).toEqual(['id', 'version', ...profileFields]);
    expect(Object.keys(updatedSchema.properties.data.properties.changes.properties)).toEqual([...profileFields]);
  });
});

describe('a consumer', () => {
  test('reads the user from the event', () => expect(userCreatedOf(event)).toEqual(detail));

  test('lets pass what was added within the version', () => {
    const more = { metadata: { ...detail.metadata, region: 'eu' }, data: { ...detail.data, plan: 'free' } };
    expect(userCreatedOf({ ...event, detail: more })).toEqual(more);
  });

  const metadata = (change: object) => ({
    ...event,
    detail: { ...detail, metadata: { ...detail.metadata, ...change } },
  });
  const data = (change: object) => ({ ...event, detail: { ...detail, data: { ...detail.data, ...change } } });
  test.each([
    ['nothing', undefined, 'source or detail-type'],
    ['another source', { ...event, source: 'order.event' }, 'source or detail-type'],
    ['another type', { ...event, 'detail-type': 'UserDeleted' }, 'source or detail-type'],
    ['no detail', { ...event, detail: undefined }, 'event: breaks the rule "type"'],
    ['no data', { ...event, detail: { metadata: detail.metadata } }, 'data: missing'],
    ['another type inside', metadata({ type: 'UserDeleted' }), 'metadata.type: breaks the rule "const"'],
    ['another version', metadata({ dataversion: '2' }), 'metadata.dataversion: breaks the rule "const"'],
    ['an empty id', metadata({ id: '' }), 'metadata.id: breaks the rule "minLength"'],
    ['no time', metadata({ time: 'hunter2' }), 'metadata.time: breaks the rule "format"'],
    ['a broken trace', metadata({ traceparent: 'hunter2' }), 'metadata.traceparent: breaks the rule "pattern"'],
    ['no address', data({ email: undefined }), 'data.email: missing'],
    ['a wrong address', data({ email: 'hunter2' }), 'data.email: breaks the rule "format"'],
    ['a version that is text', data({ version: 'hunter2' }), 'data.version: breaks the rule "type"'],
  ])('refuses %s, naming the member and not its value', (_what, given, fault) => {
    expect(() => userCreatedOf(given)).toThrow(
      expect.objectContaining({ name: 'UnexpectedEvent', message: expect.stringContaining(fault) }),
    );
    expect(() => userCreatedOf(given)).toThrow(/^(?!.*hunter2)/);
  });
});

describe('the effects', () => {
  test('an audit entry is keyed by user and event and holds nothing personal', () => {
    const { Put } = auditEntry('audit', detail, 5);
    expect(Put).toEqual({
      TableName: 'audit',
      Item: {
        userId: { S: '1' },
        eventId: { S: 'record-1' },
        type: { S: 'UserCreated' },
        time: { S: '2026-01-01T00:00:00.000Z' },
        version: { N: '1' },
        correlationId: { S: 'signup-1' },
        causationId: { S: 'request-1' },
        recordedAt: { N: '5' },
      },
    });
  });

  test('a welcome greets by the name that is shown', () => {
    expect(welcome('welcomes', detail, 5).Put).toEqual({
      TableName: 'welcomes',
      Item: {
        userId: { S: '1' },
        eventId: { S: 'record-1' },
        email: { S: 'ada@example.com' },
        greeting: { S: 'Welcome, ada!' },
        welcomedAt: { N: '5' },
      },
    });
    const named = { ...detail, data: { ...detail.data, displayName: 'Ada Lovelace', locale: 'en' } };
    expect(welcome('welcomes', named, 5).Put!.Item).toMatchObject({
      greeting: { S: 'Welcome, Ada Lovelace!' },
      locale: { S: 'en' },
    });
  });
});
