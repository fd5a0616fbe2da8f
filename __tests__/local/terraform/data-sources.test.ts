import { join } from 'node:path';
import { z } from 'zod';
import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import type { ResourceType } from '../../../local/service';
import { applyConfiguration } from '../../../local/terraform/apply';
import { loadConfiguration } from '../../../local/terraform/configuration';
import { dataSources } from '../../../local/terraform/data-sources';
import { removeDirectories, synthesized } from './synthesized';

afterAll(removeDirectories);

async function apply(data: object, files: Record<string, string> = {}) {
  const dir = synthesized({ core: { data } }, files);
  const configuration = loadConfiguration(dir);
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region: configuration.region });
  const sources = dataSources(runtime, configuration);
  const state = await applyConfiguration(configuration, { types: {}, dataSources: sources.types });
  const attributes = (address: string) => state.get(`core/data.${address}`)!.attributes;
  return { directory: join(dir, 'stacks/core'), sources, attributes };
}

const archive = (body: object) => ({ archive_file: { zip: { type: 'zip', output_path: 'out/code.zip', ...body } } });

test('who and where', async () => {
  const { attributes } = await apply({
    aws_caller_identity: { a: {} },
    aws_partition: { b: {} },
    aws_region: { c: {} },
  });
  expect(attributes('aws_caller_identity.a')).toMatchObject({
    account_id: '000000000000',
    arn: 'arn:aws:iam::000000000000:user/developer',
  });
  expect(attributes('aws_partition.b')).toMatchObject({ partition: 'aws', dns_suffix: 'amazonaws.com' });
  expect(attributes('aws_region.c')).toMatchObject({
    name: 'eu-central-1',
    id: 'eu-central-1',
    region: 'eu-central-1',
  });
});

test('another account is not looked up', async () => {
  await expect(apply({ aws_region: { c: { name: 'us-east-1' } } })).rejects.toThrow(
    'core/data.aws_region.c: name: the local runtime does not model this argument',
  );
});

const code = { 'stacks/core/code/index.mjs': 'a', 'stacks/core/code/lib/b.mjs': 'bc' };

test('an archive is known by its output path and leads back to its directory', async () => {
  const { attributes, directory, sources } = await apply(archive({ source_dir: 'code' }), code);
  const zip = attributes('archive_file.zip');
  expect(zip).toMatchObject({
    output_path: join(directory, 'out/code.zip'),
    source_directory: join(directory, 'code'),
    output_size: 3,
    output_md5: expect.stringMatching(/^[\da-f]{32}$/),
    output_sha: expect.stringMatching(/^[\da-f]{40}$/),
  });
  expect(Buffer.from(String(zip.output_base64sha256), 'base64').toString('hex')).toBe(zip.output_sha256);
  expect(sources.archiveSource(String(zip.output_path))).toBe(join(directory, 'code'));
  expect(sources.archiveSource('/elsewhere.zip')).toBeUndefined();
});

test('archives belong to one configuration', async () => {
  const first = await apply(archive({ source_dir: 'code' }), code);
  const second = await apply({}, code);
  expect(second.sources.archiveSource(join(first.directory, 'out/code.zip'))).toBeUndefined();
});

test('digests depend on names and contents, not on where or when', async () => {
  const digest = async (files: Record<string, string>) => {
    const { attributes } = await apply(archive({ source_dir: 'code' }), files);
    return attributes('archive_file.zip').output_base64sha256;
  };
  const same = await digest(code);
  expect(await digest({ 'stacks/core/code/lib/b.mjs': 'bc', 'stacks/core/code/index.mjs': 'a' })).toBe(same);
  expect(await digest({ ...code, 'stacks/core/code/index.mjs': 'z' })).not.toBe(same);
  expect(await digest({ 'stacks/core/code/index.mjs': 'a', 'stacks/core/code/lib/c.mjs': 'bc' })).not.toBe(same);
  expect(await digest({ 'stacks/core/code/index.mjs': 'ab', 'stacks/core/code/lib/b.mjs': 'c' })).not.toBe(same);
});

test('a file is archived from its directory', async () => {
  const { attributes, directory, sources } = await apply(archive({ source_file: 'code/index.mjs' }), code);
  const zip = attributes('archive_file.zip');
  expect(zip.output_size).toBe(1);
  expect(sources.archiveSource(String(zip.output_path))).toBe(join(directory, 'code'));
});

test.each([
  [
    'a missing directory',
    { source_dir: 'cod' },
    /core\/data\.archive_file\.zip: .*cod does not exist or is no directory: run `npm run synth`/,
  ],
  ['a missing file', { source_file: 'code' }, /code does not exist or is no file/],
  ['no source', {}, /source_dir: give either source_dir or source_file/],
  ['two sources', { source_dir: 'code', source_file: 'x' }, /source_dir: give either source_dir or source_file/],
  ['excludes', { source_dir: 'code', excludes: ['x'] }, /excludes: the local runtime does not model this argument/],
  ['another type', { source_dir: 'code', type: 'tar.gz' }, /type: expected "zip" \(got "tar\.gz"\)/],
])('%s is refused', async (_, body, message) => {
  await expect(apply(archive(body), code)).rejects.toThrow(message);
});

test('a resource made later may use the archive', async () => {
  const dir = synthesized(
    {
      core: {
        data: archive({ source_dir: 'code' }),
        resource: { fn: { f: { filename: '${data.archive_file.zip.output_path}' } } },
      },
    },
    code,
  );
  const configuration = loadConfiguration(dir);
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region: configuration.region });
  const sources = dataSources(runtime, configuration);
  const fn: ResourceType = {
    arguments: z.strictObject({ filename: z.string() }),
    create: ({ arguments: { filename } }) => ({ source: sources.archiveSource(filename) }),
  };
  const state = await applyConfiguration(configuration, { types: { fn }, dataSources: sources.types });
  expect(state.get('core/fn.f')!.attributes.source).toBe(join(dir, 'stacks/core/code'));
});
