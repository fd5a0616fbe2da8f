import * as fc from 'fast-check';
import { AwsError } from '../../../local/aws-error';
import { compilePattern, InvalidEventPatternException, matchesPattern } from '../../../local/services/event-pattern';

const event = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'OrderDetailsChanged',
  source: 'order.event',
  account: '123456789012',
  time: '2026-01-01T10:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f', 'other'],
  detail: {
    state: 'running',
    count: 5,
    price: 301.8,
    huge: 123_456_789_012,
    fine: 0.123_456_7,
    ok: true,
    off: false,
    none: null,
    empty: '',
    ip: '10.0.0.33',
    ip6: '2001:db8:0:0:0:0:0:1',
    file: 'dir/report.PNG',
    starred: String.raw`a*b\c`,
    list: [],
    object: {},
    mixed: ['a', 1, null, ['deep']],
    'dotted.key': 'x',
    nested: { deeper: { leaf: 'y' } },
    employees: [
      { first: 'John', last: 'Doe' },
      {
        first: 'Anna',
        last: 'Smith',
        tags: [
          { k: 'a', v: '1' },
          { k: 'b', v: '2' },
        ],
      },
      [{ first: 'Peter', last: 'Jones' }],
    ],
    parents: [{ b: 1 }, { c: 2 }],
    dynamodb: { NewImage: { Status: { S: 'CREATED_NOW' }, n: { N: '5' } } },
  },
};

const detail = (pattern: unknown) => ({ detail: pattern });

const matching: [string, unknown][] = [
  ['exact string', { source: ['order.event'] }],
  ['one of several', { source: ['x', 'order.event'] }],
  ['all fields', { source: ['order.event'], 'detail-type': ['OrderDetailsChanged'] }],
  ['array in the event', { resources: ['other'] }],
  ['number', detail({ count: [5] })],
  ['number in other notation', '{"detail":{"price":[3.018e2]}}'],
  ['number with trailing zeros', '{"detail":{"count":[5.0]}}'],
  ['number beyond the numeric range', detail({ huge: [123_456_789_012] })],
  ['true', detail({ ok: [true] })],
  ['false', detail({ off: [false] })],
  ['null', detail({ none: [null] })],
  ['empty string', detail({ empty: [''] })],
  ['string in nested array', detail({ mixed: ['deep'] })],
  ['null in array', detail({ mixed: [null] })],
  ['number in array', detail({ mixed: [1] })],
  ['nested object', detail({ nested: { deeper: { leaf: ['y'] } } })],
  ['dots in the pattern for nesting', { 'detail.nested.deeper.leaf': ['y'] }],
  ['dots in the event', detail({ dotted: { key: ['x'] } })],
  ['exactly', detail({ state: [{ exactly: 'running' }] })],
  ['prefix', { source: [{ prefix: 'order.' }] }],
  ['prefix of a DynamoDB attribute', detail({ dynamodb: { NewImage: { Status: { S: [{ prefix: 'CREATED' }] } } } })],
  ['empty prefix of a string', detail({ empty: [{ prefix: '' }] })],
  ['prefix, ignoring case', detail({ state: [{ prefix: { 'equals-ignore-case': 'RUN' } }] })],
  ['suffix', { source: [{ suffix: '.event' }] }],
  ['suffix, ignoring case', detail({ file: [{ suffix: { 'equals-ignore-case': '.png' } }] })],
  ['equals-ignore-case', detail({ state: [{ 'equals-ignore-case': 'RuNnInG' }] })],
  ['wildcard in the middle', detail({ file: [{ wildcard: 'dir/*.PNG' }] })],
  ['wildcard for nothing', detail({ state: [{ wildcard: 'run*ning' }] })],
  ['wildcard alone', detail({ empty: [{ wildcard: '*' }] })],
  ['several wildcards', detail({ file: [{ wildcard: '*/*o*.P*' }] })],
  ['wildcard without asterisk', detail({ state: [{ wildcard: 'running' }] })],
  ['escaped asterisk and backslash', detail({ starred: [{ wildcard: String.raw`a\*b\\*` }] })],
  ['anything-but string', detail({ state: [{ 'anything-but': 'stopped' }] })],
  ['anything-but number', detail({ count: [{ 'anything-but': 6 }] })],
  ['anything-but of another type', detail({ state: [{ 'anything-but': 5 }] })],
  ['anything-but of null', detail({ none: [{ 'anything-but': 'x' }] })],
  ['anything-but list', detail({ state: [{ 'anything-but': ['stopped', 'overloaded'] }] })],
  ['anything-but numbers', detail({ count: [{ 'anything-but': [100, 200] }] })],
  ['anything-but: another element remains', { resources: [{ 'anything-but': 'other' }] }],
  ['anything-but prefix', detail({ state: [{ 'anything-but': { prefix: 'init' } }] })],
  ['anything-but prefixes', detail({ state: [{ 'anything-but': { prefix: ['init', 'stop'] } }] })],
  ['anything-but suffix', detail({ file: [{ 'anything-but': { suffix: '.png' } }] })],
  ['anything-but suffixes', detail({ file: [{ 'anything-but': { suffix: ['.png', '.jpg'] } }] })],
  ['anything-but equals-ignore-case', detail({ state: [{ 'anything-but': { 'equals-ignore-case': 'STOPPED' } }] })],
  ['anything-but list, ignoring case', detail({ state: [{ 'anything-but': { 'equals-ignore-case': ['A', 'B'] } }] })],
  ['anything-but wildcard', detail({ file: [{ 'anything-but': { wildcard: '*/lib/*' } }] })],
  ['anything-but wildcards', detail({ file: [{ 'anything-but': { wildcard: ['*/lib/*', 'x*'] } }] })],
  ['numeric =', detail({ price: [{ numeric: ['=', 301.8] }] })],
  ['numeric >', detail({ count: [{ numeric: ['>', 4] }] })],
  ['numeric >=', detail({ count: [{ numeric: ['>=', 5] }] })],
  ['numeric <', detail({ count: [{ numeric: ['<', 5.000001] }] })],
  ['numeric <=', detail({ count: [{ numeric: ['<=', 5] }] })],
  ['numeric range', detail({ count: [{ numeric: ['>', 0, '<=', 5] }] })],
  ['numeric limits', detail({ count: [{ numeric: ['>=', -5e9, '<=', 5e9] }] })],
  ['exists', detail({ state: [{ exists: true }] })],
  ['exists: null is there', detail({ none: [{ exists: true }] })],
  ['exists in array', detail({ mixed: [{ exists: true }] })],
  ['absent field', detail({ nothing: [{ exists: false }] })],
  ['absent below a missing object', { other: { thing: [{ exists: false }] } }],
  ['absent below a string', detail({ state: { deeper: [{ exists: false }] } })],
  ['absent: an object is no leaf', detail({ nested: [{ exists: false }] })],
  ['absent: an empty array has no leaf', detail({ list: [{ exists: false }] })],
  ['absent: an empty object has no leaf', detail({ object: [{ exists: false }] })],
  ['absent or a value', detail({ nothing: ['x', { exists: false }] })],
  ['a value or absent', detail({ state: ['running', { exists: false }] })],
  ['cidr', detail({ ip: [{ cidr: '10.0.0.0/24' }] })],
  ['cidr with host bits', detail({ ip: [{ cidr: '10.0.0.200/24' }] })],
  ['cidr of all', detail({ ip: [{ cidr: '0.0.0.0/0' }] })],
  ['cidr v6', detail({ ip6: [{ cidr: '2001:db8::/32' }] })],
  ['another spelling of an IPv6 address', detail({ ip6: ['2001:DB8::1'] })],
  ['$or, first', { $or: [{ source: ['order.event'] }, { region: ['x'] }] }],
  ['$or, second', { $or: [{ source: ['x'] }, { region: ['us-east-1'] }] }],
  ['$or below', detail({ $or: [{ count: [{ numeric: ['>', 9] }] }, { state: ['running'] }] })],
  ['$or and more', { source: ['order.event'], $or: [{ region: ['x'] }, { account: ['123456789012'] }] }],
  ['$or in $or', { $or: [{ source: ['x'] }, { region: ['us-east-1'], $or: [{ id: ['x'] }, { version: ['0'] }] }] }],
  ['two $or', { $or: [{ source: ['x'] }, { version: ['0'] }], detail: { $or: [{ count: [5] }, { count: [6] }] } }],
  ['object in array', detail({ employees: { first: ['Anna'] } })],
  ['fields of one element', detail({ employees: { first: ['Anna'], last: ['Smith'] } })],
  ['fields of a nested element', detail({ employees: { first: ['Peter'], last: ['Jones'] } })],
  ['fields in arrays in arrays', detail({ employees: { first: ['Anna'], tags: { k: ['b'], v: ['2'] } } })],
  ['absent in the element chosen', detail({ employees: { first: ['John'], tags: { k: [{ exists: false }] } } })],
  ['absent in the element chosen before', detail({ parents: { b: [1], c: [{ exists: false }] } })],
  ['prefix of the pattern text', '{ "source" : [ { "prefix" : "order" } ] }'],
  ['duplicate keys: the last counts', '{"source":["x"],"source":["order.event"]}'],
  ['a path twice: the last counts', { detail: { state: ['x'] }, 'detail.state': ['running'] }],
];

const notMatching: [string, unknown][] = [
  ['other string', { source: ['order'] }],
  ['other case', { source: ['Order.event'] }],
  ['only one of two fields', { source: ['order.event'], region: ['eu-west-1'] }],
  ['missing field', { nothing: ['x'] }],
  ['number for string', { account: [123_456_789_012] }],
  ['string for number', detail({ count: ['5'] })],
  ['string for boolean', detail({ ok: ['true'] })],
  ['string for null', detail({ none: ['null'] })],
  ['null for missing', detail({ nothing: [null] })],
  ['null for empty', detail({ empty: [null] })],
  ['empty for null', detail({ none: [''] })],
  ['empty array', detail({ list: [null, ''] })],
  ['object for leaf', detail({ nested: { deeper: ['y'] } })],
  ['prefix of number', detail({ count: [{ prefix: '5' }] })],
  ['empty prefix of number', detail({ count: [{ prefix: '' }] })],
  ['prefix in other case', { source: [{ prefix: 'ORDER' }] }],
  ['prefix, ignoring case', { source: [{ prefix: { 'equals-ignore-case': 'X' } }] }],
  ['suffix', { source: [{ suffix: 'order' }] }],
  ['suffix in other case', detail({ file: [{ suffix: '.png' }] })],
  ['equals-ignore-case', detail({ state: [{ 'equals-ignore-case': 'run' }] })],
  ['wildcard: overlap', detail({ state: [{ wildcard: 'runni*nning' }] })],
  ['wildcard: order', detail({ file: [{ wildcard: '*PNG*report*' }] })],
  ['wildcard: middle in the end', detail({ file: [{ wildcard: 'dir*NG*PNG' }] })],
  ['wildcard of number', detail({ count: [{ wildcard: '*' }] })],
  ['wildcard: escaped asterisk', detail({ file: [{ wildcard: String.raw`dir\*PNG` }] })],
  ['wildcard: a question mark is literal', detail({ state: [{ wildcard: 'runnin?*' }] })],
  ['anything-but string', detail({ state: [{ 'anything-but': 'running' }] })],
  ['anything-but number', detail({ count: [{ 'anything-but': 5 }] })],
  ['anything-but list', detail({ state: [{ 'anything-but': ['running', 'x'] }] })],
  ['anything-but of missing', detail({ nothing: [{ 'anything-but': 'x' }] })],
  ['anything-but of empty array', detail({ list: [{ 'anything-but': 'x' }] })],
  ['anything-but prefix', detail({ state: [{ 'anything-but': { prefix: 'run' } }] })],
  ['anything-but prefix of missing', detail({ nothing: [{ 'anything-but': { prefix: 'run' } }] })],
  ['anything-but suffixes', detail({ state: [{ 'anything-but': { suffix: ['x', 'ing'] } }] })],
  ['anything-but ignore case', detail({ state: [{ 'anything-but': { 'equals-ignore-case': ['RUNNING'] } }] })],
  ['anything-but wildcard', detail({ file: [{ 'anything-but': { wildcard: 'dir/*' } }] })],
  ['numeric >', detail({ count: [{ numeric: ['>', 5] }] })],
  ['numeric <', detail({ count: [{ numeric: ['<', 5] }] })],
  ['numeric range', detail({ count: [{ numeric: ['>=', 0, '<', 5] }] })],
  ['numeric of string', detail({ dynamodb: { NewImage: { n: { N: [{ numeric: ['=', 5] }] } } } })],
  ['numeric of event beyond the range', detail({ huge: [{ numeric: ['>', 0] }] })],
  ['numeric of event with seven decimals', detail({ fine: [{ numeric: ['>', 0] }] })],
  ['exists', detail({ nothing: [{ exists: true }] })],
  ['exists: an object is no leaf', detail({ nested: [{ exists: true }] })],
  ['exists: an empty array', detail({ list: [{ exists: true }] })],
  ['absent', detail({ state: [{ exists: false }] })],
  ['absent: null is there', detail({ none: [{ exists: false }] })],
  ['absent: in some element', detail({ parents: { b: [{ exists: false }] } })],
  ['cidr', detail({ ip: [{ cidr: '10.0.1.0/24' }] })],
  ['cidr of no address', detail({ state: [{ cidr: '0.0.0.0/0' }] })],
  ['cidr of the other family', detail({ ip6: [{ cidr: '10.0.0.0/8' }] })],
  ['$or', { $or: [{ source: ['x'] }, { region: ['x'] }] }],
  ['$or and more', { source: ['x'], $or: [{ region: ['us-east-1'] }, { version: ['0'] }] }],
  ['$or with both needed', { $or: [{ source: ['x'] }, { region: ['us-east-1'], version: ['1'] }] }],
  ['fields of different elements', detail({ employees: { first: ['Anna'], last: ['Jones'] } })],
  ['fields of different nested elements', detail({ employees: { first: ['Anna'], tags: { k: ['a'], v: ['2'] } } })],
  ['nested element of another', detail({ employees: { first: ['John'], tags: { k: ['a'] } } })],
];

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
  test.each(matching)('matches: %s', (_, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(true);
  });

  test.each(notMatching)('does not match: %s', (_, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(false);
  });

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
