import { createHash } from 'node:crypto';
import { largestItemPayload } from '../../../lambdas/claim-check/claim-store';
import { messageOf } from '../../../lambdas/claim-check/message';
import { body, claimDays, ClaimsTable, daySeconds } from './claims-table';

let claims: ClaimsTable;

beforeEach(async () => {
  claims = await new ClaimsTable().make();
});

const keep = async (text: string) => claims.store.keep(text, messageOf(text));
const large = body('1', largestItemPayload + 1);
const sizes = [
  ['small', body('1'), 'table'],
  ['as large as an item takes', body('1', largestItemPayload), 'table'],
  ['larger', large, 'bucket'],
] as const;

test.each(sizes)('a message that is %s is stored and fetched, byte for byte', async (_what, text, store) => {
  const now = claims.database.clock.now();
  const { claim, claimedAt } = await keep(text);
  const hash = createHash('sha256').update(text).digest('hex');
  expect(claimedAt).toBe(now);
  expect(claim).toEqual({
    claimId: hash,
    payloadType: 'invoice',
    size: text.length,
    sha256: hash,
    location: { store, name: store === 'table' ? 'claims' : 'payloads', key: hash },
    expiresAt: new Date((Math.floor(now / 1000) + claimDays * daySeconds) * 1000).toISOString(),
  });
  expect(claims.objects.has(hash)).toBe(store === 'bucket');
  const [row] = await claims.items();
  expect('payload' in row!).toBe(store === 'table');
  expect(await claims.store.fetch(hash)).toEqual({ claim, body: text, message: JSON.parse(text) });
});

test('bytes count, not characters', async () => {
  const text = JSON.stringify({ id: '1', type: 'invoice', payload: '€'.repeat(largestItemPayload / 2) });
  const { claim } = await keep(text);
  expect(claim).toMatchObject({ size: Buffer.byteLength(text), location: { store: 'bucket' } });
  expect((await claims.store.fetch(claim.claimId)).body).toBe(text);
});

test('of a large message the object is written before the row: a claim always has its message', async () => {
  claims.before = async (operation) => {
    if (operation === 'PutItem') throw new Error('killed');
  };
  await expect(keep(large)).rejects.toThrow('killed');
  expect(claims.asked).toEqual(['GetItem', 'PutObject', 'PutItem']);
  expect(await claims.items()).toEqual([]);
  claims.before = async () => {};
  const { claim } = await keep(large);
  expect((await claims.store.fetch(claim.claimId)).body).toBe(large);
});

test.each(sizes)('a message that is %s is stored once, and has one claim', async (_what, text) => {
  const first = await keep(text);
  const items = await claims.items();
  claims.pass(15);
  claims.asked.length = 0;
  expect(await keep(text)).toEqual(first);
  expect(claims.asked).not.toContain('PutObject');
  expect(await claims.items()).toEqual(items);
});

test('two at once make one claim', async () => {
  const results = await Promise.all([keep(large), keep(large)]);
  expect(results[0]).toEqual(results[1]);
  expect(await claims.items()).toHaveLength(1);
});

test('two messages of one id and different content are two claims', async () => {
  const texts = [body('1', 200), body('1', 201), body('1', largestItemPayload + 1), body('1', largestItemPayload + 2)];
  const ids: string[] = [];
  for (const text of texts) ids.push((await keep(text)).claim.claimId);
  expect(new Set(ids).size).toBe(4);
  for (const [index, id] of ids.entries()) expect((await claims.store.fetch(id)).body).toBe(texts[index]);
});

test.each(sizes)('the claim of a message that is %s is renewed where a queue could outlast it', async (_what, text) => {
  const first = await keep(text);
  claims.pass(claimDays - 14);
  claims.objects.clear();
  const second = await keep(text);
  expect(second.claim.claimId).toBe(first.claim.claimId);
  expect(Date.parse(second.claim.expiresAt) - Date.parse(first.claim.expiresAt)).toBe(16 * daySeconds * 1000);
  expect((await claims.store.fetch(first.claim.claimId)).body).toBe(text);
});

describe('is not given back', () => {
  const reason = async (claimId: string) =>
    claims.store.fetch(claimId).then(
      () => 'given',
      (error: { reason?: string; message: string }) => [error.reason, error.message],
    );

  test('what was never stored', async () => {
    expect(await reason('a')).toEqual(['ClaimMissing', 'There is no claim a: it was never made, or has expired']);
  });

  test('what has expired, though the row is still there', async () => {
    const { claim } = await keep(body('1'));
    claims.pass(claimDays);
    expect(await reason(claim.claimId)).toEqual([
      'ClaimExpired',
      `The claim ${claim.claimId} expired at ${claim.expiresAt}`,
    ]);
  });

  test('what is gone from the bucket', async () => {
    const { claim } = await keep(large);
    claims.objects.clear();
    expect(await reason(claim.claimId)).toEqual([
      'PayloadMissing',
      `The bucket payloads does not have the message of the claim ${claim.claimId}`,
    ]);
  });

  test.each(sizes)('what was changed and is %s', async (_what, text) => {
    const { claim } = await keep(text);
    const [row] = await claims.items();
    const changed = `${text.slice(0, -4)}y"}}`;
    claims.objects.set(claim.claimId, changed);
    if (row!['payload']) await claims.put({ ...row!, payload: { S: changed } });
    const [why, message] = await reason(claim.claimId);
    expect(why).toBe('PayloadTampered');
    expect(message).not.toContain('xxx');
  });

  test.each([
    ['payloadType', { S: 'refund' }],
    ['size', { N: '199' }],
  ])('what the row says another %s of', async (name, value) => {
    const { claim } = await keep(body('1'));
    const [row] = await claims.items();
    await claims.put({ ...row!, [name]: value });
    expect(await reason(claim.claimId)).toEqual([
      'PayloadTampered',
      `The row of the claim ${claim.claimId} has another payloadType or size than its message`,
    ]);
  });
});

test.each(['GetItem', 'PutObject', 'PutItem'])('a refused %s is passed on', async (refused) => {
  const error = new Error('slow down');
  claims.before = async (operation) => {
    if (operation === refused) throw error;
  };
  await expect(keep(large)).rejects.toBe(error);
});
