import { join, resolve } from 'node:path';
import { loadSettings, type Settings, SettingsError } from '../stacks/settings';
import { checkCloudToken, checkCredentials } from './checks/credentials';
import { checkStateBucket } from './checks/state-bucket';
import { checkTerraform } from './checks/terraform';
import { type Command, readCommand, usage } from './command';
import { CommandError } from './command-error';
import { runCdktf } from './run-cdktf';
import { select, type Selection } from './selection';
import { type Stack, synthesize } from './synthesis';

const root = join(__dirname, '..');

/** Where the stacks are synthesized to, as for cdktf. */
const out = resolve(root, process.env.CDKTF_OUTDIR ?? 'cdktf.out');

function checkConfirmation({ verb, confirmed }: Command, { environment }: Settings): void {
  if (confirmed === '')
    throw new CommandError(`--confirm wants the environment that is meant: --confirm ${environment}`);
  if (confirmed !== undefined && confirmed !== environment)
    throw new CommandError(`--confirm ${confirmed} does not fit: OUTBOX_ENVIRONMENT is ${environment}`);
  if (verb !== 'diff' && environment === 'prod' && confirmed === undefined)
    throw new CommandError(`This would ${verb} prod: add --confirm prod if you mean it`);
}

/** The flags for cdktf, with the approval that nobody is there to give. */
function approved({ verb, flags }: Command): readonly string[] {
  if (verb === 'diff' || flags.includes('--auto-approve')) return flags;
  if (verb === 'deploy' && process.env.CI) return [...flags, '--auto-approve'];
  if (process.env.CI || !process.stdin.isTTY)
    throw new CommandError(`Nobody can approve here: add --auto-approve to ${verb} without being asked`);
  return flags;
}

async function checkState(stacks: readonly Stack[], environment: string): Promise<void> {
  const buckets = new Map<string, string>();
  for (const { state } of stacks) {
    if (state.backend === 'cloud') checkCloudToken(process.env, state.hostname);
    else checkCredentials(process.env);
    if (state.backend === 's3') buckets.set(state.bucket, state.region);
  }
  for (const [bucket, region] of buckets) {
    const unknown = await checkStateBucket(process.env, { bucket, region, environment });
    if (unknown) console.error(unknown);
  }
}

/** Runs cdktf: for all stacks at once, or, since it shows the difference of one stack only, one after the other. */
async function run({ verb }: Command, { stacks, taken }: Selection, flags: readonly string[]): Promise<number> {
  const ids = stacks.map(({ id }) => id);
  const synthesized = ['--skip-synth', '--output', out];
  if (verb === 'diff') {
    for (const id of ids) {
      const code = await runCdktf(root, ['diff', id, ...synthesized, ...flags]);
      if (code !== 0) return code;
    }
    return 0;
  }
  const ignore = '--ignore-missing-stack-dependencies';
  if (taken.length) console.error(`Taken as deployed before: ${taken.join(', ')}`);
  const alone = taken.length && !flags.includes(ignore) ? [ignore] : [];
  return runCdktf(root, [verb, ...ids, ...synthesized, ...alone, ...flags]);
}

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command.help) {
    console.log(usage);
    return 0;
  }
  const settings = loadSettings(process.env);
  checkConfirmation(command, settings);
  const selection = select(synthesize(root, out), command);
  const flags = approved(command);
  checkTerraform(process.env);
  if (settings.stateBackend !== 'cloud') checkCredentials(process.env);
  await checkState(selection.stacks, settings.environment);
  return run(command, selection, flags);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (!(error instanceof CommandError || error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exit(1);
  },
);
