import * as fc from 'fast-check';
import { Heap } from '../../local/heap';

test('a heap gives its items by key and those with one key as they came, whatever was removed from its middle', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(keys, fc.array(fc.nat(), { maxLength: 30, size: 'max' }), (added, removed) => {
      const heap = new Heap<{ key: number; place: number }>();
      const items = added.map((key, place) => ({ key, place }));
      for (const item of items) heap.add(item, item.key);
      const left = new Set(items);
      for (const index of removed) {
        const item = items[index % Math.max(1, items.length)];
        if (item) expect(heap.remove(item)).toBe(left.delete(item));
      }
      expect(heap.size).toBe(left.size);
      const taken: object[] = [];
      while (heap.size > 0) taken.push(heap.take()!);
      expect(taken).toEqual([...left].sort((a, b) => a.key - b.key || a.place - b.place));
    }),
    { numRuns: 500 },
  );
});
