import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { evaluate } from '../../../local/terraform/evaluate';
import { ExpressionError, parseTemplate } from '../../../local/terraform/expression';
import { removeDirectories, writeFiles } from './synthesized';

const locals: Readonly<Record<string, unknown>> = {
  name: 'orders',
  count: 3,
  deep: { list: [{ arn: 'arn:1' }], 'a key': 'x' },
};
const scope = { directory: '/stack', resolve: (target: string) => locals[target.slice('local.'.length)] };
/** Writes text so that a template gives it unchanged. */
const escapeTemplate = (text: string) => text.replaceAll(/([$%])\{/g, '$1$1{');
const valueOf = (text: string) => evaluate(parseTemplate(text), scope);

afterAll(removeDirectories);

/** Strings of Terraform JSON and what Terraform makes of them; the last test asks Terraform itself. */
const values: readonly (readonly [string, unknown])[] = [
  ['plain \\n "text"', 'plain \\n "text"'],
  ['$', '$'],
  ['$$', '$$'],
  ['$x %y $$ {', '$x %y $$ {'],
  ['$${foo}', '${foo}'],
  ['$$${foo}', '$${foo}'],
  ['%%{x}', '%{x}'],
  ['%%%%{x}', '%%%{x}'],
  ['${local.count}', 3],
  ['${ local.count }', 3],
  ['${\n local.count\n}', 3],
  ['${local.count} ', '3 '],
  ['a-${local.name}-${local.count}-${true}-${1.50}', 'a-orders-3-true-1.5'],
  ['${local.deep.list[0].arn}', 'arn:1'],
  ['${local.deep.list.0.arn}', 'arn:1'],
  ['${local.deep["list"][0]["arn"]}', 'arn:1'],
  ['${local.deep["a key"]}', 'x'],
  ['${(local.deep).list[0].arn}', 'arn:1'],
  ['${element(local.deep.list, 1).arn}', 'arn:1'],
  ['${"${local.count}"}', 3],
  ['${"a\\nb \\"${local.name}\\" $${x} \\u00e9 ${"in ${local.name}"}"}', 'a\nb "orders" ${x} é in orders'],
  ['${-1}', -1],
  ['${1e3}', 1000],
  ['x${1e21}', 'x1000000000000000000000'],
  ['x${0.00000015}', 'x0.00000015'],
  ['${[1, "a", true,]}', [1, 'a', true]],
  ['${{"a" = 1, b : 2, (local.name) = [], "${local.name}-dlq" = {}}}', { a: 1, b: 2, orders: [], 'orders-dlq': {} }],
  ['${jsonencode({"b" = [1, 1.5, null, true], "a" = "<é>\\n"})}', '{"a":"\\u003cé\\u003e\\n","b":[1,1.5,null,true]}'],
  ['{"Resource":"${local.deep.list[0].arn}/*"}', '{"Resource":"arn:1/*"}'],
  ['${jsondecode("{\\"a\\":[1]}").a[0]}', 1],
  ['${md5("a")}', '0cc175b9c0f1b6a831c399e269772661'],
  ['${sha1("a")}', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['${sha256("a")}', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ['${base64sha256("a")}', 'ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='],
  ['${base64encode("é")}', 'w6k='],
  ['${base64decode("w6k=")}', 'é'],
  ['${format("%s-%d-%v-%%", "a", "3", [1])}', 'a-3-[1]-%'],
  ['${join(",", [1, true, "a"])}', '1,true,a'],
  ['${split(",", "a,,b")}', ['a', '', 'b']],
  ['${replace("a.b.c", ".", "$1")}', 'a$1b$1c'],
  ['${upper("aß")}${lower("ÄB")}', 'Aßäb'],
  ['${trimspace(" a\\t\\n")}', 'a'],
  ['${concat([1], ["a"])}', [1, 'a']],
  ['${merge({a = 1, c = 1}, {a = 2})}', { a: 2, c: 1 }],
  ['${toset(["b", "a", "b"])}', ['a', 'b']],
  ['${tolist(["b"])}', ['b']],
  ['${tostring(1.0)}', '1'],
  ['${tonumber("1.50")}', 1.5],
  ['${element([1, 2, 3], 4)}', 2],
  ['${length("héé")}${length([1])}${length({a = 1})}', '311'],
  ['${lookup({a = 1}, "a", 2)}${lookup({a = 1}, "b", 2)}', '12'],
  ['${coalesce("", null, "x")}', 'x'],
  ['${keys({b = 1, a = 2})}', ['a', 'b']],
  ['${values({b = 1, a = 2})}', [2, 1]],
  ['${basename("a/b.c")} ${dirname("a/b.c")}', 'b.c a'],
];

test.each(values)('%j is %j', (text, value) => {
  expect(valueOf(text)).toStrictEqual(value);
});

const installed = spawnSync('terraform', ['version']).status === 0;

(installed ? describe : describe.skip)('Terraform itself', () => {
  test('evaluates all of them to the same values', () => {
    const output = Object.fromEntries(values.map(([value], index) => [`o${index}`, { value }]));
    const cwd = writeFiles({ 'cdk.tf.json': JSON.stringify({ locals, output }) });
    const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
    const run = (...args: string[]) => spawnSync('terraform', args, { cwd, env, encoding: 'utf8' });
    expect(run('apply', '-auto-approve', '-no-color')).toMatchObject({ status: 0 });
    const given = JSON.parse(run('output', '-json').stdout) as Record<string, { value: unknown }>;
    expect(values.map((_, index) => given[`o${index}`]!.value)).toStrictEqual(values.map(([, value]) => value));
  });
});

test('paths and files start from the stack', () => {
  const directory = writeFiles({ 'a.txt': 'a' });
  const read = (text: string) => evaluate(parseTemplate(text), { ...scope, directory });
  expect(read('${abspath("x/../y")}')).toBe(join(directory, 'y'));
  expect(read('${file("a.txt")} ${filemd5("a.txt")}')).toBe('a 0cc175b9c0f1b6a831c399e269772661');
  expect(read('${filebase64sha256("a.txt")}')).toBe('ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=');
  expect(() => read('${file("b.txt")}')).toThrow(`file: cannot read ${join(directory, 'b.txt')}`);
});

test.each([
  ['${local.count + 1}', 'the operator + is not supported'],
  ['${local.count == 1}', 'the operator == is not supported'],
  ['${!true}', 'the operator ! is not supported'],
  ['${true ? 1 : 2}', 'conditional expressions (? :) are not supported'],
  ['${[for x in [1]: x]}', 'for expressions are not supported'],
  ['${{ for k, v in {}: k => v }}', 'for expressions are not supported'],
  ['${local.deep.list[*].arn}', 'splat expressions ([*]) are not supported'],
  ['${local.deep.list.*.arn}', 'splat expressions (.*) are not supported'],
  ['${join(",", [1]...)}', 'argument expansion (...) is not supported'],
  ['${<<EOT}', 'heredoc strings (<<) are not supported'],
  ['${~ 1 ~}', 'whitespace stripping (${~ ~}) is not supported'],
  ['%{ if true }a%{ endif }', 'template directives'],
  ['${provider::aws::arn_parse("x")}', 'the operator :: is not supported'],
  ['${uuid()}', 'the function uuid is not supported'],
  ['${constructor("a")}', 'the function constructor is not supported'],
  ['${local.name', 'expected } but found the end, at character 13: ${local.name'],
  ['${"a}', 'a quoted string has no closing quote'],
  ['${"a\nb"}', 'a quoted string runs over the end of a line'],
  ['${"\\q"}', 'unknown escape sequence \\q'],
  ['${}', 'expected a value but found }'],
  ['${[1 2]}', 'expected , or ] but found 2'],
  ['${{"a" 1}}', 'expected = but found 1'],
  ['${local.}', "expected an attribute's name but found }"],
  ['${name}', 'name is not a reference: write type.name.attribute'],
  ['${data.x}', 'must name a type and a name'],
  ['${each.value}', 'each refers to for_each'],
  ['${module.x.y}', 'module refers to modules'],
  ['${local.deep.nothing}', 'local.deep has no attribute nothing; it has a key, list'],
  ['${local.deep.list[1]}', 'local.deep.list has no index 1; its length is 1'],
  ['${local.deep.list.arn}', 'local.deep.list is a list and has no attribute arn'],
  ['${local.deep[0]}', 'local.deep has no attribute 0'],
  ['${local.name.x}', 'local.name is a string and has no attribute x'],
  ['a ${local.deep}', 'only strings, numbers and bools can stand inside a string; local.deep... is an object'],
  ['a ${local.deep.list}', 'is a list'],
  ['a ${null}', 'got null'],
  ['${sha1([1])}', 'sha1: a list cannot be made a string'],
  ['${sha1()}', 'sha1: got 0 arguments, takes 1'],
  ['${lookup({a = 1})}', 'lookup: got 1 arguments, takes 2 to 3'],
  ['${lookup({a = 1}, "b")}', 'lookup: no key "b"; there are a'],
  ['${jsondecode("{")}', 'jsondecode: not JSON'],
  ['${tonumber("x")}', 'tonumber: expected a number, got "x"'],
  ['${join(",", "a")}', 'join: expected a list, got a string'],
  ['${merge("a")}', 'merge: expected an object, got a string'],
  ['${replace("a", "/a/", "b")}', 'replace: regular expressions'],
  ['${format("%q", "a")}', 'format: the verb %q is not supported'],
  ['${format("%s")}', 'format: no argument for the %s number 1'],
  ['${format("a", 1)}', 'format: 1 arguments for 0 verbs'],
  ['${element([], 0)}', 'element: the list is empty'],
  ['${coalesce("", null)}', 'coalesce: every argument is null or empty'],
])('%j is refused: %s', (text, message) => {
  const evaluated = () => valueOf(text);
  expect(evaluated).toThrow(ExpressionError);
  expect(evaluated).toThrow(message);
});

/** Text in which the characters that mean something are frequent. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom('$', '%', '{', '}', '"', '\\', '~', '\n'), fc.string({ minLength: 1 })),
});

test('text that is escaped survives unchanged', () => {
  fc.assert(fc.property(text, (original) => expect(valueOf(escapeTemplate(original))).toBe(original)));
});

test('escaped text survives in quotes and beside an interpolation', () => {
  fc.assert(
    fc.property(text, (original) => {
      const special: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };
      const quoted = `"${escapeTemplate(original).replaceAll(/["\\\n\r]/g, (found) => special[found] ?? `\\${found}`)}"`;
      fc.pre(!original.endsWith('$'));
      expect(valueOf(`\${local.name}${escapeTemplate(original)}\${[${quoted}][0]}`)).toBe(
        `orders${original}${original}`,
      );
    }),
  );
});

test('any text is a value or an ExpressionError', () => {
  const token = fc.constantFrom(
    '${',
    '}',
    '"',
    '(',
    ')',
    '[',
    ']',
    '{',
    ',',
    '.',
    '=',
    ':',
    'local',
    'name',
    '0',
    '-',
    '*',
    ' ',
    'sha1',
    '\\',
    '%{',
  );
  fc.assert(
    fc.property(fc.array(token), (tokens) => {
      try {
        valueOf(tokens.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
      }
    }),
    { numRuns: 1000 },
  );
});
