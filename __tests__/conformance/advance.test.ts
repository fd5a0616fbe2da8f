import { type Local, startLocal } from '../../local/index';
import type { Hop } from '../../local/timeline';
import { synthesisFolder } from '../synthesis';
import { consumed, dev } from './orders';

/** On a real clock, as with `npm start`. */
let local: Local;
beforeEach(async () => {
  local = await startLocal({ from: synthesisFolder() });
});
afterEach(async () => local.stop());

const minute = 60_000;

test('a message that failed is delivered again without waiting for its visibility timeout', async () => {
  const confirmation = dev('order-confirmation');
  const write = { service: 'dynamodb', operation: 'TransactWriteItems', principal: confirmation } as const;
  local.faults.add({ ...write, effect: 'deny' });
  await fetch(`${local.apis[0]!.url}/createId`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ Status: 'CREATED' }),
  });
  const invoked = ({ service, operation, resource }: Hop) =>
    service === 'lambda' && operation === 'Invoke' && resource.endsWith(`:${confirmation}`);
  const [failed] = await local.timeline.waitFor((hop) => invoked(hop) && hop.outcome === 'failed');
  expect(await local.advance(10 * minute)).toMatchObject({ moved: 10 * minute, isComplete: true });
  const [deleted, ...others] = local.timeline.hops.filter(consumed('order-confirmation'));
  expect(others).toEqual([]);
  const again = local.timeline.hops.filter((hop) => invoked(hop) && hop.id > failed!.id);
  expect(again.map(({ outcome }) => outcome)).toEqual(['ok']);
  expect(deleted!.id).toBeGreaterThan(again[0]!.id);
});

test('schedules and alarms keep their times on the way', async () => {
  expect(await local.advance(60 * minute)).toMatchObject({ isComplete: true });
  const runs = local.timeline.hops.filter(
    ({ service, operation }) => service === 'scheduler' && operation === 'invoke',
  );
  const dues = runs.map(({ summary }) => Date.parse(/due (\S+),/.exec(summary)![1]!));
  expect(dues.length).toBeGreaterThan(2);
  const gaps = dues.slice(1).map((due, index) => due - dues[index]!);
  expect(new Set(gaps).size).toBe(1);
});
