import { z } from 'zod';
import { block, blocks, json } from '../../../local/arguments';
import { AwsError } from '../../../local/aws-error';
import type { Resource, ResourceType } from '../../../local/service';
import { applyConfiguration } from '../../../local/terraform/apply';
import { loadConfiguration } from '../../../local/terraform/configuration';
import { ConfigurationError } from '../../../local/terraform/configuration-error';
import { removeDirectories, synthesized } from './synthesized';

afterAll(removeDirectories);

/** What was created, in order. */
let created: Resource<Record<string, unknown>>[];

beforeEach(() => {
  created = [];
});

const thing: ResourceType = {
  arguments: z.strictObject({
    name: z.string(),
    size: z.number().int().min(1).default(5),
    mode: z.enum(['A', 'B']).optional(),
    document: json(z.strictObject({ target: z.string() })).optional(),
    ttl: block(z.strictObject({ field: z.string() })).optional(),
    rules: blocks(z.strictObject({ id: z.string() })).optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
  create: (resource) => {
    created.push(resource);
    if (resource.arguments.name === 'bad') throw new AwsError('QueueNameExists', 'A queue exists.');
    return { arn: `arn:${resource.arguments.name}`, id: resource.name };
  },
};
const fact: ResourceType = { arguments: z.strictObject({}), create: async () => ({ account_id: '000000000000' }) };

const apply = async (stacks: Record<string, object>) =>
  applyConfiguration(loadConfiguration(synthesized(stacks)), { types: { aws_thing: thing }, dataSources: { fact } });

const things = (named: Record<string, object>) => ({ resource: { aws_thing: named } });

async function problemsOf(stacks: Record<string, object>): Promise<readonly string[]> {
  const error: unknown = await apply(stacks).catch((thrown: unknown) => thrown);
  if (error instanceof ConfigurationError) return error.problems;
  throw new Error('not refused', { cause: error });
}

test('makes each after what it refers to, with resolved and checked arguments', async () => {
  const state = await apply({
    core: {
      ...things({
        a: {
          name: 'a',
          document: '{"target":"${aws_thing.b.arn}"}',
          tags: { '${local.l}': '${data.fact.me.account_id}' },
        },
        b: { name: 'b-${aws_thing.c.size}', ttl: [{ field: 'x' }], rules: { id: '${var.v}' } },
        c: { name: '${local.l}', size: 3, mode: null },
        d: { name: 'd', depends_on: ['aws_thing.e'] },
        e: { name: 'e' },
      }),
      data: { fact: { me: {} } },
      locals: { l: 'c-${data.fact.me.account_id}' },
      variable: { v: { default: 'r' } },
      output: {
        o: { value: '${aws_thing.a.document}' },
        all: { value: ['${aws_thing.b.size}', { k: '${terraform.workspace}' }] },
      },
    },
  });
  expect(created.map(({ address }) => address)).toStrictEqual([
    'core/aws_thing.c',
    'core/aws_thing.b',
    'core/aws_thing.a',
    'core/aws_thing.e',
    'core/aws_thing.d',
  ]);
  expect(created[1]).toStrictEqual({
    address: 'core/aws_thing.b',
    stack: 'core',
    type: 'aws_thing',
    name: 'b',
    arguments: { name: 'b-3', size: 5, ttl: { field: 'x' }, rules: [{ id: 'r' }] },
    defaultTags: {},
  });
  expect(created[2]!.arguments).toMatchObject({
    document: { target: 'arn:b-3' },
    tags: { 'c-000000000000': '000000000000' },
  });
  expect(state.outputs).toStrictEqual({ core: { o: '{"target":"arn:b-3"}', all: [5, { k: 'default' }] } });
  expect(state.get('core/aws_thing.c')?.attributes).toStrictEqual({
    name: 'c-000000000000',
    size: 3,
    arn: 'arn:c-000000000000',
    id: 'c',
  });
  expect(state.resources.map(({ address }) => address)).toContain('core/data.fact.me');
  expect(state.get('core/aws_thing.x')).toBeUndefined();
});

test('makes managed policies first: roles name theirs by an ARN that is no reference', async () => {
  const types = { aws_thing: thing, aws_iam_role: thing, aws_iam_policy: thing };
  const stacks = {
    app: { resource: { aws_iam_role: { r: { name: 'r' } } } },
    access: { resource: { aws_thing: { t: { name: 't' } }, aws_iam_policy: { p: { name: '${aws_thing.t.id}' } } } },
  };
  await applyConfiguration(loadConfiguration(synthesized(stacks)), { types, dataSources: { fact } });
  expect(created.map(({ address }) => address)).toEqual([
    'access/aws_thing.t',
    'access/aws_iam_policy.p',
    'app/aws_iam_role.r',
  ]);
});

test('a nested block is a list to whoever refers to it, however it is written', async () => {
  const state = await apply({
    core: {
      ...things({ a: { name: 'a', ttl: { field: 'x' } }, b: { name: 'b', ttl: [{ field: 'y' }] } }),
      output: { o: { value: '${aws_thing.a.ttl[0].field}${aws_thing.b.ttl[0].field}' } },
    },
  });
  expect(state.outputs.core).toStrictEqual({ o: 'xy' });
});

test('all that can be told before anything is made is told at once', async () => {
  const problems = await problemsOf({
    core: {
      resource: {
        aws_foo: { bar: {} },
        aws_thing: {
          a: { name: '${aws_thing.nope.arn}', tags: { k: '${upper(' } },
          b: { name: '${local.nope}-${var.nope}', depends_on: ['aws_thing.gone'] },
          c: { name: '${aws_thing.d.arn}' },
          d: { name: '${local.e}' },
          f: { name: '${uuid()}' },
          g: { name: '${aws_thing.g.arn}' },
        },
      },
      data: { aws_baz: { x: {} } },
      locals: { e: ['${aws_thing.c.arn}'], l: 1 },
    },
  });
  expect([...problems].sort()).toStrictEqual([
    'Cycle of references: core/aws_thing.g -> core/aws_thing.g',
    'Cycle of references: core/local.e -> core/aws_thing.c -> core/aws_thing.d -> core/local.e',
    'core/aws_foo.bar: the local runtime does not run aws_foo',
    'core/aws_thing.a: name: there is no aws_thing.nope in core; there is aws_thing.a, aws_thing.b, aws_thing.c, aws_thing.d, aws_thing.f, aws_thing.g',
    'core/aws_thing.a: tags.k: expected a value but found the end, at character 9: ${upper(',
    'core/aws_thing.b: depends_on: there is no aws_thing.gone in core; there is aws_thing.a, aws_thing.b, aws_thing.c, aws_thing.d, aws_thing.f, aws_thing.g',
    'core/aws_thing.b: name: there is no local.nope in core; there is local.e, local.l',
    'core/aws_thing.b: name: there is no var.nope in core',
    'core/aws_thing.f: name: the function uuid is not supported',
    'core/data.aws_baz.x: the local runtime does not run the data source aws_baz',
  ]);
  expect(created).toStrictEqual([]);
});

test('arguments that need no resource are checked before anything is made, names of all', async () => {
  const problems = await problemsOf({
    core: things({
      a: { name: 'a' },
      b: { size: 0, mode: 'C', colour: 'red', ttl: { field: 1, feld: 2 }, document: '{"target":1}' },
      c: { name: '${aws_thing.a.arn}', shape: 'round', size: '${aws_thing.a.id}' },
      d: { name: '${sha1([1])}' },
      e: { name: '${aws_thing.a.arn}', tags: { '${aws_thing.a.arn}': 1 }, mode: '${aws_thing.a.id}' },
    }),
  });
  expect(problems).toStrictEqual([
    'core/aws_thing.b: name: missing: expected string',
    'core/aws_thing.b: size: Too small: expected number to be >=1 (got 0)',
    'core/aws_thing.b: mode: expected one of "A"|"B" (got "C")',
    'core/aws_thing.b: document.target: expected string, received number',
    'core/aws_thing.b: ttl.field: expected string, received number (got 1)',
    'core/aws_thing.b: ttl.feld: the local runtime does not model this argument',
    'core/aws_thing.b: colour: the local runtime does not model this argument',
    'core/aws_thing.c: shape: the local runtime does not model this argument',
    'core/aws_thing.d: name: sha1: a list cannot be made a string',
  ]);
  expect(created).toStrictEqual([]);
});

test('what only shows when a resource is made names the resource', async () => {
  const unknown = await problemsOf({
    core: things({ a: { name: 'a' }, b: { name: '${aws_thing.a.url}', tags: { t: '${aws_thing.a.x}' } } }),
  });
  expect(unknown).toStrictEqual([
    'core/aws_thing.b: name: aws_thing.a has no attribute url; it has arn, id, name, size',
    'core/aws_thing.b: tags: aws_thing.a has no attribute x; it has arn, id, name, size',
  ]);
  const wrong = await problemsOf({ core: things({ a: { name: 'a' }, b: { name: 'b', size: '${aws_thing.a.arn}' } }) });
  expect(wrong).toStrictEqual(['core/aws_thing.b: size: expected number, received string (got "arn:a")']);
  expect(await problemsOf({ core: things({ a: { name: 'bad' } }) })).toStrictEqual([
    'core/aws_thing.a: QueueNameExists: A queue exists.',
  ]);
});

test('names of built-in members of objects are neither types nor values', async () => {
  expect(await problemsOf({ core: { resource: { constructor: { a: {} } } } })).toStrictEqual([
    'core/constructor.a: the local runtime does not run constructor',
  ]);
  expect(await problemsOf({ core: { locals: { a: '${local.constructor}' } } })).toStrictEqual([
    'core/local.a: there is no local.constructor in core; there is local.a',
  ]);
});

const s3 = (key: string) => ({ terraform: { backend: { s3: { bucket: 'b', key, region: 'eu-central-1' } } } });
const remote = (backend: string, config: object, more: object = {}) => ({
  data: { terraform_remote_state: { r: { backend, config, workspace: '${terraform.workspace}', ...more } } },
});
const output = { output: { arn: { value: '${aws_thing.a.arn}' } } };
const consumer = things({ z: { name: '${data.terraform_remote_state.r.outputs.arn}' } });
const producer = things({ a: { name: 'a' } });

test.each([
  ['s3', s3('core'), remote('s3', { bucket: 'b', key: 'core', encrypt: true })],
  [
    'local',
    { terraform: { backend: { local: { path: '/state/core' } } } },
    remote('local', { path: '/state/../state/core' }),
  ],
  [
    'cloud',
    { terraform: { cloud: { organization: 'o', workspaces: { name: 'w' } } } },
    remote('remote', { organization: 'o', workspaces: { name: 'w' }, hostname: 'app.terraform.io' }),
  ],
  [
    'remote',
    { terraform: { backend: { remote: { hostname: 'h', organization: 'o', workspaces: { name: 'w' } } } } },
    remote('remote', { hostname: 'h', organization: 'o', workspaces: [{ name: 'w' }] }),
  ],
])('reads the outputs of the stack with the equal %s backend, after all of that stack', async (_, backend, state) => {
  await apply({ aConsumer: { ...s3('other'), ...state, ...consumer }, core: { ...backend, ...producer, ...output } });
  expect(created.map(({ address, arguments: { name } }) => [address, name])).toStrictEqual([
    ['core/aws_thing.a', 'a'],
    ['aConsumer/aws_thing.z', 'arn:a'],
  ]);
});

test('a remote state of no stack, or an output that is not there, is refused', async () => {
  const problems = await problemsOf({
    app: { ...s3('app'), ...remote('s3', { bucket: 'b', key: 'cor' }) },
    core: { ...s3('core') },
  });
  expect(problems).toStrictEqual([
    'app/data.terraform_remote_state.r: no stack keeps its state in s3 bucket b key cor; the stacks are app in s3 bucket b key app; core in s3 bucket b key core',
  ]);
  const twice = await problemsOf({ app: { ...remote('s3', { bucket: 'b', key: 'k' }) }, one: s3('k'), two: s3('k') });
  expect(twice).toStrictEqual([expect.stringContaining('several stacks keep its state in s3 bucket b key k')]);
  const missing = await problemsOf({
    app: { ...remote('s3', { bucket: 'b', key: 'core' }), ...consumer },
    core: { ...s3('core'), output: { url: { value: 1 } } },
  });
  expect(missing).toStrictEqual([
    'app/aws_thing.z: name: data.terraform_remote_state.r has no output arn; the outputs of core are url',
  ]);
});

test.each([
  ['workspace', { workspace: 'blue' }, 'workspace: the local runtime has the workspace "default" only, got "blue"'],
  ['defaults', { defaults: {} }, 'defaults: the local runtime does not support it'],
  [
    'backend',
    { backend: 'gcs' },
    'cannot tell where the backend gcs keeps state: give literal organization and workspaces.name',
  ],
  [
    'key',
    { config: { bucket: 'b', key: '${local.x}' } },
    'cannot tell where the backend s3 keeps state: give literal bucket and key',
  ],
])('a remote state with another %s is refused', async (_, more, problem) => {
  const problems = await problemsOf({
    app: { ...remote('s3', { bucket: 'b', key: 'core' }, more), locals: { x: 1 } },
    core: s3('core'),
  });
  expect(problems).toStrictEqual([expect.stringContaining(`app/data.terraform_remote_state.r: ${problem}`)]);
});

test('stacks that read each other cannot be deployed one after the other: a cycle', async () => {
  const problems = await problemsOf({
    one: { ...s3('one'), ...remote('s3', { bucket: 'b', key: 'two' }) },
    two: { ...s3('two'), ...remote('s3', { bucket: 'b', key: 'one' }) },
  });
  expect(problems).toStrictEqual([
    'Cycle of references: one/data.terraform_remote_state.r -> two/data.terraform_remote_state.r -> one/data.terraform_remote_state.r',
  ]);
});
