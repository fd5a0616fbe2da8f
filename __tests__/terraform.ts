import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a Terraform command said. */
export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Terraform with a copy of the AWS provider, so that it needs no network. */
export interface Terraform {
  readonly plugins: string;
  run(folder: string, ...args: string[]): Said;
}

const provider = join('registry.terraform.io', 'hashicorp', 'aws');

/** Levels below a usual place that are searched. */
const depth = 3;

/** Where a plugin directory usually lies. */
function usualPlaces(): string[] {
  const { TF_PLUGIN_DIR, TF_PLUGIN_CACHE_DIR, TF_CLI_CONFIG_FILE } = process.env;
  const configuration = TF_CLI_CONFIG_FILE ?? join(homedir(), '.terraformrc');
  const configured = existsSync(configuration) ? readFileSync(configuration, 'utf8') : '';
  const named = [...configured.matchAll(/(?:path|plugin_cache_dir)\s*=\s*"([^"]+)"/g)].map(([, path]) => path!);
  const data = [join(homedir(), '.terraform.d'), join(homedir(), '.local/share/terraform')];
  const given = [TF_PLUGIN_DIR, TF_PLUGIN_CACHE_DIR, ...named].filter((path) => path !== undefined);
  return [...given, ...data, '/usr/local/share', '/usr/share', '/opt'];
}

function pluginsBelow(folder: string, levels: number): string | undefined {
  if (existsSync(join(folder, provider))) return folder;
  if (levels === 0) return undefined;
  for (const entry of foldersIn(folder)) {
    const found = pluginsBelow(join(folder, entry), levels - 1);
    if (found) return found;
  }
  return undefined;
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules').map(({ name }) => name);
  } catch {
    return [];
  }
}

/** @returns Terraform, or why it cannot be used here */
export function findTerraform(): Terraform | string {
  if (spawnSync('terraform', ['version']).error) return 'there is no terraform on the PATH';
  const plugins = usualPlaces().reduce<string | undefined>(
    (found, place) => found ?? pluginsBelow(place, depth),
    undefined,
  );
  if (!plugins) return `no folder ${provider} is in a usual place; name the folder that holds it in TF_PLUGIN_DIR`;
  return {
    plugins,
    run(folder, ...args) {
      const { TF_CLI_CONFIG_FILE: _, ...inherited } = process.env;
      const env = { ...inherited, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
      const { status, stdout, stderr } = spawnSync('terraform', args, { cwd: folder, encoding: 'utf8', env });
      return { code: status, text: stdout + stderr };
    },
  };
}
