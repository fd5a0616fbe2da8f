import { resolve } from 'node:path';
import type { Configuration } from './configuration';
import { type Backend, type Node, type Stack, single } from './stack';
import { isObject } from './values';

/** Where `terraform login` and the cloud block go by default. */
const terraformCloud = 'app.terraform.io';

/**
 * Finds the stack whose state a `terraform_remote_state` data source reads: the one with the equal backend.
 *
 * @returns the stack, or what is wrong
 */
export function remoteStack(configuration: Configuration, node: Node, directory: string): Stack | string {
  const { backend, config, workspace, ...others } = node.config;
  const other = Object.keys(others)[0];
  if (other) return `${other}: the local runtime does not support it`;
  if (workspace !== undefined && workspace !== '${terraform.workspace}' && workspace !== 'default') {
    return `workspace: the local runtime has the workspace "default" only, got ${JSON.stringify(workspace)}`;
  }
  if (typeof backend !== 'string' || !isObject(config)) return 'needs a backend and its config';
  const wanted = location({ type: backend, config }, directory);
  if (wanted === undefined)
    return `cannot tell where the backend ${backend} keeps state: give literal ${required(backend)}`;
  const located = configuration.stacks.map((stack) => ({
    stack,
    at: stack.backend && location(stack.backend, stack.directory),
  }));
  const found = located.filter(({ at }) => at === wanted);
  if (found.length === 1) return found[0]!.stack;
  const states = located.map(({ stack, at }) => `${stack.name} in ${at ?? 'no known place'}`).join('; ');
  return `${found.length === 0 ? 'no stack keeps' : 'several stacks keep'} its state in ${wanted}; the stacks are ${states}`;
}

/** One line that two configurations of backends share if they mean the same state. */
function location({ type, config }: Backend, directory: string): string | undefined {
  const workspaces = single(config.workspaces);
  const at: Readonly<Record<string, () => readonly unknown[]>> = {
    s3: () => ['s3 bucket', config.bucket, 'key', config.key],
    local: () => ['the file', typeof config.path === 'string' ? resolve(directory, config.path) : undefined],
    remote: () => [
      config.hostname ?? terraformCloud,
      config.organization,
      isObject(workspaces) ? workspaces.name : undefined,
    ],
  };
  const parts = at[type === 'cloud' ? 'remote' : type]?.() ?? [undefined];
  return parts.every((part) => typeof part === 'string' && !part.includes('${')) ? parts.join(' ') : undefined;
}

function required(backend: string): string {
  if (backend === 's3') return 'bucket and key';
  if (backend === 'local') return 'path';
  return 'organization and workspaces.name (of a backend s3, local, remote or cloud)';
}
