interface Entry<T> {
  readonly item: T;
  readonly key: number;
  /** Counts what was added. */
  readonly sequence: number;
}

/**
 * A binary heap that can also remove any of its items; of those with one key the one added first is in front. Every change
 * is O(log n), everything else O(1).
 */
export class Heap<T extends object> {
  private readonly entries: Entry<T>[] = [];
  private readonly places = new Map<T, number>();
  private added = 0;

  get size(): number {
    return this.entries.length;
  }

  /** The item with the smallest key. */
  get first(): T | undefined {
    return this.entries[0]?.item;
  }

  /** The smallest key; `Infinity` if there is none. */
  get firstKey(): number {
    return this.entries[0]?.key ?? Infinity;
  }

  has(item: T): boolean {
    return this.places.has(item);
  }

  add(item: T, key: number): void {
    this.up(this.entries.length, { item, key, sequence: this.added++ });
  }

  /** @returns false if the item is not in the heap */
  remove(item: T): boolean {
    const place = this.places.get(item);
    if (place === undefined) return false;
    this.places.delete(item);
    const last = this.entries.pop()!;
    if (last.item === item) return true;
    const parent = this.entries[(place - 1) >> 1];
    if (place > 0 && parent && isBefore(last, parent)) this.up(place, last);
    else this.down(place, last);
    return true;
  }

  /** Removes the item with the smallest key. */
  take(): T | undefined {
    const { first } = this;
    if (first) this.remove(first);
    return first;
  }

  private put(place: number, entry: Entry<T>): void {
    this.entries[place] = entry;
    this.places.set(entry.item, place);
  }

  private up(from: number, entry: Entry<T>): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(entry, this.entries[above]!)) break;
      this.put(place, this.entries[above]!);
      place = above;
    }
    this.put(place, entry);
  }

  private down(from: number, entry: Entry<T>): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.entries.length) break;
      const right = left + 1;
      const below = right < this.entries.length && isBefore(this.entries[right]!, this.entries[left]!) ? right : left;
      if (!isBefore(this.entries[below]!, entry)) break;
      this.put(place, this.entries[below]!);
      place = below;
    }
    this.put(place, entry);
  }
}

function isBefore(one: Entry<object>, other: Entry<object>): boolean {
  return one.key < other.key || (one.key === other.key && one.sequence < other.sequence);
}
