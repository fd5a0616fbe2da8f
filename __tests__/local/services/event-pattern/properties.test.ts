import * as fc from 'fast-check';
import { compilePattern, InvalidEventPatternException, matchesPattern } from '../../../../local/services/event-pattern';

describe('properties', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '$or');
  const scalar = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const tree = fc.letrec((tie) => ({
    object: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 4 }),
    node: fc.oneof({ depthSize: 'small' }, scalar, tie('object')),
  })).object;

  const leavesAsLists = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, leavesAsLists(member)]))
      : [value];

  const wrapped = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? [{ other: 1 }, [Object.fromEntries(Object.entries(value).map(([key, member]) => [key, wrapped(member)]))]]
      : ['another', value];

  test('an event matches the pattern of its own leaves', () => {
    fc.assert(
      fc.property(tree, (object) => {
        const pattern = JSON.stringify(leavesAsLists(object));
        fc.pre(pattern.length <= 4096 && !pattern.includes('.'));
        expect(matchesPattern(pattern, JSON.parse(JSON.stringify(object)))).toBe(true);
      }),
    );
  });

  test('arrays around values and objects change nothing for that', () => {
    fc.assert(
      fc.property(tree, (object) => {
        const pattern = JSON.stringify(leavesAsLists(object));
        fc.pre(pattern.length <= 4096 && !pattern.includes('.'));
        expect(matchesPattern({ x: JSON.parse(pattern) }, { x: wrapped(JSON.parse(JSON.stringify(object))) })).toBe(
          true,
        );
      }),
    );
  });

  test('anything-but is the complement of equality for what is there', () => {
    const excluded = fc.oneof(fc.constantFrom('a', 'b', ''), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(excluded, fc.oneof(excluded, fc.boolean(), fc.constant(null)), (value, leaf) => {
        expect(matchesPattern({ a: [{ 'anything-but': value }] }, { a: leaf })).toBe(
          !matchesPattern({ a: [value] }, { a: leaf }),
        );
      }),
    );
  });

  test('exists: false is the complement of exists: true outside arrays', () => {
    fc.assert(
      fc.property(tree, name, (object, key) => {
        expect(matchesPattern({ [key]: [{ exists: false }] }, object)).toBe(
          !matchesPattern({ [key]: [{ exists: true }] }, object),
        );
      }),
    );
  });

  test('$or is the disjunction', () => {
    const field = fc.constantFrom('a', 'b', 'c');
    const value = fc.constantFrom('x', 'y', 1, null);
    const pattern = fc.dictionary(field, fc.array(value, { minLength: 1, maxLength: 2 }), { minKeys: 1 });
    const object = fc.dictionary(field, fc.oneof(value, fc.array(value)));
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 2, maxLength: 4 }), object, (branches, candidate) => {
        const any = branches.some((branch) => matchesPattern(branch, candidate));
        expect(matchesPattern({ $or: branches }, candidate)).toBe(any);
      }),
    );
  });

  test('wildcards agree with a regular expression', () => {
    const letters = (alphabet: string[]) =>
      fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(letters(['a', 'b', '*']), letters(['a', 'b']), (pattern, text) => {
        fc.pre(!pattern.includes('**'));
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(matchesPattern({ x: [{ wildcard: pattern }] }, { x: text })).toBe(expression.test(text));
      }),
    );
  });

  test('any JSON compiles or is refused by an AwsError', () => {
    const operator = fc.constantFrom(
      'prefix',
      'suffix',
      'anything-but',
      'numeric',
      'cidr',
      'wildcard',
      'exists',
      '$or',
      'a',
    );
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        scalar,
        fc.constantFrom('>', '<', '=', '10.0.0.0/8', '*'),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(operator, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.oneof(json, fc.string(), fc.jsonValue()), fc.object(), (pattern, candidate) => {
        try {
          expect(typeof compilePattern(pattern)(candidate)).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEventPatternException);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
