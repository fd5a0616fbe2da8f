import { askers, grantsIn } from '../grants';
import { startOrders } from '../orders';

const grants: Record<string, string[]> = {};
beforeAll(async () => {
  const orders = await startOrders();
  for await (const [name, granted] of grantsIn(orders, 'outbox-core')) grants[name] = granted;
  await orders.stop();
});

test.each(Object.keys(askers))('%s may do what is listed, and nothing else', (name) => {
  expect(grants[name]).toEqual([...askers[name]!.granted].sort());
});
