import { claimed } from '../../../lambdas/claim-check/claimed';
import { body, ClaimsTable } from './claims-table';
import { nested, record } from './messages';

let claims: ClaimsTable;

/** A message with a payload that is JSON. */
const messageWith = (payload: string) => `{"id":"1","type":"a","payload":${payload}}`;

beforeEach(async () => {
  claims = await new ClaimsTable().make();
});

test('a message becomes the event of its claim, without a byte of its payload', async () => {
  const text = JSON.stringify({ id: 'invoice-7', type: 'invoice', payload: { secret: 'hunter2' }, note: 'hunter2' });
  const event = await claimed(record(text, 'sqs-1'), claims.store);
  expect(event).toEqual({
    messageId: 'sqs-1',
    metadata: {
      id: event.data.claimId,
      source: 'claim.event',
      type: 'PayloadClaimed',
      subject: event.data.claimId,
      time: new Date(claims.database.clock.now()).toISOString(),
      dataversion: '1',
      correlationId: 'invoice-7',
      causationId: 'sqs-1',
    },
    data: expect.objectContaining({ payloadType: 'invoice', size: text.length }),
  });
  expect(JSON.stringify(event)).not.toContain('hunter2');
});

test('again it becomes the same event, so that a consumer knows it', async () => {
  const first = await claimed(record(body('1')), claims.store);
  claims.pass(1);
  expect(await claimed(record(body('1')), claims.store)).toEqual(first);
});

test.each([
  ['no JSON', 'secret{', 'NotJson', 'The message body is not JSON'],
  ['no object', '["secret"]', 'NotAMessage', 'Not a message, version 1: event: breaks the rule "type"'],
  ['without a type', '{"id":"1","payload":"secret"}', 'NotAMessage', 'Not a message, version 1: type: missing'],
  ['without an id', '{"type":"a","payload":"secret"}', 'NotAMessage', 'Not a message, version 1: id: missing'],
  ['without a payload', '{"id":"1","type":"a"}', 'NotAMessage', 'Not a message, version 1: payload: missing'],
  [
    'of a type that is none',
    '{"id":"1","type":"a secret","payload":1}',
    'NotAMessage',
    'Not a message, version 1: type: breaks the rule "pattern"',
  ],
  [
    'of an id that is too long',
    JSON.stringify({ id: 'x'.repeat(129), type: 'a', payload: 1 }),
    'NotAMessage',
    'Not a message, version 1: id: breaks the rule "maxLength"',
  ],
  [
    'a level too deep',
    messageWith(nested(100)),
    'NotAMessage',
    'The message body has more than 100 levels of objects and lists',
  ],
  ['as deep as a queue takes', messageWith(nested(500_000)), 'NotAMessage', expect.stringContaining('100 levels')],
  ['deep and no object', nested(500_000), 'NotAMessage', expect.stringContaining('100 levels')],
  ['too large', body('1', 1_048_577), 'TooLarge', 'The message has 1048577 bytes, allowed: 1048576'],
])('what is %s is refused, and not quoted', async (_what, text, reason, message) => {
  const refusal = await claimed(record(text), claims.store).catch((error: Error) => error);
  expect(refusal).toMatchObject({ name: 'Unprocessable', reason, message });
  expect(await claims.items()).toEqual([]);
});

test.each([
  ['null', null],
  ['false', false],
  ['nothing', ''],
  ['deep', { a: [{ b: 1 }] }],
  ['99 levels beneath the message', JSON.parse(nested(99)) as unknown],
  ['long and flat', Array.from({ length: 200_000 }, () => [])],
])('a payload may be %s', async (_what, payload) => {
  const text = messageWith(JSON.stringify(payload));
  const { data } = await claimed(record(text), claims.store);
  expect((await claims.store.fetch(data.claimId)).body).toBe(text);
});
