import * as fc from 'fast-check';
import { Heap } from '../../../../local/services/sqs/heap';

test('a heap gives its items by key, whatever was removed from its middle', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(keys, fc.array(fc.nat(), { maxLength: 30, size: 'max' }), (added, removed) => {
      const heap = new Heap<{ key: number }>();
      const items = added.map((key) => ({ key }));
      for (const item of items) heap.add(item, item.key);
      const left = new Set(items);
      for (const index of removed) {
        const item = items[index % Math.max(1, items.length)];
        if (item) expect(heap.remove(item)).toBe(left.delete(item));
      }
      expect(heap.size).toBe(left.size);
      const taken: number[] = [];
      while (heap.size > 0) taken.push(heap.take()!.key);
      expect(taken).toEqual([...left].map(({ key }) => key).sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});
