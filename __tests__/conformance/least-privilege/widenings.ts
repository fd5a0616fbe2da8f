// The tests of each stack are declared here and run in a file of its own, so that they run beside one another.
/* oxlint-disable jest/no-export */
import type { StackName } from '../../synthesis';
import { askers, grantsIn } from '../grants';
import { startOrders } from '../orders';
import { MutableSynthesis, widenings } from '../policy-mutations';

/** Declares tests that widen one statement of a stack's policies after the other: somebody may then do more. */
export function nobodyMayDoMore(stack: StackName): void {
  const own = widenings().filter((mutation) => mutation.stack === stack);
  let synthesis: MutableSynthesis;
  beforeAll(() => {
    synthesis = new MutableSynthesis();
  });
  afterAll(() => synthesis.remove());

  /** The first asker who may do something else than listed. */
  async function noticed(): Promise<string | undefined> {
    const orders = await startOrders({ from: synthesis.folder });
    try {
      for await (const [name, granted] of grantsIn(orders, stack)) {
        if (JSON.stringify(granted) !== JSON.stringify([...askers[name]!.granted].sort())) return name;
      }
      return undefined;
    } finally {
      await orders.stop();
    }
  }

  test('as they are, nobody may do more', async () => {
    expect(await noticed()).toBeUndefined();
  });

  if (own.length > 0) {
    test.each(own)('this would be noticed: $name', async (mutation) => {
      const restore = synthesis.apply(mutation);
      try {
        expect(await noticed()).toBeDefined();
      } finally {
        restore();
      }
    });
  }
}
