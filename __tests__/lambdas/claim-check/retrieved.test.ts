import * as fc from 'fast-check';
import { claimed } from '../../../lambdas/claim-check/claimed';
import { largestInput, retrieved } from '../../../lambdas/claim-check/retrieved';
import { body, ClaimsTable } from './claims-table';
import { eventBody, nested, record } from './messages';

let claims: ClaimsTable;

beforeEach(async () => {
  claims = await new ClaimsTable().make();
});

async function through(text: string, batchSize = 1) {
  const event = await claimed(record(text), claims.store);
  return { event, result: await retrieved(record(eventBody(event), 'sqs-2'), claims.store, batchSize) };
}

test('a claim is exchanged for its message', async () => {
  const { event, result } = await through(JSON.stringify({ id: '7', type: 'a', payload: { nested: [1, 'ä'] } }));
  const payload = { nested: [1, 'ä'] };
  expect(result).toEqual({ messageId: 'sqs-2', id: '7', claim: event.data, delivery: 'inline', payload });
});

test.each([300_000, 900_000])('a message of %i bytes stays where it is', async (size) => {
  const { event, result } = await through(body('7', size));
  expect(result).toEqual({ messageId: 'sqs-2', id: '7', claim: event.data, delivery: 'reference' });
});

test('what goes inline makes an input that an execution takes, whatever the size and the batch', async () => {
  const size = fc.oneof(
    fc.integer({ min: 200, max: 1000 }),
    fc.integer({ min: largestInput - 1000, max: largestInput + 500 }),
  );
  await fc.assert(
    fc.asyncProperty(size, fc.integer({ min: 1, max: 3 }), async (bytes, batchSize) => {
      const { result } = await through(body('7', bytes), batchSize);
      const input = Buffer.byteLength(JSON.stringify(Array.from({ length: batchSize }, () => result)));
      expect(input).toBeLessThanOrEqual(largestInput);
      if (bytes * batchSize < largestInput - 2000) expect(result.delivery).toBe('inline');
    }),
    { numRuns: 30 },
  );
});

test('a tenth of what an execution takes is left to how the pipe writes JSON', () => {
  expect(largestInput).toBe(Math.floor(262_144 * 0.9));
});

test('an event without messageId, as they were, is a claim too', async () => {
  const { messageId: _messageId, ...event } = await claimed(record(body('7')), claims.store);
  expect(await retrieved(record(eventBody(event)), claims.store, 1)).toMatchObject({ claim: event.data });
});

test('the largest that fits goes inline, a byte more does not', async () => {
  const { result } = await through(body('7', 200));
  const other = JSON.stringify([result]).length - 200 + 3;
  const delivery = async (bytes: number) => (await through(body('7', bytes))).result.delivery;
  expect(await delivery(largestInput - other)).toBe('inline');
  expect(await delivery(largestInput - other + 1)).toBe('reference');
});

test('the table says where a message lies, not the claim', async () => {
  const event = await claimed(record(body('7', 300_000)), claims.store);
  const location = { store: 'bucket', name: 'of-somebody-else', key: 'theirs' };
  const forged = eventBody({ ...event, data: { ...event.data, location } });
  expect((await retrieved(record(forged), claims.store, 1)).claim).toEqual(event.data);
});

test.each([
  ['is no JSON', () => 'secret', 'NotJson'],
  ['is as deep as a queue takes', () => nested(500_000), 'NotAClaim'],
  ['is of another type', (detail: object) => eventBody(detail, { 'detail-type': 'Other' }), 'NotAClaim'],
  ['is of another source', (detail: object) => eventBody(detail, { source: 'order.event' }), 'NotAClaim'],
  ['has no data', ({ metadata }: any) => eventBody({ metadata }), 'NotAClaim'],
  [
    'names no claim',
    (detail: any) => eventBody({ ...detail, data: { ...detail.data, claimId: '../secret' } }),
    'NotAClaim',
  ],
  [
    'names one that was never made',
    (detail: any) => eventBody({ ...detail, data: { ...detail.data, claimId: '0'.repeat(64) } }),
    'ClaimMissing',
  ],
])('what %s is refused', async (_what, forge, reason) => {
  const event = await claimed(record(body('7')), claims.store);
  const refusal = await retrieved(record(forge(event)), claims.store, 1).catch((error: Error) => error);
  expect(refusal).toMatchObject({ name: 'Unprocessable', reason });
  expect((refusal as Error).message).not.toContain('secret');
});
