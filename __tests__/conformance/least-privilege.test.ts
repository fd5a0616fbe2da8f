import { observe, type Observation } from './flows';
import { askers, grantsOf } from './grants';
import { type Orders, startOrders } from './orders';
import { MutableSynthesis, type Mutation, narrowings, widenings } from './policy-mutations';

let synthesis: MutableSynthesis;
beforeAll(() => {
  synthesis = new MutableSynthesis();
});
afterAll(() => synthesis.remove());

describe('no statement, action, resource or condition can be left out', () => {
  const unchanged: Observation[] = [];
  beforeAll(async () => {
    for await (const seen of observe(synthesis.folder)) unchanged.push(seen);
  });

  /** What the first flow that notices the mutation notices. */
  async function noticed(mutation: Mutation): Promise<string[]> {
    const restore = synthesis.apply(mutation);
    try {
      let flow = 0;
      for await (const { denials, failure, ...seen } of observe(synthesis.folder)) {
        if (seen.flow === 'start' && failure) return [failure.message];
        const before = unchanged[flow++]!.denials;
        const difference = [
          ...denials.filter((denial) => !before.includes(denial)).map((denial) => `denied: ${denial}`),
          ...before.filter((denial) => !denials.includes(denial)).map((denial) => `not denied: ${denial}`),
        ];
        if (difference.length > 0) return difference;
      }
      return [];
    } finally {
      restore();
    }
  }

  test('as they are, policies let every flow end well and deny nothing but what comes without TLS', () => {
    expect(unchanged.map(({ flow, failure }) => failure ?? flow)).toEqual(['start', 'withoutTls', 'administration', 'deadLetters', 'bothEffects']);
    for (const { flow, denials } of unchanged) {
      if (flow !== 'withoutTls') expect(denials).toEqual([]);
    }
  });

  test.each(narrowings())('$name', async (mutation) => {
  const t = performance.now();
  const n = await noticed(mutation);
  require('fs').appendFileSync('/tmp/lp.txt', `${Math.round(performance.now() - t)} ${mutation.name}\n    ${n.join('\n    ')}\n`);
    expect(n).not.toEqual([]);
  });
});

describe('nobody may do more than they need', () => {
  async function grants(): Promise<Record<string, string[]>> {
    const orders: Orders = await startOrders({ from: synthesis.folder });
    try {
      return Object.fromEntries(Object.entries(askers).map(([name, asker]) => [name, grantsOf(orders, asker)]));
    } finally {
      await orders.stop();
    }
  }
  const expected = Object.fromEntries(Object.entries(askers).map(([name, { granted }]) => [name, [...granted].sort()]));

  let unchanged: Record<string, string[]>;
  beforeAll(async () => {
    unchanged = await grants();
  });

  test.each(Object.keys(askers))('%s', (name) => {
    expect(unchanged[name]).toEqual(expected[name]);
  });

  test.each(widenings())('it would be noticed: $name', async (mutation) => {
    const restore = synthesis.apply(mutation);
    try {
      expect(await grants()).not.toEqual(unchanged);
    } finally {
      restore();
    }
  });
});
