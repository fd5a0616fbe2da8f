import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** A new directory under the system's own; `removeDirectories` removes it. */
export function temporaryDirectory(): string {
  made.push(mkdtempSync(join(tmpdir(), 'terraform-')));
  return made.at(-1)!;
}

export function removeDirectories(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
}

/** Writes files under a new directory. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return directory;
}

/** Writes the `cdk.tf.json` of each stack and their manifest, as `cdktf synth` does; all stacks in one region. */
export function synthesized(
  stacks: Readonly<Record<string, object>>,
  files: Readonly<Record<string, string>> = {},
): string {
  const names = Object.keys(stacks);
  const manifest = {
    version: '0.21.0',
    stacks: Object.fromEntries(
      names.map((name) => [name, { name, synthesizedStackPath: `stacks/${name}/cdk.tf.json` }]),
    ),
  };
  const provider = { aws: [{ region: 'eu-central-1' }] };
  const documents = Object.entries(stacks).map(([name, document]) => [
    `stacks/${name}/cdk.tf.json`,
    JSON.stringify({ provider, ...document }),
  ]);
  return writeFiles({ 'manifest.json': JSON.stringify(manifest), ...Object.fromEntries(documents), ...files });
}
