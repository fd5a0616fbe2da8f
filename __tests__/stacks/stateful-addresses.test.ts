import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../synthesis';
import { statefulTypes } from './stateful';

type Listed = Record<string, Record<string, Record<string, unknown>>>;

const file = join(__dirname, '../golden/stateful-addresses.json');

/** Stateful resources of every stack: address, and the arguments whose change replaces it. */
function listed(env: Record<string, string> = {}): Listed {
  const stacks = Object.entries(synthesize(env)).map(([stack, { all }]) => {
    const resources = Object.entries(statefulTypes).flatMap(([type, replacing]) =>
      Object.entries(all(type)).map(([name, args]) => [
        `${type}.${name}`,
        Object.fromEntries(replacing.filter((key) => args[key] !== undefined).map((key) => [key, args[key]])),
      ]),
    );
    return [stack, Object.fromEntries(resources)] as const;
  });
  return Object.fromEntries(stacks.filter(([, resources]) => Object.keys(resources).length));
}

/** What deploying `now` where `before` stands would do, in a line per resource. */
function losses(before: Listed, now: Listed): string[] {
  return Object.entries(before).flatMap(([stack, resources]) =>
    Object.entries(resources).flatMap(([address, replacing]) => {
      const found = now[stack]?.[address];
      if (!found) return [`${stack}: ${address} is gone: Terraform destroys it, with what it holds`];
      return Object.keys({ ...replacing, ...found })
        .filter((key) => JSON.stringify(found[key]) !== JSON.stringify(replacing[key]))
        .map((key) => {
          const change = `${JSON.stringify(replacing[key])} -> ${JSON.stringify(found[key])}`;
          const unless = change.includes('${') ? ', unless only the address in the reference is new' : '';
          return `${stack}: ${address} has another ${key} (${change}): Terraform destroys it and makes a new, empty one${unless}`;
        });
    }),
  );
}

const advice = `
A construct was renamed or moved, or an argument changed that a resource cannot change in place. If only the address is new,
tell Terraform with a \`moved\` block (docs/operations.md, "Rename"). If the loss is meant, or nothing is deployed yet, write
the list anew: GOLDEN=write npx jest stateful-addresses`;

const now = listed();
if (process.env.GOLDEN === 'write') writeFileSync(file, `${JSON.stringify(now, undefined, 2)}\n`);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Listed;

test('no table, bus, queue, bucket, key, archive, topic or log group is replaced', () => {
  const lost = losses(golden, now);
  expect(lost.length ? `${lost.join('\n')}\n${advice}` : '').toBe('');
});

test('the list has every one of them', () => {
  const unlisted = Object.entries(now).flatMap(([stack, resources]) =>
    Object.keys(resources)
      .filter((address) => !golden[stack]?.[address])
      .map((address) => `${stack}: ${address} is not in the list`),
  );
  expect(unlisted.length ? `${unlisted.join('\n')}\n${advice}` : '').toBe('');
});

test.each(['staging', 'prod'])('%s has the same addresses as dev', (OUTBOX_ENVIRONMENT) => {
  const names = (list: Listed) =>
    Object.fromEntries(Object.entries(list).map(([key, value]) => [key, Object.keys(value)]));
  expect(names(listed({ OUTBOX_ENVIRONMENT }))).toEqual(names(golden));
});

test('a renamed construct and a changed key would be found', () => {
  const { 'outbox-core': core, ...others } = now;
  const [table, ...rest] = Object.keys(core!).filter((address) => address.startsWith('aws_dynamodb_table.'));
  expect(rest).toEqual([]);
  const { [table!]: orders, ...without } = core!;
  expect(losses(now, { ...others, 'outbox-core': { ...without, 'aws_dynamodb_table.renamed': orders! } })).toEqual([
    `outbox-core: ${table} is gone: Terraform destroys it, with what it holds`,
  ]);
  expect(losses(now, { ...others, 'outbox-core': { ...core, [table!]: { ...orders, hash_key: 'key' } } })).toEqual([
    `outbox-core: ${table} has another hash_key ("id" -> "key"): Terraform destroys it and makes a new, empty one`,
  ]);
});

describe.each(['staging', 'prod'])('in %s', (OUTBOX_ENVIRONMENT) => {
  const stacks = Object.values(synthesize({ OUTBOX_ENVIRONMENT }));
  const every = (type: string) => stacks.flatMap(({ all }) => Object.entries(all(type)));

  test('tables refuse to be deleted', () => {
    const tables = every('aws_dynamodb_table');
    expect(tables.map(([, { deletion_protection_enabled: on }]) => on)).toEqual(tables.map(() => true));
    expect(tables).not.toEqual([]);
  });

  test.each([
    'aws_kms_key',
    'aws_s3_bucket',
    'aws_dynamodb_table',
    'aws_cloudwatch_event_bus',
    'aws_cloudwatch_event_archive',
    'aws_sqs_queue',
  ])('Terraform refuses to destroy every %s', (type) => {
    const open = every(type).filter(([, { lifecycle }]) => lifecycle?.prevent_destroy !== true);
    expect(open.map(([name]) => name)).toEqual([]);
  });
});

test('dev can be removed', () => {
  const stacks = Object.values(synthesize());
  for (const { all } of stacks) {
    for (const [, { lifecycle, deletion_protection_enabled: on }] of Object.keys(statefulTypes).flatMap((type) =>
      Object.entries(all(type)),
    )) {
      expect(lifecycle?.prevent_destroy ?? false).toBe(false);
      expect(on ?? false).toBe(false);
    }
  }
});
