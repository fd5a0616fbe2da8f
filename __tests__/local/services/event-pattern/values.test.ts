import { matchesPattern } from '../../../../local/services/event-pattern';
import { event } from './event';

describe('matchesPattern', () => {
  test('what is not an object fits no pattern', () => {
    for (const value of [null, undefined, 'x', 5, [{ source: 'x' }]]) {
      expect(matchesPattern({ source: [{ exists: false }] }, value)).toBe(false);
    }
  });

  test('sees a change of a pattern object', () => {
    const pattern = { source: ['x'] };
    expect(matchesPattern(pattern, event)).toBe(false);
    pattern.source[0] = 'order.event';
    expect(matchesPattern(pattern, event)).toBe(true);
  });

  test('long values do not make wildcards and arrays slow', () => {
    const long = 'a/'.repeat(20_000);
    const started = performance.now();
    expect(matchesPattern({ x: [{ wildcard: '*a*a*a*a*a*a*b' }] }, { x: long })).toBe(false);
    const many = Array.from({ length: 2000 }, () => 'x');
    expect(
      matchesPattern(
        { a: [{ prefix: 'x' }], b: [{ prefix: 'x' }], c: [{ prefix: 'x' }], d: ['y'] },
        { a: many, b: many, c: many },
      ),
    ).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
