import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { synthesize } from '../synthesis';

const bindings = dirname(require.resolve('@cdktf/provider-aws/package.json'));
const { cdktf } = JSON.parse(readFileSync(join(bindings, 'package.json'), 'utf8')) as {
  cdktf: { provider: { version: string } };
};

/** Arguments that a resource or data source of 6.x deprecates and 5.100 does not, with the first version that does. */
const deprecated: readonly { type: string; path: string; since: string }[] = [
  { type: 'aws_region', path: 'name', since: '6.0.0' },
  // Its successor, key_schema, is unknown to 5.100 and to the bindings.
  { type: 'aws_dynamodb_table', path: 'global_secondary_index.hash_key', since: '6.28.0' },
  { type: 'aws_dynamodb_table', path: 'global_secondary_index.range_key', since: '6.28.0' },
];

/** Arguments that Terraform has for every resource. */
const everywhere = new Set(['lifecycle', 'depends_on']);

/** Arguments whose members have names of the user's own. */
const maps = new Set(['dimensions', 'tags', 'triggers', 'variables', 'input_paths']);

/** Paths of all arguments below a value, such as `point_in_time_recovery.enabled`; members of a list have no index. */
function paths(value: unknown, at: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((member) => paths(member, at));
  if (typeof value !== 'object' || value === null || maps.has(at.at(-1)!)) return [];
  return Object.entries(value)
    .filter(([key]) => key !== '//' && !(at.length === 0 && everywhere.has(key)))
    .flatMap(([key, member]) => {
      const path = at.concat(key);
      return [path.join('.')].concat(paths(member, path));
    });
}

/** Names of the arguments that the bindings know for a type, nested ones among them. */
function argumentsOf(kind: 'resource' | 'data', type: string): ReadonlySet<string> {
  const folder = `${kind === 'data' ? 'data-' : ''}${kind === 'data' ? type : type.slice('aws_'.length)}`;
  const file = join(bindings, 'lib', folder.replaceAll('_', '-'), 'index.d.ts');
  if (!existsSync(file)) throw new Error(`${type} is not in version ${cdktf.provider.version}`);
  const text = readFileSync(file, 'utf8');
  return new Set([...text.matchAll(/\/docs\/(?:resources|data-sources)\/\w+#(\w+)/g)].map(([, name]) => name!));
}

/** @returns whether version `a` is `b` or later */
function from(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) >= 0;
}

const used = Object.entries(synthesize()).flatMap(([stack, { json }]) =>
  (['resource', 'data'] as const).flatMap((kind) =>
    Object.entries<Record<string, object>>(json[kind] ?? {})
      .filter(([type]) => type.startsWith('aws_'))
      .flatMap(([type, named]) => Object.entries(named).map(([name, args]) => ({ stack, kind, type, name, args }))),
  ),
);

test('the bindings are of the newer major', () => {
  expect(from(cdktf.provider.version, '6.0.0')).toBe(true);
  expect(used.length).toBeGreaterThan(100);
});

test("every argument exists in the bindings' version of the provider", () => {
  const unknown = used.flatMap(({ stack, kind, type, name, args }) => {
    const known = argumentsOf(kind, type);
    return paths(args)
      .filter((path) => !known.has(path.slice(path.lastIndexOf('.') + 1)))
      .map((path) => `${stack}: ${type}.${name} has ${path}, which ${cdktf.provider.version} does not know`);
  });
  expect(unknown).toEqual([]);
});

test("no argument is deprecated in the bindings' version of the provider", () => {
  const wrong = used.flatMap(({ stack, type, name, args }) =>
    deprecated
      .filter((entry) => entry.type === type && from(cdktf.provider.version, entry.since))
      .filter(({ path }) => paths(args).includes(path))
      .map(({ path, since }) => `${stack}: ${type}.${name} has ${path}, deprecated since ${since}`),
  );
  expect(wrong).toEqual([]);
});

test('a deprecated argument would be found', () => {
  const index = deprecated.find(({ path }) => path.endsWith('hash_key'));
  const tables = used.filter(({ type, args }) => type === index!.type && paths(args).includes(index!.path));
  expect(tables).not.toEqual([]);
  expect(from('6.28.0', index!.since)).toBe(true);
});
