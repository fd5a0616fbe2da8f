import type { Runs } from './statistics';

/** One line of the result. */
export interface Row {
  /** What is measured. */
  readonly name: string;
  readonly unit: 's' | 'ms' | 'MiB' | 'KB' | 'x' | 'orders/s' | 'orders';
  readonly runs: Runs;
  /** What is aimed at. @default nothing, the row informs */
  readonly aim?: Aim;
}

/** A bound, and on which side of it the median must be. */
export interface Aim {
  /** In the unit of the row. */
  readonly bound: number;
  /** The median must not be below the bound. @default it must not be above */
  readonly atLeast?: boolean;
}

/** What the project aims at. */
export const aims = {
  synthesis: { bound: 1 },
  synthesisMemory: { bound: 150 },
  ready: { bound: 2 },
  latency: { bound: 30 },
  rate: { bound: 150, atLeast: true },
  lost: { bound: 0 },
  functionSize: { bound: 90 },
  firstCall: { bound: 80 },
} as const satisfies Record<string, Aim>;

/** @returns undefined where nothing is aimed at */
export function isMet({ runs: { median }, aim }: Row): boolean | undefined {
  if (!aim) return undefined;
  return aim.atLeast ? median >= aim.bound : median <= aim.bound;
}

const digits: Record<Row['unit'], number> = { s: 2, ms: 1, MiB: 0, KB: 1, x: 1, 'orders/s': 0, orders: 0 };

/** The rows as lines of text, the names aligned. */
export function lines(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map((row) => {
    const { name, unit, runs, aim } = row;
    const [median, min, max] = [runs.median, runs.min, runs.max].map((value) => value.toFixed(digits[unit]));
    const spread = runs.min === runs.max ? '' : `(${min} to ${max})`;
    const verdict = aim ? `${isMet(row) ? 'met   ' : 'MISSED'} ${aim.atLeast ? '>=' : '<='} ${aim.bound}` : '';
    return `${name.padEnd(width)}  ${median!.padStart(8)} ${unit.padEnd(8)} ${spread.padEnd(22)} ${verdict}`.trimEnd();
  });
}
