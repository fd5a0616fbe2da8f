import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outbox } from '../main';
import { loadSettings } from '../stacks/settings';

type Arguments = Record<string, any>;

/** A synthesized stack, to look things up in. */
export interface Synthesized {
  readonly json: Arguments;
  /** How many resources there are of each type. */
  readonly counts: Readonly<Record<string, number>>;
  /** All resources of a type, by Terraform name. */
  all(type: string): Readonly<Record<string, Arguments>>;
  /** The one resource of the type whose Terraform name starts so. */
  one(type: string, name?: string): Arguments;
}

export type StackName =
  | 'state-backend'
  | 'outbox-core'
  | 'order-consumers'
  | 'user-events'
  | 'notifications'
  | 'claim-check';

const synthesized = new Map<string, string>();

afterAll(() => {
  for (const folder of synthesized.values()) rmSync(folder, { recursive: true, force: true });
});

/** Folder with what `npm run synth` writes for the given `OUTBOX_*` variables; made once per variables. */
export function synthesisFolder(env: Record<string, string> = {}): string {
  const key = JSON.stringify(env);
  const folder = synthesized.get(key) ?? mkdtempSync(join(tmpdir(), 'outbox-synth-'));
  if (!synthesized.has(key)) outbox(loadSettings(env), folder).synth();
  synthesized.set(key, folder);
  return folder;
}

/** All stacks as they are synthesized with the given `OUTBOX_*` variables. */
export function synthesize(env: Record<string, string> = {}): Record<StackName, Synthesized> {
  const folder = synthesisFolder(env);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return Object.fromEntries(
    Object.entries(manifest.stacks).map(([name, { synthesizedStackPath }]) => [
      name,
      look(JSON.parse(readFileSync(join(folder, synthesizedStackPath), 'utf8'))),
    ]),
  ) as Record<StackName, Synthesized>;
}

/** What a stack was synthesized to. */
export function look(json: Arguments): Synthesized {
  const resources = json.resource as Record<string, Record<string, Arguments>>;
  const all = (type: string) => resources[type] ?? {};
  return {
    json,
    counts: Object.fromEntries(Object.entries(resources).map(([type, named]) => [type, Object.keys(named).length])),
    all,
    one(type, name = '') {
      const found = Object.entries(all(type)).filter(([key]) => key.startsWith(name));
      if (found.length !== 1) throw new Error(`${found.length} resources match ${type}.${name}`);
      return found[0]![1];
    },
  };
}

/** Every policy document of a stack: where it stands and its statements. */
export function policies(stack: Synthesized): { address: string; attribute: string; statements: Arguments[] }[] {
  const attributes = ['policy', 'assume_role_policy', 'policy_document'];
  return Object.entries(stack.json.resource as Record<string, Record<string, Arguments>>).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, args]) =>
      attributes
        .filter((attribute) => typeof args[attribute] === 'string')
        .map((attribute) => ({
          address: `${type}.${name}`,
          attribute,
          statements: (JSON.parse(args[attribute]) as { Statement: Arguments[] }).Statement,
        })),
    ),
  );
}
