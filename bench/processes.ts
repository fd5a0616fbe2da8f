import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Hop } from '../local/timeline';

const root = join(__dirname, '..');
const peakHook = join(__dirname, 'peak-memory.cjs');

const temporary = mkdtempSync(join(tmpdir(), 'outbox-bench-'));
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));

/** A folder of its own, gone when the benchmark ends. */
export function temporaryFolder(): string {
  return mkdtempSync(join(temporary, 'run-'));
}

interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  /** MiB; known when the process has ended. */
  peak(): number;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): Child {
  const file = join(temporaryFolder(), 'peak');
  const child = spawn(process.execPath, ['--require', peakHook, ...args], {
    cwd: root,
    env: { ...process.env, ...env, BENCH_PEAK_MEMORY: file, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { process: child, peak: () => Number(readFileSync(file, 'utf8')) / 1024 };
}

/** What a process that ran to its end took. */
export interface Ended {
  /** Seconds from spawn to end. */
  readonly seconds: number;
  /** Peak memory of the process, without its child processes, in MiB. */
  readonly peak: number;
  readonly output: string;
}

/**
 * Runs Node to its end.
 *
 * @throws Error if it ends with a code other than 0
 */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const began = performance.now();
  const { process: child, peak } = start(args, env);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with code ${code}`);
  return { seconds, peak: peak(), output };
}

/** A local system in a process of its own. */
export interface LocalProcess {
  /** Seconds from spawn to the line that says it is ready. */
  readonly readySeconds: number;
  readonly endpoint: string;
  readonly region: string;
  readonly orderApi: string;
  /** Calls `listener` for each hop, until called again; without one, hops are not even parsed. */
  listen(listener?: (hop: Hop) => void): void;
  /** Ends it. @returns its peak memory in MiB */
  stop(): Promise<number>;
}

/** @param options of `npm start` */
export async function startLocalProcess(...options: string[]): Promise<LocalProcess> {
  return localProcess('local/cli.ts', '--port', '0', '--json', ...options);
}

/** @param folder synth output to run without batching windows */
export async function startWindowless(folder: string): Promise<LocalProcess> {
  return localProcess('bench/windowless.ts', folder);
}

async function localProcess(...script: string[]): Promise<LocalProcess> {
  const began = performance.now();
  const { process: child, peak } = start(['--require', 'tsx/cjs', ...script], {});
  const ended = once(child, 'close');
  const output = createInterface(child.stdout);
  const first = await Promise.race([once(output, 'line'), ended.then(() => undefined)]);
  if (!first) throw new Error('The local system ended before it was ready');
  const readySeconds = (performance.now() - began) / 1000;
  let listener: ((hop: Hop) => void) | undefined;
  output.on('line', (line) => listener?.(JSON.parse(line) as Hop));
  return {
    readySeconds,
    ...(JSON.parse(first[0] as string) as { endpoint: string; region: string; orderApi: string }),
    listen: (next) => (listener = next),
    async stop() {
      child.kill('SIGINT');
      await ended;
      return peak();
    },
  };
}
