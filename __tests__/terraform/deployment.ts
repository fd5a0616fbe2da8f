import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackName } from '../synthesis';
import { offlineCopy } from './offline';
import type { Said, Terraform } from './tool';

/** One change that a plan wants: address of the resource and what is done to it, such as `['update']`. */
export interface Change {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
}

/** An account held by the mock, to which stacks are deployed with Terraform. */
export interface Account {
  readonly terraform: Terraform;
  /** Variables that lead Terraform to the mock. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder for everything; state that is local lies there. */
  readonly work: string;
}

/** Variables that lead any client of AWS to an endpoint, and nowhere else. */
export function variablesFor(endpoint: string, home: string): NodeJS.ProcessEnv {
  return {
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-central-1',
    AWS_CONFIG_FILE: join(home, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * Prepares a synthesized stack and initializes it from the local copy of the provider.
 *
 * @param from folder of a synthesis
 * @param version name of a folder: one for each synthesis of the same stack
 * @returns the folder that Terraform runs in
 */
export async function prepare(account: Account, from: string, stack: StackName, version: string): Promise<string> {
  const folder = offlineCopy(from, stack, join(account.work, version));
  // What the mock lacks it answers with 500, which the provider would repeat for an hour.
  writeFileSync(join(folder, 'offline_override.tf.json'), JSON.stringify({ provider: { aws: { max_retries: 2 } } }));
  await say(account, folder, 'init', '-input=false', `-plugin-dir=${account.terraform.plugins}`);
  return folder;
}

/** What would change. @returns nothing if `plan -detailed-exitcode` says so by its 0 */
export async function plan(account: Account, folder: string, ...args: string[]): Promise<Change[]> {
  const { code, text } = await account.terraform.run(
    folder,
    ['plan', '-input=false', '-no-color', '-detailed-exitcode', '-out=plan', ...args],
    account.env,
  );
  if (code === 0) return [];
  if (code !== 2) throw new Error(`terraform plan in ${folder}:\n${text}`);
  const { text: shown } = await account.terraform.run(folder, ['show', '-json', 'plan'], account.env);
  const { resource_changes: changes } = JSON.parse(shown) as {
    resource_changes: readonly { address: string; type: string; change: { actions: string[] } }[];
  };
  return changes
    .map(({ address, type, change: { actions } }) => ({ address, type, actions }))
    .filter(({ actions }) => !['no-op', 'read'].includes(actions.join()));
}

/** Makes what the last plan of the folder wants. */
export async function apply(account: Account, folder: string): Promise<void> {
  await say(account, folder, 'apply', '-input=false', '-parallelism=40', 'plan');
}

/** Removes all that a stack made. */
export async function destroy(account: Account, folder: string): Promise<void> {
  await say(account, folder, 'destroy', '-input=false', '-auto-approve', '-parallelism=40');
}

/** Addresses in the state of a stack. */
export async function addresses(account: Account, folder: string): Promise<string[]> {
  const text = await say(account, folder, 'state', 'list');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('data.'));
}

/** Runs Terraform. @throws Error with all it said, if it failed */
async function say({ terraform, env }: Account, folder: string, command: string, ...args: string[]): Promise<string> {
  const colors = command === 'state' ? [] : ['-no-color'];
  const { code, text }: Said = await terraform.run(
    folder,
    [command, ...args.slice(0, -1), ...colors, ...args.slice(-1)],
    env,
  );
  if (code !== 0) throw new Error(`terraform ${command} in ${folder}:\n${text}`);
  return text;
}

/** Makes the folder that an account works in. */
export function homeIn(work: string): string {
  const home = join(work, 'home');
  mkdirSync(home, { recursive: true });
  return home;
}
