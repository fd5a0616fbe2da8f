import { parseRule } from '../../../../local/services/states/choice';

const input = {
  text: 'bravo',
  other: 'alpha',
  n: 5,
  five: 5,
  yes: true,
  none: null,
  time: '2026-01-01T12:00:00Z',
  later: '2026-01-01T12:00:00.5Z',
  offset: '2026-01-01T13:00:00+01:00',
  file: 'log-2026*.txt',
  list: [1],
};
const holds = (rule: object) =>
  parseRule(rule as Record<string, unknown>)({ input, context: { State: { Name: 'It' } } });
const of = (Variable: string, operator: string, value: unknown) => holds({ Variable, [operator]: value });

test.each([
  ['$.text', 'StringEquals', 'bravo', true],
  ['$.text', 'StringEquals', 'Bravo', false],
  ['$.n', 'StringEquals', '5', false],
  ['$.text', 'StringEqualsPath', '$.other', false],
  ['$.text', 'StringLessThan', 'charlie', true],
  ['$.text', 'StringLessThanEquals', 'bravo', true],
  ['$.text', 'StringGreaterThan', 'alpha', true],
  ['$.text', 'StringGreaterThanPath', '$.other', true],
  ['$.text', 'StringGreaterThanEquals', 'c', false],
  ['$.text', 'StringMatches', 'br*o', true],
  ['$.text', 'StringMatches', 'b.avo', false],
  ['$.file', 'StringMatches', String.raw`log-*\*.txt`, true],
  ['$.file', 'StringMatches', 'log-*.csv', false],
  ['$.n', 'NumericEquals', 5, true],
  ['$.n', 'NumericEqualsPath', '$.five', true],
  ['$.n', 'NumericLessThan', 5, false],
  ['$.n', 'NumericLessThanEquals', 5, true],
  ['$.n', 'NumericGreaterThan', 4.9, true],
  ['$.n', 'NumericGreaterThanEquals', 6, false],
  ['$.text', 'NumericGreaterThan', 0, false],
  ['$.yes', 'BooleanEquals', true, true],
  ['$.yes', 'BooleanEquals', false, false],
  ['$.yes', 'BooleanEqualsPath', '$.yes', true],
  ['$.time', 'TimestampEquals', '2026-01-01T12:00:00Z', true],
  ['$.time', 'TimestampEqualsPath', '$.offset', true],
  ['$.time', 'TimestampLessThanPath', '$.later', true],
  ['$.time', 'TimestampGreaterThan', '2025-12-31T00:00:00Z', true],
  ['$.text', 'TimestampGreaterThan', '2025-12-31T00:00:00Z', false],
  ['$.nothing', 'IsPresent', false, true],
  ['$.none', 'IsPresent', true, true],
  ['$.none', 'IsNull', true, true],
  ['$.n', 'IsNull', true, false],
  ['$.n', 'IsNumeric', true, true],
  ['$.n', 'IsString', false, true],
  ['$.text', 'IsString', true, true],
  ['$.yes', 'IsBoolean', true, true],
  ['$.time', 'IsTimestamp', true, true],
  ['$.text', 'IsTimestamp', true, false],
  ['$.list[0]', 'NumericEquals', 1, true],
  ['$$.State.Name', 'StringEquals', 'It', true],
])('%s %s %j is %j', (variable, operator, value, expected) => expect(of(variable, operator, value)).toBe(expected));

test('And, Or and Not', () => {
  const yes = { Variable: '$.n', NumericEquals: 5 };
  const no = { Variable: '$.n', NumericEquals: 6 };
  expect(holds({ And: [yes, yes] })).toBe(true);
  expect(holds({ And: [yes, no] })).toBe(false);
  expect(holds({ Or: [no, yes] })).toBe(true);
  expect(holds({ Or: [no, no] })).toBe(false);
  expect(holds({ Not: { And: [yes, { Or: [no] }] } })).toBe(true);
});

test('And asks no further than it must', () => {
  const rule = {
    And: [
      { Variable: '$.nothing', IsPresent: true },
      { Variable: '$.nothing', StringEquals: 'x' },
    ],
  };
  expect(holds(rule)).toBe(false);
  expect(() => of('$.nothing', 'StringEquals', 'x')).toThrow('States.Runtime');
});

test.each([
  [{ Variable: '$.n', NumericEqual: 5 }, 'NumericEqual is no comparison'],
  [{ Variable: '$.n', BooleanLessThan: true }, 'BooleanLessThan is no comparison'],
  [{ Variable: '$.n', NumericEquals: '5' }, 'NumericEquals cannot compare with "5"'],
  [{ Variable: '$.n', NumericEquals: 5, NumericLessThan: 6 }, 'a rule has one comparison'],
  [{ Variable: '$.n' }, 'a rule has one comparison'],
  [{ Variable: '$.list[*]', NumericEquals: 5 }, 'must name one place'],
  [{ Variable: '$.n', NumericEqualsPath: '$.list[*]' }, 'must name one place'],
])('%j is refused', (rule, message) => expect(() => holds(rule)).toThrow(message));
