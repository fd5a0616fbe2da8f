import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { App, Fn, S3Backend, TerraformLocal, TerraformOutput, TerraformStack, Token } from 'cdktf';
import { z } from 'zod';
import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import type { ResourceType } from '../../../local/service';
import { applyConfiguration } from '../../../local/terraform/apply';
import { loadConfiguration } from '../../../local/terraform/configuration';
import { dataSources } from '../../../local/terraform/data-sources';
import { removeDirectories, temporaryDirectory, writeFiles } from './synthesized';

afterAll(removeDirectories);

const region = 'eu-central-1';

function base(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, 'aws', { region, defaultTags: [{ tags: { project: 'p' } }] });
  new S3Backend(stack, { bucket: 'state', key: id, region, encrypt: true });
  return stack;
}

function synthesize(source: string): string {
  const outdir = join(temporaryDirectory(), 'cdktf.out');
  const app = new App({ outdir });
  const core = base(app, 'core');
  new ArchiveProvider(core, 'archive');
  const account = new DataAwsCallerIdentity(core, 'account').accountId;
  const archive = new DataArchiveFile(core, 'archive-file', {
    type: 'zip',
    sourceDir: source,
    outputPath: 'function.zip',
  });
  const table = new DynamodbTable(core, 'table', {
    name: 'orders',
    hashKey: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    ttl: { attributeName: 'expires', enabled: true },
    lifecycle: { preventDestroy: true },
  });
  const queue = new SqsQueue(core, 'queue', {
    name: `orders-${account}`,
    policy: JSON.stringify({ Resource: `arn:aws:sqs:${region}:${account}:orders`, Vtl: '$util.x("$${y}")' }),
    dependsOn: [table],
  });
  const local = new TerraformLocal(core, 'digest', Fn.sha1(Token.asString(queue.policy)));
  new TerraformOutput(core, 'digest-output', { value: local.expression });
  new TerraformOutput(core, 'document', {
    value: Fn.jsonencode({
      arn: table.arn,
      name: `table-${table.name}`,
      list: [1, queue.url],
      ttl: table.ttl.attributeName,
    }),
  });
  new LambdaFunction(core, 'function', {
    functionName: 'f',
    role: 'r',
    filename: archive.outputPath,
    sourceCodeHash: archive.outputBase64Sha256,
    environment: { variables: { TABLE: table.name } },
  });
  new SqsQueue(base(app, 'consumers'), 'reader', {
    name: `reader-of-${queue.name}`,
    visibilityTimeoutSeconds: queue.delaySeconds,
    tags: { ttl: table.ttl.attributeName },
  });
  app.synth();
  return outdir;
}

const anything = (computed: (name: string) => object): ResourceType => ({
  arguments: z.record(z.string(), z.unknown()),
  create: ({ arguments: { name } }) => ({ ...computed(name) }),
});

test('two stacks as cdktf writes them', async () => {
  const source = writeFiles({ 'index.mjs': 'export {};' });
  const outdir = synthesize(source);
  const configuration = loadConfiguration(outdir);
  expect(configuration.region).toBe(region);
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region });
  const sources = dataSources(runtime, configuration);
  const state = await applyConfiguration(configuration, {
    types: {
      aws_dynamodb_table: anything((name) => ({ arn: `arn:table/${name}` })),
      aws_sqs_queue: anything((name) => ({ arn: `arn:${name}`, url: `http://${name}`, delay_seconds: 7 })),
      aws_lambda_function: anything(() => ({})),
    },
    dataSources: sources.types,
  });
  const policy = '{"Resource":"arn:aws:sqs:eu-central-1:000000000000:orders","Vtl":"$util.x(\\"${y}\\")"}';
  expect(state.get('core/aws_sqs_queue.queue')!.attributes).toMatchObject({ name: 'orders-000000000000', policy });
  expect(state.outputs.core).toMatchObject({
    'digest-output': createHash('sha1').update(policy).digest('hex'),
    document:
      '{"arn":"arn:table/orders","list":[1,"http://orders-000000000000"],"name":"table-orders","ttl":"expires"}',
  });
  expect(state.get('consumers/aws_sqs_queue.reader')!.attributes).toMatchObject({
    name: 'reader-of-orders-000000000000',
    visibility_timeout_seconds: 7,
    tags: { ttl: 'expires' },
  });
  const { filename, source_code_hash } = state.get('core/aws_lambda_function.function')!.attributes;
  expect(sources.archiveSource(String(filename))).toBe(source);
  expect(source_code_hash).toBe(state.get('core/data.archive_file.archive-file')!.attributes.output_base64sha256);
  const order = state.resources.map(({ address }) => address);
  expect(order.indexOf('core/aws_sqs_queue.queue')).toBeGreaterThan(order.indexOf('core/aws_dynamodb_table.table'));
});
