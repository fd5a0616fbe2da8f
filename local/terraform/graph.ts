/** Vertices in an order in which each follows what it depends on, or the cycles that rule one out. */
export interface Ordering {
  readonly order: readonly string[];
  /** Each is a way along dependencies whose first and last vertex are the same; no two share a vertex. */
  readonly cycles: readonly (readonly string[])[];
}

/**
 * Orders vertices by dependency; independent ones keep the order of the map.
 *
 * @param dependencies of each vertex; ones that are not vertices themselves are left out
 */
export function orderByDependency(dependencies: ReadonlyMap<string, Iterable<string>>): Ordering {
  const order: string[] = [];
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const inCycles = new Set<string>();
  const path = new Set<string>();

  const visit = (vertex: string): void => {
    if (finished.has(vertex)) return;
    if (path.has(vertex)) {
      const way = [...path];
      const cycle = [...way.slice(way.indexOf(vertex)), vertex];
      if (cycle.some((member) => inCycles.has(member))) return;
      for (const member of cycle) inCycles.add(member);
      cycles.push(cycle);
      return;
    }
    path.add(vertex);
    for (const dependency of dependencies.get(vertex) ?? []) if (dependencies.has(dependency)) visit(dependency);
    path.delete(vertex);
    finished.add(vertex);
    order.push(vertex);
  };
  for (const vertex of dependencies.keys()) visit(vertex);
  return { order, cycles };
}
