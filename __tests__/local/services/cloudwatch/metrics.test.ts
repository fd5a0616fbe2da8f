import * as fc from 'fast-check';
import { Metrics, single } from '../../../../local/services/cloudwatch/metrics';

const minute = 60_000;
const day = 1440;

test('at least the newest day of minutes is kept, in whatever order they come, and not much more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 * day }), fc.integer({ min: 1, max: 97 }), (count, step) => {
      const metrics = new Metrics();
      const id = { namespace: 'n', name: 'm', dimensions: {} };
      const minutes = Array.from({ length: count }, (_, index) => index);
      const added = step % 2 ? minutes : minutes.toSorted((a, b) => ((a * step) % 101) - ((b * step) % 101));
      for (const index of added) metrics.add(id, single(1), index * minute);
      const found = metrics.periods(id, 0, count * minute, 60);
      expect(found.length).toBeLessThanOrEqual(day * 1.1);
      expect(found.map(({ time }) => time / minute).slice(-day)).toEqual(minutes.slice(-day));
    }),
    { numRuns: 30 },
  );
});
