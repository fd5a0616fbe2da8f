import { join } from 'node:path';
import { loadConfiguration } from '../../../local/terraform/configuration';
import { ConfigurationError } from '../../../local/terraform/configuration-error';
import { removeDirectories, synthesized, temporaryDirectory, writeFiles } from './synthesized';

afterAll(removeDirectories);

function problemsOf(directory: string): readonly string[] {
  try {
    loadConfiguration(directory);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

const queue = (body: object) => ({ resource: { aws_sqs_queue: { q: body } } });

test('reads stacks, nodes, outputs, locals, variables and backend', () => {
  const dir = synthesized({
    core: {
      '//': { metadata: {} },
      provider: { aws: [{ region: 'eu-central-1', default_tags: [{ tags: { project: 'p' } }] }] },
      terraform: { backend: { s3: { bucket: 'b', key: 'k' } }, required_providers: { aws: { source: 'aws' } } },
      data: { aws_caller_identity: { me: { '//': { metadata: {} } } } },
      resource: {
        aws_sqs_queue: {
          q: {
            '//': { metadata: {} },
            name: 'q',
            tags: { '//': 'kept' },
            depends_on: ['data.aws_caller_identity.me'],
            lifecycle: { prevent_destroy: true },
            provider: 'aws',
          },
        },
      },
      output: { url: { value: '${aws_sqs_queue.q.url}', sensitive: true, description: 'd' } },
      locals: { x: 1 },
      variable: { v: { type: 'string', default: 'y' } },
    },
  });
  expect(loadConfiguration(dir)).toStrictEqual({
    region: 'eu-central-1',
    stacks: [
      {
        name: 'core',
        directory: join(dir, 'stacks/core'),
        region: 'eu-central-1',
        defaultTags: { project: 'p' },
        backend: { type: 's3', config: { bucket: 'b', key: 'k' } },
        nodes: [
          {
            address: 'core/data.aws_caller_identity.me',
            mode: 'data',
            type: 'aws_caller_identity',
            name: 'me',
            config: {},
            dependsOn: [],
          },
          {
            address: 'core/aws_sqs_queue.q',
            mode: 'resource',
            type: 'aws_sqs_queue',
            name: 'q',
            config: { name: 'q', tags: { '//': 'kept' } },
            dependsOn: ['data.aws_caller_identity.me'],
          },
        ],
        outputs: { url: { value: '${aws_sqs_queue.q.url}', dependsOn: [] } },
        locals: { x: 1 },
        variables: { v: 'y' },
      },
    ],
  });
});

test('what is not there says how to make it', () => {
  const empty = temporaryDirectory();
  expect(problemsOf(empty)).toStrictEqual([`${join(empty, 'manifest.json')} does not exist: run \`npm run synth\``]);
  const listed = writeFiles({
    'manifest.json': '{"stacks":{"core":{"synthesizedStackPath":"core/cdk.tf.json"},"x":{}}}',
  });
  expect(problemsOf(listed)).toStrictEqual([
    `${join(listed, 'core/cdk.tf.json')} does not exist: run \`npm run synth\``,
    `x: ${join(listed, 'manifest.json')} names no synthesizedStackPath`,
  ]);
  const none = writeFiles({ 'manifest.json': '{"stacks":{}}' });
  expect(problemsOf(none)).toStrictEqual([`${join(none, 'manifest.json')} lists no stacks: run \`npm run synth\``]);
});

test('what is not JSON is named', () => {
  const broken = writeFiles({ 'manifest.json': '{' });
  expect(problemsOf(broken)).toStrictEqual([expect.stringContaining(`${join(broken, 'manifest.json')} is not JSON: `)]);
  const dir = synthesized({ core: {} }, { 'stacks/core/cdk.tf.json': '{"a":\n' });
  expect(problemsOf(dir)).toStrictEqual([expect.stringMatching(/core\/cdk\.tf\.json is not JSON: [^\n]*$/)]);
  const list = synthesized({ core: {} }, { 'stacks/core/cdk.tf.json': '[]' });
  expect(problemsOf(list)).toStrictEqual([expect.stringMatching(/^core: .*cdk\.tf\.json is not a JSON object$/)]);
});

test.each([
  ['count', queue({ count: 2 }), 'core/aws_sqs_queue.q: count: the local runtime does not support it'],
  ['for_each', queue({ for_each: {} }), 'core/aws_sqs_queue.q: for_each: the local runtime does not support it'],
  [
    'provisioner',
    queue({ provisioner: [] }),
    'core/aws_sqs_queue.q: provisioner: the local runtime does not support it',
  ],
  ['dynamic', queue({ dynamic: {} }), 'core/aws_sqs_queue.q: dynamic: the local runtime does not support it'],
  ['connection', queue({ connection: {} }), 'core/aws_sqs_queue.q: connection: the local runtime does not support it'],
  [
    'a precondition',
    queue({ lifecycle: { precondition: [] } }),
    'core/aws_sqs_queue.q: lifecycle.precondition: the local runtime does not support it',
  ],
  [
    'an alias',
    queue({ provider: 'aws.other' }),
    'core/aws_sqs_queue.q: provider: "aws.other" is not declared; declared are aws',
  ],
  [
    'a default tag that is no literal',
    { provider: { aws: [{ region: 'eu-central-1', default_tags: [{ tags: { owner: '${local.me}' } }] }] } },
    'core/provider.aws: default_tags.owner must be a literal string',
  ],
  ['bad depends_on', queue({ depends_on: 'x' }), 'core/aws_sqs_queue.q: depends_on: expected a list of addresses'],
  ['a body that is no object', queue([]), 'core/aws_sqs_queue.q: is not a JSON object'],
  ['modules', { module: { m: {} } }, 'core/module: the local runtime does not run module blocks'],
  ['moved', { moved: [] }, 'core/moved: the local runtime does not run moved blocks'],
  [
    'a variable without a value',
    { variable: { v: { type: 'string' } } },
    'core/var.v: has no default, and the local runtime gives variables no other value',
  ],
  [
    'a validated variable',
    { variable: { v: { default: 1, validation: {} } } },
    'core/var.v: validation: the local runtime does not support it',
  ],
  ['an output without a value', { output: { o: {} } }, 'core/output.o: has no value'],
  [
    'a checked output',
    { output: { o: { value: 1, precondition: {} } } },
    'core/output.o: precondition: the local runtime does not support it',
  ],
  [
    'experiments',
    { terraform: { experiments: [] } },
    'core/terraform.experiments: the local runtime does not model it',
  ],
  [
    'a provider that assumes a role',
    { provider: { aws: [{ region: 'eu-central-1', assume_role: [{ role_arn: 'x' }] }] } },
    'core/provider.aws: assume_role: the local runtime does not model it',
  ],
  [
    'a provider argument that does not exist',
    { provider: { archive: [{ bogus: 1 }] } },
    'core/provider.archive: bogus: the local runtime does not model it',
  ],
  [
    'a broken version constraint',
    { terraform: { required_version: 'newest' } },
    'core/terraform.required_version: expected a version constraint such as ">= 1.10, < 2", got "newest"',
  ],
  [
    'a broken version constraint of a provider',
    { terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>> 5' } } } },
    'core/terraform.required_providers.aws.version: expected a version constraint such as ">= 1.10, < 2", got ">> 5"',
  ],
  [
    'an aliased provider',
    { provider: { aws: [{ region: 'r', alias: 'a' }] } },
    'core/provider.aws: the local runtime runs one configuration of a provider, without an alias',
  ],
  [
    'two providers',
    { provider: { aws: [{ region: 'r' }, { region: 's' }] } },
    'core/provider.aws: the local runtime runs one configuration of a provider, without an alias',
  ],
  [
    'a computed region',
    { provider: { aws: [{ region: '${var.r}' }] } },
    'core/provider.aws: region must be given, as a literal string',
  ],
])('%s is refused', (_, document, problem) => {
  expect(problemsOf(synthesized({ core: document }))).toContain(problem);
});

test('one region for all stacks', () => {
  const dir = synthesized({ core: {}, other: { provider: { aws: [{ region: 'us-east-1' }] } } });
  expect(problemsOf(dir)).toStrictEqual([
    'The local runtime runs one region, but the stacks name several: core in eu-central-1, other in us-east-1',
  ]);
  expect(problemsOf(synthesized({ core: { provider: {} } }))).toStrictEqual([
    'No stack names the region of its AWS provider',
  ]);
});

test('all problems of all stacks come at once', () => {
  const dir = synthesized({ a: queue({ count: 1 }), b: { module: {}, ...queue({ for_each: [] }) } });
  expect(problemsOf(dir)).toHaveLength(3);
});
