import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startStub } from './aws-stub';
import { run } from './processes';
import { sampleEvents } from './sample-events';
import { runsOf } from './statistics';
import { aims, type Row } from './table';

/** Fresh processes per function. */
const calls = 10;
const firstCall = join(__dirname, 'first-call.mjs');
const firstRequest = join(__dirname, 'first-request.mjs');

interface Bundle {
  readonly name: string;
  readonly file: string;
  /** Variables that the stack sets; a reference is left as it stands, the stub takes any table. */
  readonly environment: Record<string, string>;
}

function bundlesIn(folder: string): Bundle[] {
  return readdirSync(join(folder, 'stacks')).flatMap((stack) => {
    const { resource } = JSON.parse(readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
    return Object.values<any>(resource.aws_lambda_function ?? {}).map(({ function_name, environment }) => {
      const name = readdirSync(join(folder, 'stacks', stack, 'functions')).find((it) =>
        function_name.endsWith(`-${it}`),
      )!;
      const file = join(folder, 'stacks', stack, 'functions', name, 'index.js');
      return { name, file, environment: environment.variables };
    });
  });
}

/** Measures each function: its size, and import plus first call in a fresh process against a stub of AWS. */
export async function measureFunctions(folder: string): Promise<Row[]> {
  const { server, endpoint } = await startStub();
  const account = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };
  const rows: Row[] = [];
  for (const { name, file, environment } of bundlesIn(folder)) {
    const event = sampleEvents[name];
    if (!event) throw new Error(`There is no sample event for the function ${name}: add one to bench/sample-events.ts`);
    const queues = Object.keys(environment).filter((variable) => variable.endsWith('QUEUE_URL'));
    const urls = Object.fromEntries(queues.map((variable) => [variable, `${endpoint}/queue`]));
    const variables = { ...environment, ...urls, ...account, AWS_ENDPOINT_URL: endpoint };
    const times: number[] = [];
    const floor: number[] = [];
    for (let call = 0; call < calls; call++) {
      times.push(Number((await run([firstCall, file, JSON.stringify(event)], variables)).output));
      floor.push(Number((await run([firstRequest], variables)).output));
    }
    const code = readFileSync(file);
    rows.push(
      { name: `${name}, minified`, unit: 'KB', runs: runsOf([code.length / 1000]) },
      {
        name: `${name}, minified and gzipped`,
        unit: 'KB',
        runs: runsOf([gzipSync(code).length / 1000]),
        aim: aims.functionSize,
      },
      { name: `${name}, import and first call`, unit: 'ms', runs: runsOf(times), aim: aims.firstCall },
      { name: 'floor: node:https, node:crypto and a request', unit: 'ms', runs: runsOf(floor) },
      {
        name: `${name}, first call / floor`,
        unit: 'x',
        runs: runsOf(times.map((time, call) => time / floor[call]!)),
      },
    );
  }
  server.close();
  return rows;
}
