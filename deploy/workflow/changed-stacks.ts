import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byNameOnly } from '../selection';

/**
 * The stacks whose synthesized folders differ, without those that are deployed by name. Synthesis is deterministic, so a difference is one of
 * the infrastructure or of a function. A stack that is no longer there counts: what it made stays.
 *
 * @param before synth output; where it is missing, every stack counts as changed
 * @param after synth output
 */
export function changedStacks(before: string, after: string): { changed: string[]; removed: string[] } {
  const old = stacksOf(before);
  const now = stacksOf(after);
  return {
    changed: [...now].filter(([id, content]) => old.get(id) !== content).map(([id]) => id),
    removed: [...old.keys()].filter((id) => !now.has(id)),
  };
}

function stacksOf(out: string): Map<string, string> {
  const folder = join(out, 'stacks');
  if (!existsSync(folder)) return new Map();
  const ids = readdirSync(folder).filter((id) => !byNameOnly.includes(id));
  return new Map(ids.sort().map((id) => [id, contentOf(join(folder, id))]));
}

function contentOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return JSON.stringify(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'base64')]));
}
