import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The application could not be synthesized; the message is what it said. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/** A folder with a synthesized application, and how to be rid of it. */
export interface Synthesis {
  /** Where the Terraform JSON lies. */
  readonly folder: string;
  /** Deletes the folder. */
  remove(): void;
}

/**
 * Synthesizes this project's application (`main.ts`) into a folder of its own.
 *
 * @throws SynthesisError
 */
export async function synthesizeApplication(): Promise<Synthesis> {
  if (process.env.OUTBOX_PERMISSIONS_BOUNDARY === 'true' && !process.env.OUTBOX_GITHUB_REPOSITORY)
    throw new SynthesisError(
      'OUTBOX_PERMISSIONS_BOUNDARY=true wants the boundary that the stack github-access makes: set OUTBOX_GITHUB_REPOSITORY too, to any owner/name',
    );
  const folder = mkdtempSync(join(tmpdir(), 'outbox-local-'));
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'main.ts'], {
    cwd: join(__dirname, '..'),
    env: { ...process.env, CDKTF_OUTDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const abandon = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const remove = () => {
    process.off('exit', abandon);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code === 0) return { folder, remove };
  remove();
  throw new SynthesisError(said.trim() || `synthesis ended with code ${code}`);
}
