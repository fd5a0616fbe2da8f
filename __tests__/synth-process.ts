import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(__dirname, '..');
const tsx = require.resolve('tsx/cjs');

/** A synthesis in a process of its own, as `npm run synth` starts it. */
export interface SynthProcess {
  readonly code: number | null;
  readonly stderr: string;
  /** Folder written to. */
  readonly folder: string;
}

/** @param env `OUTBOX_*` and other variables, beside those of this process */
export function synthProcess(env: NodeJS.ProcessEnv = {}, cwd = root): SynthProcess {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-synth-'));
  const { status, stderr } = spawnSync(process.execPath, ['--require', tsx, join(root, 'main.ts')], {
    cwd,
    env: { ...process.env, ...env, CDKTF_OUTDIR: folder },
    encoding: 'utf8',
  });
  return { code: status, stderr, folder };
}

/** Every file below a folder with its content, by path. */
export function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}
