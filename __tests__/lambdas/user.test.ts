import { newUser, requestOf, userChange, userRemoval } from '../../lambdas/users/user';

const ada = { username: 'ada', email: 'ada@example.com' };
const refusal = (schema: Parameters<typeof requestOf>[0], input: unknown): Error => {
  try {
    requestOf(schema, input);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was taken');
};

test('a user needs a name and an address; the rest may be given', () => {
  expect(requestOf(newUser, ada)).toEqual(ada);
  const full = { ...ada, id: 'ada', displayName: 'Ada', locale: 'en-GB', newsletter: true, correlationId: 'signup-1' };
  expect(requestOf(newUser, full)).toEqual(full);
});

test.each([
  ['username', { username: 'a' }],
  ['username', { username: '-ada' }],
  ['username', { username: 7 }],
  ['email', { email: 'hunter2' }],
  ['email', { email: `${'a'.repeat(250)}@example.com` }],
  ['id', { id: '' }],
  ['id', { id: 'a b' }],
  ['displayName', { displayName: '' }],
  ['displayName', { displayName: null }],
  ['locale', { locale: 'English' }],
  ['newsletter', { newsletter: 'hunter2' }],
  ['correlationId', { correlationId: 'a b' }],
])('a wrong %s is refused by name', (field, wrong) => {
  const { name, message } = refusal(newUser, { ...ada, ...wrong });
  expect(name).toBe('InvalidRequest');
  expect(message).toMatch(new RegExp(`^${field}: must be [^;]+$`));
  expect(message).not.toContain('hunter2');
});

test('all bad fields are named at once, those that nobody knows too', () => {
  const { message } = refusal(newUser, { username: 1, email: 2, password: 'hunter2' });
  expect(message).toMatch(/^username: .*; email: .*; password: no such field$/);
  expect(message).not.toContain('hunter2');
});

test.each([undefined, null, 'hunter2', []])('%p is no request', (input) =>
  expect(refusal(newUser, input).message).toBe('request: must be an object'),
);

test('a change names its user and at least one field; only optional fields can be removed', () => {
  expect(requestOf(userChange, { id: 'ada', locale: null })).toEqual({ id: 'ada', locale: null });
  expect(refusal(userChange, { id: 'ada' }).message).toBe('request: must change at least one field');
  expect(refusal(userChange, { id: 'ada', email: null }).message).toContain('email: ');
  expect(refusal(userChange, { locale: 'en' }).message).toContain('id: ');
  expect(refusal(userChange, { id: 'ada', locale: 'en', expectedVersion: 0 }).message).toContain('expectedVersion: ');
});

test('a removal names its user and nothing else', () => {
  expect(requestOf(userRemoval, { id: 'ada' })).toEqual({ id: 'ada' });
  expect(refusal(userRemoval, { id: 'ada', username: 'ada' }).message).toBe('username: no such field');
});
