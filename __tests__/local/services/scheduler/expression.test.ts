import * as fc from 'fast-check';
import { parseExpression } from '../../../../local/services/scheduler/expression';

const time = (text: string) => Date.parse(text);

/** The first times due after a time, as ISO text without fractions. */
function due(text: string, from: string, count: number, timezone = 'UTC', anchor = from): string[] {
  const expression = parseExpression(text, timezone);
  const times: string[] = [];
  let after = time(from) - 1;
  for (let i = 0; i < count; i++) {
    const next = expression.next(after, time(anchor));
    if (next === undefined) break;
    times.push(new Date(next).toISOString().replace('.000Z', 'Z'));
    after = next;
  }
  return times;
}

test('a rate is due at once, then after each interval', () => {
  const from = '2026-01-01T00:00:07Z';
  expect(due('rate(5 minutes)', from, 3)).toEqual([from, '2026-01-01T00:05:07Z', '2026-01-01T00:10:07Z']);
  expect(due('rate(1 day)', from, 2)).toEqual([from, '2026-01-02T00:00:07Z']);
  expect(due('rate(1 hours)', '2026-01-01T03:30:00Z', 1, 'UTC', from)).toEqual(['2026-01-01T04:00:07Z']);
});

test('at is due once, in its time zone; what is past is due at once', () => {
  expect(due('at(2026-07-01T09:00:00)', '2026-01-01T00:00:00Z', 2, 'Europe/Berlin')).toEqual(['2026-07-01T07:00:00Z']);
  expect(due('at(2025-07-01T09:00:00)', '2026-01-01T00:00:00Z', 2)).toEqual(['2026-01-01T00:00:00Z']);
});

test.each([
  ['cron(0/20 * * * ? *)', ['2026-01-01T00:00:00Z', '2026-01-01T00:20:00Z', '2026-01-01T00:40:00Z']],
  ['cron(0 8 ? * 2-6 *)', ['2026-01-01T08:00:00Z', '2026-01-02T08:00:00Z', '2026-01-05T08:00:00Z']],
  ['cron(0 8 ? * 1 *)', ['2026-01-04T08:00:00Z', '2026-01-11T08:00:00Z', '2026-01-18T08:00:00Z']],
  ['cron(0 8 ? * SUN,TUE *)', ['2026-01-04T08:00:00Z', '2026-01-06T08:00:00Z', '2026-01-11T08:00:00Z']],
  ['cron(0 8 ? * 2#1 *)', ['2026-01-05T08:00:00Z', '2026-02-02T08:00:00Z', '2026-03-02T08:00:00Z']],
  ['cron(0 8 ? * 6L *)', ['2026-01-30T08:00:00Z', '2026-02-27T08:00:00Z', '2026-03-27T08:00:00Z']],
  ['cron(0 8 ? * L *)', ['2026-01-03T08:00:00Z', '2026-01-10T08:00:00Z', '2026-01-17T08:00:00Z']],
  ['cron(0 8 L * ? *)', ['2026-01-31T08:00:00Z', '2026-02-28T08:00:00Z', '2026-03-31T08:00:00Z']],
  ['cron(0 8 3W * ? *)', ['2026-01-02T08:00:00Z', '2026-02-03T08:00:00Z', '2026-03-03T08:00:00Z']],
  ['cron(15 10 1 JAN ? 2027-2028)', ['2027-01-01T10:15:00Z', '2028-01-01T10:15:00Z']],
  ['cron(0 8 1 1 ? 2025)', []],
])('%s', (text, expected) => {
  expect(due(text, '2026-01-01T00:00:00Z', 3)).toEqual(expected);
});

test('a time that the clocks skip is skipped', () => {
  expect(due('cron(30 2 * * ? *)', '2026-03-28T00:00:00Z', 2, 'Europe/Berlin')).toEqual([
    '2026-03-28T01:30:00Z',
    '2026-03-30T00:30:00Z',
  ]);
});

test('times that the clocks repeat are due once', () => {
  expect(due('cron(0/30 * * * ? *)', '2026-10-25T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
    '2026-10-25T00:00:00Z',
    '2026-10-25T00:30:00Z',
    '2026-10-25T02:00:00Z',
  ]);
});

test.each([
  'every 5 minutes',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'rate(5)',
  'at(2026-02-30T00:00:00)',
  'at(2026-02-03)',
  'cron(0 8 * * * *)',
  'cron(0 8 ? * ? *)',
  'cron(0 8 1 * 2 *)',
  'cron(0 8 1 * ?)',
  'cron(61 8 1 * ? *)',
  'cron(0 8 ? * 8 *)',
  'cron(a 8 1 * ? *)',
])('refuses %s', (text) => {
  expect(() => parseExpression(text)).toThrow(/^Invalid Schedule Expression /);
});

test('refuses a time zone that does not exist', () => {
  expect(() => parseExpression('rate(1 minute)', 'Mars/Olympus')).toThrow('Mars/Olympus');
});

test('next is after what it is asked about, and nothing lies between', () => {
  const expressions = ['rate(7 minutes)', 'cron(0/10 * * * ? *)', 'cron(30 2 ? * 2-6 *)', 'cron(0 0 L * ? *)'];
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
  const after = fc.integer({ min: time('2026-01-01T00:00:00Z'), max: time('2027-01-01T00:00:00Z') });
  fc.assert(
    fc.property(
      fc.constantFrom(...expressions),
      fc.constantFrom(...zones),
      after,
      fc.nat(600_000),
      (text, zone, a, d) => {
        const expression = parseExpression(text, zone);
        const next = expression.next(a, 0)!;
        expect(next).toBeGreaterThan(a);
        const later = expression.next(Math.min(a + d, next - 1), 0);
        expect(later).toBe(next);
      },
    ),
    { numRuns: 200 },
  );
});
