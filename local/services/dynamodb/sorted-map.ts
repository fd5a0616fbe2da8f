/** Bounds of a range of keys. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
}

/** A map that can also be read in the order of its keys (by code unit). Sorting waits until somebody reads a range. */
export class SortedMap<V> {
  private readonly values = new Map<string, V>();
  private keys: string[] = [];
  private readonly unsorted = new Set<string>();

  get size(): number {
    return this.values.size;
  }

  get(key: string): V | undefined {
    return this.values.get(key);
  }

  set(key: string, value: V): void {
    if (!this.values.has(key)) this.unsorted.add(key);
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (!this.values.delete(key) || this.unsorted.delete(key)) return;
    this.keys.splice(this.position(key), 1);
  }

  /** The values in a range, in order; the map must not change while they are read. */
  *range({ gt, gte, lt, lte, reverse }: KeyRange = {}): Generator<V> {
    this.sort();
    const from = gt === undefined ? (gte === undefined ? 0 : this.position(gte)) : this.position(gt, true);
    const to = lt === undefined ? (lte === undefined ? this.keys.length : this.position(lte, true)) : this.position(lt);
    if (reverse) for (let i = to - 1; i >= from; i--) yield this.values.get(this.keys[i]!)!;
    else for (let i = from; i < to; i++) yield this.values.get(this.keys[i]!)!;
  }

  private sort(): void {
    if (this.unsorted.size * 16 > this.keys.length) this.keys = [...this.keys, ...this.unsorted].sort();
    else for (const key of this.unsorted) this.keys.splice(this.position(key), 0, key);
    this.unsorted.clear();
  }

  /** How many sorted keys come before `key`. */
  private position(key: string, inclusive = false): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.keys[middle]!;
      if (candidate < key || (inclusive && candidate === key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
