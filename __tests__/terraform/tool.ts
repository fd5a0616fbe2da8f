import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a command said. */
export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Terraform with a copy of the AWS provider, so that it needs no network. */
export interface Terraform {
  /** Version of Terraform and of the provider that it finds. */
  readonly version: string;
  /** Folder that holds `registry.terraform.io/hashicorp/aws`. */
  readonly plugins: string;
  /** Runs a command in a folder, with `env` beside what this process has. */
  run(folder: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Said>;
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

/** The variables of this process, without those that lead Terraform elsewhere, and what keeps it quiet. */
export function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: _, AWS_PROFILE: __, ...inherited } = process.env;
  return { ...inherited, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', ...more };
}

/** Runs a program to its end. @throws Error if it cannot be started */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    }
    child.on('error', reject).on('close', (code) => resolve({ code, text }));
  });
}

/** @returns Terraform, or why it cannot be used here */
export function findTerraform(): Terraform | string {
  const asked = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8', env: environment() });
  if (asked.error) return 'there is no terraform on the PATH';
  const plugins = usualPlaces().reduce<string | undefined>(
    (found, place) => found ?? pluginsBelow(place, depth),
    undefined,
  );
  if (!plugins) return `no folder ${provider} is in a usual place; name the folder that holds it in TF_PLUGIN_DIR`;
  const { terraform_version: own } = JSON.parse(asked.stdout) as { terraform_version: string };
  return {
    plugins,
    version: `Terraform ${own}, provider ${foldersIn(join(plugins, provider)).join(' and ')}`,
    async run(folder, args, env) {
      return run('terraform', args, folder, environment(env));
    },
  };
}
