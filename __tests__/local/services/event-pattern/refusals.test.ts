import { AwsError } from '../../../../local/aws-error';
import { InvalidEventPatternException, matchesPattern } from '../../../../local/services/event-pattern';
import { event } from './event';

const invalid: [string, unknown, string][] = [
  ['not JSON', '{', 'JSON'],
  ['a list', [], 'Filter is not an object'],
  ['a number', 1, 'Filter is not an object'],
  ['nothing', undefined, 'Filter is not an object'],
  ['null', 'null', 'Filter is not an object'],
  ['a big integer', { a: [1n] }, 'BigInt'],
  ['empty', {}, 'Empty objects are not allowed'],
  ['empty object', { detail: {} }, 'Empty objects are not allowed'],
  ['empty list', { source: [] }, 'Empty arrays are not allowed'],
  ['leaf outside a list', { source: 'x' }, '"source" must be an object or an array'],
  ['null outside a list', { source: null }, '"source" must be an object or an array'],
  ['list in list', { source: [['x']] }, 'Match value must be String, number, true, false, or null'],
  ['empty expression', { source: [{}] }, 'Match expression name not found'],
  ['unknown operator', { source: [{ regex: 'x' }] }, 'Unrecognized match type regex'],
  ['inherited name', { source: [{ toString: 'x' }] }, 'Unrecognized match type toString'],
  ['two operators', { source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression'],
  ['exactly', { source: [{ exactly: 1 }] }, 'exact match pattern must be a string'],
  ['prefix', { source: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
  ['prefix of list', { source: [{ prefix: ['a'] }] }, 'prefix match pattern must be a string'],
  ['prefix of nothing', { source: [{ prefix: {} }] }, 'Prefix expression name not found'],
  ['prefix of prefix', { source: [{ prefix: { prefix: 'a' } }] }, 'Unsupported prefix pattern: prefix'],
  [
    'prefix, ignoring case',
    { source: [{ prefix: { 'equals-ignore-case': 1 } }] },
    'equals-ignore-case match pattern must be a string',
  ],
  ['suffix', { source: [{ suffix: null }] }, 'suffix match pattern must be a string'],
  ['suffix of nothing', { source: [{ suffix: {} }] }, 'Suffix expression name not found'],
  ['suffix of suffix', { source: [{ suffix: { suffix: 'a' } }] }, 'Unsupported suffix pattern: suffix'],
  [
    'equals-ignore-case',
    { source: [{ 'equals-ignore-case': ['a'] }] },
    'equals-ignore-case match pattern must be a string',
  ],
  ['wildcard', { source: [{ wildcard: 1 }] }, 'wildcard match pattern must be a string'],
  ['wildcards in a row', { source: [{ wildcard: 'ab**' }] }, 'Consecutive wildcard characters at pos 3'],
  ['wrong escape', { source: [{ wildcard: String.raw`a\b` }] }, 'Invalid escape character at pos 2'],
  ['backslash at the end', { source: [{ wildcard: 'a\\' }] }, 'Invalid escape character at pos 2'],
  ['position in bytes', { source: [{ wildcard: 'é**' }] }, 'Consecutive wildcard characters at pos 3'],
  ['anything-but boolean', { a: [{ 'anything-but': true }] }, 'Value of anything-but must be an array or single'],
  ['anything-but null', { a: [{ 'anything-but': null }] }, 'Value of anything-but must be an array or single'],
  ['anything-but nulls', { a: [{ 'anything-but': [null] }] }, 'Inside anything but list, start|null|boolean'],
  ['anything-but mixed', { a: [{ 'anything-but': ['a', 1] }] }, 'mixed type is not supported'],
  ['anything-but empty', { a: [{ 'anything-but': [] }] }, 'mixed type is not supported'],
  ['anything-but nothing', { a: [{ 'anything-but': {} }] }, 'Anything-But expression name not found'],
  ['anything-but numeric', { a: [{ 'anything-but': { numeric: ['=', 1] } }] }, 'Unsupported anything-but pattern'],
  ['anything-but large', { a: [{ 'anything-but': 5_000_000_001 }] }, 'Value must be between -5.0E9 and 5.0E9'],
  ['anything-but prefix', { a: [{ 'anything-but': { prefix: 1 } }] }, 'prefix/suffix match pattern must be a string'],
  ['anything-but empty prefix', { a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
  ['anything-but empty suffix', { a: [{ 'anything-but': { suffix: ['a', ''] } }] }, 'Null prefix/suffix not allowed'],
  ['anything-but no prefix', { a: [{ 'anything-but': { prefix: [] } }] }, 'Empty arrays are not allowed'],
  [
    'anything-but case',
    { a: [{ 'anything-but': { 'equals-ignore-case': 1 } }] },
    'anything-but/equals-ignore-case list',
  ],
  [
    'anything-but wildcard',
    { a: [{ 'anything-but': { wildcard: '**' } }] },
    'Consecutive wildcard characters at pos 1',
  ],
  [
    'anything-but two',
    { a: [{ 'anything-but': { prefix: 'a', suffix: 'b' } }] },
    'Too many elements in numeric expression',
  ],
  ['numeric', { a: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
  ['numeric empty', { a: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
  ['numeric without operator', { a: [{ numeric: [5] }] }, 'Invalid member in numeric match: 5'],
  ['numeric operator', { a: [{ numeric: ['!=', 5] }] }, 'Unrecognized numeric range operator: !='],
  ['numeric inherited', { a: [{ numeric: ['toString', 5] }] }, 'Unrecognized numeric range operator: toString'],
  ['numeric without value', { a: [{ numeric: ['>'] }] }, 'Value of > must be numeric'],
  ['numeric string', { a: [{ numeric: ['=', '5'] }] }, 'Value of equals must be numeric'],
  ['numeric after =', { a: [{ numeric: ['=', 5, '<', 6] }] }, 'Too many elements in numeric expression'],
  ['numeric upper bound first', { a: [{ numeric: ['<', 5, '>', 0] }] }, 'Too many elements in numeric expression'],
  ['numeric two lower bounds', { a: [{ numeric: ['>', 5, '>', 0] }] }, 'Bad numeric range operator: >'],
  ['numeric bound', { a: [{ numeric: ['>', 5, 6] }] }, 'Bad value in numeric range: 6'],
  ['numeric bound without value', { a: [{ numeric: ['>', 5, '<'] }] }, 'Value of < must be numeric'],
  ['numeric bounds swapped', { a: [{ numeric: ['>', 5, '<', 5] }] }, 'Bottom must be less than top'],
  ['numeric too long', { a: [{ numeric: ['>', 0, '<', 5, '<', 6] }] }, 'Too many terms in numeric range expression'],
  [
    'numeric too large',
    { a: [{ numeric: ['<', 5_000_000_001] }] },
    'Value must be between -5.0E9 and 5.0E9, inclusive',
  ],
  ['numeric too fine', { a: [{ numeric: ['<', 0.1234567] }] }, 'Only values upto 6 decimals are supported'],
  ['numeric and more', { a: [{ numeric: ['<', 5], prefix: 'a' }] }, 'Too many elements in numeric expression'],
  ['exists', { a: [{ exists: 'true' }] }, 'exists match pattern must be either true or false.'],
  ['cidr', { a: [{ cidr: 10 }] }, 'prefix match pattern must be a string'],
  ['cidr without bits', { a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  ['cidr with bits missing', { a: [{ cidr: '10.0.0.0/' }] }, "Malformed CIDR, one '/' required"],
  ['cidr with two slashes', { a: [{ cidr: '10.0.0.0/8/8' }] }, "Malformed CIDR, one '/' required"],
  ['cidr with text', { a: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
  ['cidr negative', { a: [{ cidr: '10.0.0.0/-1' }] }, 'Malformed CIDR, mask bits must not be negative'],
  ['cidr too narrow', { a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
  ['cidr v6 too narrow', { a: [{ cidr: '::1/128' }] }, 'IPv6 mask bits must be < 128'],
  ['cidr of a name', { a: [{ cidr: 'example.com/8' }] }, 'Nonstandard IP address: example.com'],
  ['cidr out of range', { a: [{ cidr: '10.0.0.256/8' }] }, 'Nonstandard IP address: 10.0.0.256'],
  ['$or of object', { $or: { a: ['x'] } }, 'It must be an Array followed with $or.'],
  ['$or of one', { $or: [{ a: ['x'] }] }, 'There must have at least 2 Objects in $or relationship.'],
  ['$or of none', { $or: [] }, 'There must have at least 2 Objects in $or relationship.'],
  ['$or of strings', { $or: ['a', 'b'] }, 'Only JSON object is allowed in array of $or relationship.'],
  ['$or of empty objects', { $or: [{}, {}] }, 'Empty objects are not allowed'],
  [
    '$or of operators',
    { $or: [{ prefix: ['a'] }, { a: ['x'] }] },
    'prefix is Ruler reserved fieldName which cannot be used inside $or.',
  ],
  [
    '$or of nested operators',
    { $or: [{ a: { numeric: ['x'] } }, { a: ['x'] }] },
    'numeric is Ruler reserved fieldName which cannot be used inside $or.',
  ],
  [
    'too many alternatives',
    Object.fromEntries(['a', 'b', 'c', 'd'].map((k) => [k, { $or: [1, 2, 3, 4, 5, 6].map((n) => ({ x: [n] })) }])),
    'Rule is too complex',
  ],
  ['too long', { a: ['x'.repeat(4096)] }, 'at most 4096 are allowed'],
];

describe('matchesPattern', () => {
  test.each(invalid)('refuses: %s', (_, pattern, reason) => {
    expect(() => matchesPattern(pattern, event)).toThrow(InvalidEventPatternException);
    expect(() => matchesPattern(pattern, event)).toThrow(reason);
  });

  test('errors read as those of AWS', () => {
    const error = new InvalidEventPatternException('Empty arrays are not allowed');
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      code: 'InvalidEventPatternException',
      status: 400,
      message: 'Event pattern is not valid. Reason: Empty arrays are not allowed',
    });
  });
});
