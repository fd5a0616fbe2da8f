import type { Command } from './command';
import { CommandError } from './command-error';
import type { Stack } from './synthesis';

/** Stacks that an administrator deploys once, by name: what all others need before they can be deployed. */
export const byNameOnly: readonly string[] = ['state-backend', 'github-access'];

/** Which stacks a command is about. */
export interface Selection {
  /** Each after those that it depends on. */
  readonly stacks: readonly Stack[];
  /** What the stacks read outputs of, and that is taken as it was deployed before. */
  readonly taken: readonly string[];
}

/**
 * The stacks that a command names, or all but {@link byNameOnly}.
 *
 * @param all in the order of their dependencies
 * @throws CommandError for an unknown stack, and if others still use what would be destroyed
 */
export function select(all: readonly Stack[], { verb, stacks: named, flags }: Command): Selection {
  const ids = all.map(({ id }) => id);
  const unknown = named.filter((name) => !ids.includes(name));
  if (unknown.length) {
    const hint = unknown.includes('github-access')
      ? ' (github-access exists once OUTBOX_GITHUB_REPOSITORY is set)'
      : '';
    throw new CommandError(`There is no stack ${unknown.join(', ')}${hint}: there are ${ids.join(', ')}`);
  }
  const stacks = all.filter(({ id }) => (named.length ? named.includes(id) : !byNameOnly.includes(id)));
  const chosen = new Set(stacks.map(({ id }) => id));
  const users = all.filter(
    ({ id, dependencies }) => !chosen.has(id) && dependencies.some((other) => chosen.has(other)),
  );
  if (verb === 'destroy' && users.length && !flags.includes('--ignore-missing-stack-dependencies')) {
    const names = users.map(({ id }) => id).join(', ');
    throw new CommandError(
      `${names} read outputs of what would be destroyed: name them too, or add --ignore-missing-stack-dependencies if they are gone`,
    );
  }
  const needed = new Set(stacks.flatMap(({ dependencies }) => dependencies));
  return { stacks, taken: [...needed].filter((id) => !chosen.has(id)) };
}
