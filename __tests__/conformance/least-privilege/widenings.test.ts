import { askers, grantsIn } from '../grants';
import { startOrders } from '../orders';
import { MutableSynthesis, widenings } from '../policy-mutations';

let synthesis: MutableSynthesis;
let unchanged: Record<string, string[]>;
beforeAll(async () => {
  synthesis = new MutableSynthesis();
  unchanged = await grants();
});
afterAll(() => synthesis.remove());

/** All that each asker may do. */
async function grants(): Promise<Record<string, string[]>> {
  const orders = await startOrders({ from: synthesis.folder });
  try {
    return await grantsIn(orders);
  } finally {
    await orders.stop();
  }
}

describe('nobody may do more than they need', () => {
  test.each(Object.keys(askers))('%s', (name) => {
    expect(unchanged[name]).toEqual([...askers[name]!.granted].sort());
  });

  test.each(widenings())('this would be noticed: $name', async (mutation) => {
    const restore = synthesis.apply(mutation);
    try {
      expect(await grants()).not.toEqual(unchanged);
    } finally {
      restore();
    }
  });
});
