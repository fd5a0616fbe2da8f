import type { Metric } from './runtime';

interface Gauge extends Omit<Metric, 'value'> {
  readonly read: () => number | undefined;
}

/** Metrics that are looked up when somebody wants them instead of being reported: depth of a queue, age of its oldest message. */
export class Gauges {
  private readonly all = new Set<Gauge>();

  /**
   * Adds a gauge.
   *
   * @param read the value now; undefined while AWS would report none
   * @returns takes the gauge away again
   */
  add(namespace: string, name: string, dimensions: Metric['dimensions'], read: () => number | undefined): () => void {
    const gauge = { namespace, name, dimensions, read };
    this.all.add(gauge);
    return () => this.all.delete(gauge);
  }

  /** Reads all gauges. */
  sample(): Metric[] {
    return [...this.all].flatMap(({ read, ...metric }) => {
      const value = read();
      return value === undefined ? [] : [{ ...metric, value }];
    });
  }
}
