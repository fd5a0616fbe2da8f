import * as fc from 'fast-check';
import { orderByDependency } from '../../../local/terraform/graph';

/** Dependencies among n vertices, each pair of numbers one of them. */
const edges = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 60 });

function graphOf(pairs: readonly (readonly [number, number])[]): Map<string, string[]> {
  const graph = new Map(Array.from({ length: 20 }, (_, vertex) => [`v${vertex}`, [] as string[]]));
  for (const [from, to] of pairs) graph.get(`v${from}`)!.push(`v${to}`);
  return graph;
}

test('without a cycle, each vertex follows its dependencies', () => {
  fc.assert(
    fc.property(edges, fc.shuffledSubarray([...Array(20).keys()], { minLength: 20 }), (pairs, names) => {
      const acyclic = pairs
        .filter(([from, to]) => from !== to)
        .map(([a, b]) => [names[Math.max(a, b)]!, names[Math.min(a, b)]!] as const);
      const graph = graphOf(acyclic);
      const { order, cycles } = orderByDependency(graph);
      expect(cycles).toStrictEqual([]);
      expect([...order].sort()).toStrictEqual([...graph.keys()].sort());
      for (const [from, to] of acyclic) expect(order.indexOf(`v${from}`)).toBeGreaterThan(order.indexOf(`v${to}`));
    }),
  );
});

test('each cycle reported is a way along dependencies that ends where it began', () => {
  fc.assert(
    fc.property(edges, fc.uniqueArray(fc.nat(19), { minLength: 1 }), (pairs, ring) => {
      const graph = graphOf([
        ...pairs,
        ...ring.map((vertex, index) => [vertex, ring[(index + 1) % ring.length]!] as const),
      ]);
      const { cycles } = orderByDependency(graph);
      expect(cycles.length).toBeGreaterThan(0);
      for (const cycle of cycles) {
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle[0]).toBe(cycle.at(-1));
        expect(new Set(cycle).size).toBe(cycle.length - 1);
        for (const [index, vertex] of cycle.slice(0, -1).entries())
          expect(graph.get(vertex)).toContain(cycle[index + 1]);
      }
      const members = cycles.flatMap((cycle) => cycle.slice(1));
      expect(new Set(members).size).toBe(members.length);
    }),
  );
});

test('independent vertices keep their order; what is no vertex is left out', () => {
  const graph = new Map([
    ['b', ['d', 'elsewhere']],
    ['a', []],
    ['d', []],
  ]);
  expect(orderByDependency(graph).order).toStrictEqual(['d', 'b', 'a']);
});
