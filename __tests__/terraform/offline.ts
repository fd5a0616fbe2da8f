import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zip } from './zip';

const reference = /\$\{data\.archive_file\.([\w-]+)\.(output_path|output_base64sha256)\}/g;

/**
 * Copies a synthesized stack so that it needs no provider but AWS: archives are made here instead of by the archive
 * provider, which may not be at hand. All else stays as it was synthesized.
 *
 * @param from folder of a synthesis
 * @param to folder that gets `stacks/<stack>`
 * @param change what else is to be different
 * @returns folder of the copied stack
 */
export function offlineCopy(from: string, stack: string, to: string, change: (json: any) => void = () => {}): string {
  const folder = join(to, 'stacks', stack);
  mkdirSync(folder, { recursive: true });
  cpSync(join(from, 'stacks', stack), folder, { recursive: true });
  const archives = existsSync(join(folder, 'functions')) ? makeArchives(folder) : {};
  const text = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
  const archiveFiles = (JSON.parse(text).data.archive_file ?? {}) as Record<string, { source_dir: string }>;
  const json = JSON.parse(
    text.replaceAll(reference, (_, name: string, attribute: string) => {
      const { path, hash } = archives[archiveFiles[name]!.source_dir]!;
      return attribute === 'output_path' ? path : hash;
    }),
  );
  delete json.data.archive_file;
  delete json.provider.archive;
  delete json.terraform.required_providers.archive;
  change(json);
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json, undefined, 2));
  return folder;
}

/** Archives every function of a stack: path and hash, by `source_dir`. */
function makeArchives(folder: string): Record<string, { path: string; hash: string }> {
  return Object.fromEntries(
    readdirSync(join(folder, 'functions'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => {
        const source = join(folder, 'functions', name);
        const files = readdirSync(source).sort();
        const bytes = zip(files.map((path) => ({ path, content: readFileSync(join(source, path)) })));
        writeFileSync(`${source}.zip`, bytes);
        const path = `\${path.module}/functions/${name}`;
        return [path, { path: `${path}.zip`, hash: createHash('sha256').update(bytes).digest('base64') }];
      }),
  );
}
