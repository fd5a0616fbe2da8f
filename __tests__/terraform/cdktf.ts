import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './deployment';
import { environment, run } from './tool';

const root = join(__dirname, '../..');

/**
 * Runs cdktf-cli as a user does, on the stacks as they are, with the local copy of the provider. State that is local lies in
 * the account's folder.
 *
 * @param settings `OUTBOX_*` variables
 * @throws Error with all it said, if it failed
 */
export async function cdktf(account: Account, settings: Record<string, string>, ...args: string[]): Promise<void> {
  const { work, terraform } = account;
  const configuration = join(work, 'terraform.rc');
  const mirror = `filesystem_mirror { path = ${JSON.stringify(terraform.plugins)} }`;
  writeFileSync(configuration, `provider_installation {\n  ${mirror}\n}\n`);
  const output = join(work, 'cdktf.out');
  mkdirSync(output, { recursive: true });
  // cdktf would lock the provider for other platforms too, which takes the registry.
  const offline = ['--skip-provider-lock', '--terraform-parallelism', '40', '--output', output];
  const env = { ...environment(account.env), ...settings, TF_CLI_CONFIG_FILE: configuration, CI: '1' };
  const program = require.resolve('cdktf-cli/bundle/bin/cdktf');
  const { code, text } = await run(process.execPath, [program, ...args, ...offline], root, env);
  if (code !== 0) throw new Error(`cdktf ${args.join(' ')}:\n${text}`);
}
