import { deepest, parseNested } from '../../local/nested-json';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test('JSON is read as it is', () => {
  expect(parseNested('{"a": [1, "[[\\"[", {"b": null}]}')).toEqual({ a: [1, '[["[', { b: null }] });
  expect(() => parseNested('{')).toThrow(SyntaxError);
});

test('what is nested too deeply is refused before anything follows it', () => {
  expect(parseNested(nested(deepest))).toEqual(expect.any(Array));
  expect(() => parseNested(nested(deepest + 1))).toThrow(`JSON is nested deeper than ${deepest} levels`);
  expect(() => parseNested(nested(200_000))).toThrow(SyntaxError);
  expect(parseNested(JSON.stringify(nested(5000)))).toBe(nested(5000));
});
