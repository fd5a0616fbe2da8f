import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Runs cdktf in the project's folder, on this terminal.
 *
 * @returns its exit code; of one that a signal ended, 128 and the signal's number
 */
export function runCdktf(root: string, args: readonly string[]): Promise<number> {
  const PATH = [process.env.PATH, join(root, 'node_modules', '.bin')].join(delimiter);
  const child = spawn('cdktf', args, { cwd: root, env: { ...process.env, PATH }, stdio: 'inherit' });
  // A terminal interrupts cdktf as well, which then waits for Terraform to release its lock: wait for both.
  const wait = () => {};
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', wait).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(code ?? 128 + constants.signals[signal!]);
    });
  });
}
