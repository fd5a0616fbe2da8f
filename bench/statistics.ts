/** Several runs of one measurement. */
export interface Runs {
  /** By nearest rank: of an even number, the lower of the middle two. */
  readonly median: number;
  /** The least. */
  readonly min: number;
  readonly max: number;
}

/** @param values at least one */
export function runsOf(values: readonly number[]): Runs {
  return { median: percentile(values, 50), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The nearest-rank percentile.
 *
 * @param values at least one
 * @param p from 0 to 100
 */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]!;
}
