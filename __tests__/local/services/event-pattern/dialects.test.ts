import { compilePattern, InvalidEventPatternException } from '../../../../local/services/event-pattern';

describe('dialects', () => {
  const nested = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].map((name): [string, unknown] => [
    `anything-but ${name}`,
    { 'anything-but': { [name]: 'x' } },
  ]);
  const ignoringCase = ['prefix', 'suffix'].map((name): [string, unknown] => [
    `${name}, ignoring case`,
    { [name]: { 'equals-ignore-case': 'x' } },
  ]);
  const both: [string, unknown][] = [
    ['anything-but', { 'anything-but': ['x'] }],
    ['prefix', { prefix: 'x' }],
    ['suffix', { suffix: 'x' }],
    ['equals-ignore-case', { 'equals-ignore-case': 'x' }],
    ['numeric', { numeric: ['>', 1] }],
    ['exists', { exists: false }],
    ['null', null],
  ];
  const cidr: [string, unknown] = ['cidr', { cidr: '10.0.0.0/8' }];
  const wildcard: [string, unknown] = ['wildcard', { wildcard: 'x*' }];

  test.each([...both, ...ignoringCase, cidr])('Pipes take %s', (_, expression) => {
    expect(() => compilePattern({ a: [expression] }, { dialect: 'pipes' })).not.toThrow();
  });

  test.each([...nested, wildcard])('Pipes refuse %s', (_, expression) => {
    expect(() => compilePattern({ a: [expression] })).not.toThrow();
    expect(() => compilePattern({ a: [expression] }, { dialect: 'pipes' })).toThrow('Pipes does not support');
  });

  test.each(both)('Lambda takes %s', (_, expression) => {
    expect(() => compilePattern({ a: [expression] }, { dialect: 'lambda' })).not.toThrow();
  });

  test.each([...nested, ...ignoringCase, wildcard, cidr])('Lambda refuses %s', (_, expression) => {
    expect(() => compilePattern({ a: [expression] }, { dialect: 'lambda' })).toThrow(InvalidEventPatternException);
  });

  test('all take $or', () => {
    for (const dialect of ['bus', 'pipes', 'lambda'] as const) {
      expect(compilePattern({ $or: [{ a: ['x'] }, { b: ['y'] }] }, { dialect })({ b: 'y' })).toBe(true);
    }
  });
});
