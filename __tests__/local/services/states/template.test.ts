import { seededRandom } from '../../../../local/random';
import { evaluate, parseExpression } from '../../../../local/services/states/intrinsics';
import { parsePath, read, write } from '../../../../local/services/states/path';
import { parseTemplate } from '../../../../local/services/states/template';

const input = {
  order: { id: 'o1', total: 12.5, 'odd name': true, none: null },
  lines: [{ sku: 'a' }, { sku: 'b' }],
  text: '{"a":[1]}',
};
const documents = { input, context: { Execution: { Id: 'arn:execution', Name: 'run' } } };
const random = seededRandom(1);
const at = (path: string) => read(parsePath(path), documents);
const value = (text: string) => evaluate(parseExpression(text), documents, random);

describe('paths', () => {
  test.each([
    ['$', input],
    ['$.order.id', 'o1'],
    ["$['order']['odd name']", true],
    ['$["order"].total', 12.5],
    ['$.order.none', null],
    ['$.lines[0].sku', 'a'],
    ['$.lines[-1].sku', 'b'],
    ['$.lines[2]', undefined],
    ['$.lines.length', undefined],
    ['$.order.toString', undefined],
    ['$.lines[*].sku', ['a', 'b']],
    ['$.order.id[*]', []],
    ['$$.Execution.Name', 'run'],
    ['$$', documents.context],
  ])('%s', (path, expected) => expect(at(path)).toEqual(expected));

  test.each(['', 'order', '$.', '$order', '$..sku', '$.lines[0:1]', '$.lines[?(@.sku)]', '$.lines[0,1]', '$.a b'])(
    '%j is refused',
    (path) => expect(() => parsePath(path)).toThrow('is not a path that is modelled here'),
  );

  test('writes where nothing is, and leaves the document as it was', () => {
    const before = JSON.stringify(input);
    expect(write(input, parsePath('$.a.b'), 1)).toEqual({ ...input, a: { b: 1 } });
    expect(write(input, parsePath('$.lines[1]'), 1)).toEqual({ ...input, lines: [{ sku: 'a' }, 1] });
    expect(write(input, parsePath('$'), 1)).toBe(1);
    expect(JSON.stringify(input)).toBe(before);
  });

  test.each(['$.order.id.x', '$.lines[5]', '$.order.total[0]'])('cannot write at %s', (path) =>
    expect(() => write(input, parsePath(path), 1)).toThrow('States.ResultPathMatchFailure'),
  );
});

describe('intrinsic functions', () => {
  test.each([
    ["States.Format('{} of {}', $.order.id, $.order.total)", 'o1 of 12.5'],
    [String.raw`States.Format('it\'s {}', $.order)`, `it's ${JSON.stringify(input.order)}`],
    [String.raw`States.Format('\{\}{}', 1)`, '{}1'],
    ['States.JsonToString($.lines)', '[{"sku":"a"},{"sku":"b"}]'],
    ['States.StringToJson($.text)', { a: [1] }],
    ["States.Array('a', 1, true, null, $.order.id)", ['a', 1, true, null, 'o1']],
    ['States.Array()', []],
    ["States.ArrayContains(States.Array('a', 'b'), 'b')", true],
    ["States.ArrayContains(States.Array('a', 'b'), 'c')", false],
    ['States.ArrayLength($.lines)', 2],
    ['States.ArrayGetItem($.lines, 1)', { sku: 'b' }],
    ['States.ArrayRange(1, 7, 3)', [1, 4, 7]],
    ['States.ArrayPartition(States.ArrayRange(1, 3, 1), 2)', [[1, 2], [3]]],
    ['States.ArrayUnique(States.Array(1, 2, 1))', [1, 2]],
    ['States.MathAdd(2, -3)', -1],
    ["States.Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ['States.JsonMerge($.order, States.StringToJson(\'{"id":"o2"}\'), false)', { ...input.order, id: 'o2' }],
    ["States.Base64Encode('größer')", 'Z3LDtsOfZXI='],
    ["States.Base64Decode('Z3LDtsOfZXI=')", 'größer'],
    ["States.StringSplit('a.b-c', '.-')", ['a', 'b', 'c']],
    ["States.Format('{}', States.MathAdd( 1 , 2 ) )", '3'],
  ])('%s', (text, expected) => expect(value(text)).toEqual(expected));

  test('a new UUID each time', () => {
    const [one, two] = [value('States.UUID()'), value('States.UUID()')];
    expect(one).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(two).not.toBe(one);
  });

  test.each(['States.Nothing()', 'States.Format(', "States.Format('a'", "'a'", 'States.Array(1,,2)', 'abc'])(
    '%j is refused',
    (text) =>
      expect(() => parseExpression(text)).toThrow(/cannot be read|is neither a path|is no intrinsic|expected , or/),
  );

  test.each([
    ["States.Format('{}')", 'States.IntrinsicFailure'],
    ["States.Format('', 1)", 'States.IntrinsicFailure'],
    ['States.ArrayGetItem($.lines, 2)', 'States.IntrinsicFailure'],
    ["States.StringToJson('{')", 'States.IntrinsicFailure'],
    ['States.ArrayLength($.order)', 'States.IntrinsicFailure'],
    ['States.ArrayLength($.nothing)', 'States.ParameterPathFailure'],
  ])('%s fails with %s', (text, error) => expect(() => value(text)).toThrow(`${error}: `));
});

describe('payload templates', () => {
  test('members that end in .$ are read, all else stands', () => {
    const template = parseTemplate({
      'id.$': '$.order.id',
      fixed: '$.order.id',
      deep: [{ 'name.$': '$$.Execution.Name' }, 1, null],
      'sum.$': 'States.MathAdd(1, 2)',
    });
    expect(template(documents, random)).toEqual({
      id: 'o1',
      fixed: '$.order.id',
      deep: [{ name: 'run' }, 1, null],
      sum: 3,
    });
  });

  test('what is not there fails', () => {
    expect(() => parseTemplate({ 'a.$': '$.b' })(documents, random)).toThrow("'$.b' could not be found");
  });

  test.each([1, 'text', { a: 1 }])('%j is no expression', (member) =>
    expect(() => parseTemplate({ 'a.$': member })).toThrow(/expected a path or|cannot be read/),
  );
});
