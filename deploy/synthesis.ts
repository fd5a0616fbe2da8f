import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from './command-error';

/** Where a stack keeps its state. */
export type State =
  | { readonly backend: 'local' }
  | { readonly backend: 's3'; readonly bucket: string; readonly region: string }
  | { readonly backend: 'cloud'; readonly hostname: string };

/** A stack as it was synthesized. */
export interface Stack {
  /** Id of the stack, as `deploy` takes it. */
  readonly id: string;
  /** Ids of the stacks whose outputs it reads. */
  readonly dependencies: readonly string[];
  readonly state: State;
}

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly dependencies: readonly string[]; readonly synthesizedStackPath: string }>
  >;
}

/** What `terraform` of a synthesized stack says of its state. */
interface TerraformBlock {
  readonly cloud?: { readonly hostname?: string };
  readonly backend?: { readonly s3?: { readonly bucket: string; readonly region: string } };
}

/**
 * Synthesizes the stacks, in a process of its own, and says what they are.
 *
 * @param root the project's folder
 * @param out the folder to write to
 * @returns the stacks, each after those that it depends on
 * @throws CommandError if the synthesis fails; it has said why
 */
export function synthesize(root: string, out: string): Stack[] {
  rmSync(join(out, 'manifest.json'), { force: true });
  const env = { ...process.env, CDKTF_OUTDIR: out };
  const loader = require.resolve('tsx/cjs');
  const { status } = spawnSync(process.execPath, ['--require', loader, 'main.ts'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (status !== 0) throw new CommandError('The synthesis failed; see above. Nothing was started');
  return stacksIn(out);
}

/** The stacks of a synth output, each after those that it depends on. */
export function stacksIn(out: string): Stack[] {
  const manifest = join(out, 'manifest.json');
  if (!existsSync(manifest)) throw new CommandError(`${manifest} is missing: run npm run synth`);
  const { stacks } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  const found = Object.entries(stacks).map(([id, { dependencies, synthesizedStackPath }]) => {
    const { terraform } = JSON.parse(readFileSync(join(out, synthesizedStackPath), 'utf8')) as {
      terraform: TerraformBlock;
    };
    return { id, dependencies, state: stateOf(terraform) };
  });
  return inOrder(found);
}

function stateOf({ cloud, backend }: TerraformBlock): State {
  if (cloud) return { backend: 'cloud', hostname: cloud.hostname ?? 'app.terraform.io' };
  return backend?.s3 ? { backend: 's3', bucket: backend.s3.bucket, region: backend.s3.region } : { backend: 'local' };
}

/** Each stack after its dependencies, else by id. cdktf refuses cycles at synthesis. */
function inOrder(stacks: readonly Stack[]): Stack[] {
  const ordered = new Map<string, Stack>();
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const visit = (stack: Stack) => {
    for (const id of [...stack.dependencies].sort()) visit(byId.get(id)!);
    ordered.set(stack.id, stack);
  };
  for (const id of [...byId.keys()].sort()) visit(byId.get(id)!);
  return [...ordered.values()];
}
