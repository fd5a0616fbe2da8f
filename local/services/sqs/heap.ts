interface Entry<T> {
  readonly item: T;
  readonly key: number;
}

/** A binary heap that can also remove any of its items. Every change is O(log n), everything else O(1). */
export class Heap<T extends object> {
  private readonly entries: Entry<T>[] = [];
  private readonly places = new Map<T, number>();

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
    this.up(this.entries.length, { item, key });
  }

  /** @returns false if the item is not in the heap */
  remove(item: T): boolean {
    const place = this.places.get(item);
    if (place === undefined) return false;
    this.places.delete(item);
    const last = this.entries.pop()!;
    if (last.item === item) return true;
    const parent = this.entries[(place - 1) >> 1];
    if (place > 0 && parent && parent.key > last.key) this.up(place, last);
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
      if (this.entries[above]!.key <= entry.key) break;
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
      const below = right < this.entries.length && this.entries[right]!.key < this.entries[left]!.key ? right : left;
      if (this.entries[below]!.key >= entry.key) break;
      this.put(place, this.entries[below]!);
      place = below;
    }
    this.put(place, entry);
  }
}
