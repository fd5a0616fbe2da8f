import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What a command ended with, and the arguments of each call of cdktf, which is not the real one. */
export interface CommandRun {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
  readonly calls: readonly string[][];
}

/** What the programs on the PATH do, and the answers of S3. */
export interface World {
  /** What `terraform version -json` says; null for no Terraform at all. @default 1.11.4 */
  readonly terraform?: string | null;
  /** Exit code of cdktf, or the signal by which it ends. @default 0 */
  readonly cdktf?: number | NodeJS.Signals;
  /** Status and headers that S3 has for the bucket. @default 200 */
  readonly bucket?: { readonly status: number; readonly headers?: Record<string, string> };
  /** Credentials are set. @default true */
  readonly credentials?: boolean;
  /** Files below the home folder. */
  readonly home?: Readonly<Record<string, string>>;
}

const folders: string[] = [];
const servers: Server[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  for (const server of servers) server.close();
});

/** Folder with a synth output, shared by all runs with the same variables: a synthesis in it changes nothing. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-deploy-'));
  folders.push(folder);
  return folder;
}

function program(folder: string, name: string, script: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!${process.execPath}\n${script}`);
  chmodSync(file, 0o755);
}

function programs(folder: string, { terraform = '1.11.4', cdktf = 0 }: World): void {
  const end = typeof cdktf === 'number' ? `process.exit(${cdktf})` : `process.kill(process.pid, '${cdktf}')`;
  const log = JSON.stringify(join(folder, 'calls'));
  program(
    folder,
    'cdktf',
    `require('fs').appendFileSync(${log}, JSON.stringify(process.argv.slice(2)) + '\\n'); ${end};`,
  );
  const version = JSON.stringify(JSON.stringify({ terraform_version: terraform }));
  if (terraform !== null) program(folder, 'terraform', `console.log(${version})`);
}

async function s3({ bucket = { status: 200 } }: World): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(bucket.status, bucket.headers).end());
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs `npm run deploy`, `diff` or `destroy` as a process, with nothing in its environment but what is given. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  world: World = {},
): Promise<CommandRun> {
  const folder = temporaryFolder();
  programs(folder, world);
  for (const [path, text] of Object.entries(world.home ?? {})) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'deploy/cli.ts', ...args], {
    cwd: root,
    env: {
      PATH: folder,
      HOME: folder,
      TMPDIR: tmpdir(),
      CDKTF_OUTDIR: join(folder, 'out'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: await s3(world),
      ...(world.credentials !== false && credentials),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  const log = join(folder, 'calls');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  const anonymous = (text: string) => text.replaceAll(folder, '~');
  return {
    code,
    stdout: anonymous(said.stdout).trim(),
    stderr: anonymous(said.stderr).trim(),
    calls: lines.map((line) => (JSON.parse(line) as string[]).map(anonymous)),
  };
}
