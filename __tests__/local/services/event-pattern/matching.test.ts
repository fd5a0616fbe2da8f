import { matchesPattern } from '../../../../local/services/event-pattern';
import { event } from './event';

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

describe('matchesPattern', () => {
  test.each(matching)('matches: %s', (_, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(true);
  });

  test.each(notMatching)('does not match: %s', (_, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(false);
  });
});

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

  test('long values and arrays take no number of steps that grows with the power of the wildcards', () => {
    const long = 'a/'.repeat(20_000);
    expect(matchesPattern({ x: [{ wildcard: '*a*a*a*a*a*a*b' }] }, { x: long })).toBe(false);
    const many = Array.from({ length: 2000 }, () => 'x');
    expect(
      matchesPattern(
        { a: [{ prefix: 'x' }], b: [{ prefix: 'x' }], c: [{ prefix: 'x' }], d: ['y'] },
        { a: many, b: many, c: many },
      ),
    ).toBe(false);
  });
});
